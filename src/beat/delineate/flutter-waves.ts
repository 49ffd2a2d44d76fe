/**
 * Beats in atrial flutter: the deflection before the QRS complex is then a flutter wave, and no P wave. Flutter is
 * recognised where the voltage between the complexes repeats itself, almost unchanged, at 220 to 350 a minute; not in
 * 2:1 conduction of fast flutter, where too little of it is seen between the complexes.
 */
import { wholeLead } from '../lead-part.ts';
import { createLevels, flutterPeriodicity } from '../rhythm-estimate/flutter-periodicity.ts';

/** Least autocorrelation of the changes between the complexes. In sinus rhythm it is up to 0.63 in 20 s of MIT-BIH. */
const leastPeriodicity = 0.68;
/** It is known from at least this share of the time, and determined at one of so many beats. */
const leastShare = 0.15;
const every = 4;

/** For each beat whether the atria flutter, in any of the leads. `leads` are in mV. */
export function inFlutter(
  leads: readonly Float64Array[],
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
): boolean[] {
  const examined = Int32Array.from(
    { length: Math.ceil(rPeaks.length / every) },
    (_, k) => rPeaks[k * every]!,
  );
  const highest = new Float64Array(examined.length);
  for (const voltage of leads) {
    const { levels, add } = createLevels(samplingFrequency);
    add(wholeLead(voltage));
    const periodicity = flutterPeriodicity(levels, samplingFrequency, rPeaks, { at: examined, leastShare });
    for (let k = 0; k < highest.length; k++) highest[k] = Math.max(highest[k]!, periodicity[k]!);
  }
  return Array.from(rPeaks, (_, k) => highest[Math.floor(k / every)]! >= leastPeriodicity);
}
