/**
 * Reservations about all classes of a record: where it is unlike those that the model was trained on, and where its
 * typical beat is wide. Most features are relative to the typical beat, so beats like it are called N even where that beat
 * is itself ventricular.
 */
import { qrsBounds } from '../beat/delineate/qrs-bounds.ts';
import { type BeatFeatures, beatFeatureNames } from '../beat/features/beat-features.ts';
import type { Tensor } from '../diff/tensor.ts';
import type { Classifier } from '../learn/model/classifier.ts';
import { median } from '../statistics.ts';

/** QRS duration from which a complex is wide, s, and rate of a tachycardia, 1/min (Surawicz et al. 2009, *Circulation* 119:e235). */
const wideSeconds = 0.12;
const tachycardia = 100;
/** Lowest sampling frequency for which classes were compared with those at 360 Hz, Hz. */
const lowestFrequency = 100;
/**
 * Distance of the median beat from the training beats, in standard deviations, beyond which a record is unlike them. It is
 * at most 1.5 in the records of DS1 and 2.8 in white noise.
 */
const farthest = 2;

/** The record's typical beat. */
export interface TypicalBeatSummary {
  /** QRS duration of the median voltage, s; undefined when it has no onset or no offset. */
  readonly qrs: number | undefined;
  /** Median rate of all beats, 1/min. */
  readonly rate: number;
}

/** QRS duration of the typical beat, and the rate; `rPeaks` are the beats of `features`, at least two. */
export function typicalBeatSummary(
  { window, typicalVoltage }: Pick<BeatFeatures, 'window' | 'typicalVoltage'>,
  rPeaks: ArrayLike<number>,
): TypicalBeatSummary {
  const { samplingFrequency, rIndex } = window;
  const interval = median(Array.from(rPeaks, (rPeak, k) => rPeak - (rPeaks[k - 1] ?? Number.NaN)).slice(1));
  // The beats before and after, where the window reaches them, limit the search.
  const neighbours = [rIndex - interval, rIndex, rIndex + interval].map(Math.round);
  const places = neighbours.filter(place => place >= 0 && place < typicalVoltage.length);
  const { onset, offset } = qrsBounds(typicalVoltage, samplingFrequency, places)[places.indexOf(rIndex)]!;
  return {
    qrs: onset === undefined || offset === undefined ? undefined : (offset - onset) / samplingFrequency,
    rate: (60 * samplingFrequency) / interval,
  };
}

/**
 * The median over beats of the distance from the mean of the training beats: the root mean square over the beat features of
 * the model of their differences in standard deviations. `x` are the inputs, `[beats, features]`; beats with NaN do not
 * count. Undefined for a model without beat features, or without a beat that counts.
 */
export function distanceFromTraining(
  { features, standardization: { mean, scale } }: Pick<Classifier, 'features' | 'standardization'>,
  x: Tensor,
): number | undefined {
  const columns = features.flatMap(({ name }, k) =>
    beatFeatureNames.some(of => of.name === name) ? [k] : [],
  );
  const [beats, width] = x.shape as [number, number];
  const distances: number[] = [];
  for (let beat = 0; beat < beats; beat++) {
    let sum = 0;
    for (const k of columns) sum += ((x.data[beat * width + k]! - mean[k]!) / scale[k]!) ** 2;
    if (Number.isFinite(sum)) distances.push(Math.sqrt(sum / columns.length));
  }
  return columns.length === 0 || distances.length === 0 ? undefined : median(distances);
}

/** The reservations, as text; empty for a record whose typical beat is narrow and which is like those of the training. */
export function classificationNotes(
  { qrs, rate }: TypicalBeatSummary,
  distance: number | undefined,
  samplingFrequency: number,
): string[] {
  const notes: string[] = [];
  const relative = 'classes are relative to the typical beat of the record';
  if (qrs === undefined) {
    notes.push(`${relative}, and no onset and offset of a QRS complex are found in it`);
  } else if (qrs >= wideSeconds) {
    const wide = `${relative}, whose QRS complex is wide (${Math.round(1000 * qrs)} ms)`;
    notes.push(
      rate >= tachycardia
        ? `${wide} at ${Math.round(rate)} a minute: it may itself be ventricular, and beats like it are called N even then`
        : `${wide}, as in bundle branch block, a paced or a ventricular rhythm: beats like it are called N in each of them`,
    );
  }
  if (distance !== undefined && distance > farthest) {
    notes.push(
      `the beats are unlike those that the model was trained on (${distance.toFixed(1)} standard deviations from their mean), as are noise and artefacts`,
    );
  }
  if (samplingFrequency < lowestFrequency) {
    notes.push(
      `the classes were not checked below ${lowestFrequency} Hz (the model was trained at 360 Hz, the record has ${samplingFrequency} Hz)`,
    );
  }
  return notes;
}
