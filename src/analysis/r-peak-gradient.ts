/**
 * The part of ∂p/∂V that runs through the time of the R peak. `explainBeat` holds the R peak fixed; here it moves with
 * the voltage: the window of the beat and its RR intervals move along.
 */
import { featureConstants } from '../beat/features/feature-constants.ts';
import { intervalsBefore, rrFeatures } from '../beat/features/rr-features.ts';
import { differentiator } from '../diff/scheme.ts';
import { InputError } from '../input-error.ts';
import type { BeatExplanation, ClassifiedBeats } from './classify.ts';
import type { LeadBeats } from './lead-beats.ts';

/** The derivative of a class probability through the time of the R peak. */
export interface RPeakGradient {
  /** Time of the turning point of the voltage that is taken as the R peak, s from the start of the lead. */
  readonly time: number;
  /** ∂p/∂t: how p changes as the R peak comes later, 1/s. */
  readonly perSecond: number;
  /** The share of `perSecond` that is due to the RR intervals; the rest is due to the window. 1/s */
  readonly perSecondOfRr: number;
  /** ∂p/∂t · ∂t/∂V for each sample of the window, 1/mV: to be added to `voltageGradient`. */
  readonly voltageGradient: Float64Array;
}

/** Half of the interval around the mark in which the turning point is looked for, s. */
const searchSeconds = 0.04;
/** Step of the central difference of the RR features, samples; its error is of the order of 1e-8. */
const rrStep = 1e-3;

/**
 * The derivative of the explained probability through the time of the R peak, by the implicit function theorem: at the
 * R peak dV/dt is 0, so ∂t/∂V = −(∂(dV/dt)/∂V)/(d²V/dt²). dV/dt is that of the features' scheme, and the peak is its
 * zero crossing nearest to the mark of the beat, linear between samples. A later peak moves the window, by
 * Σ ∂p/∂V·dV/dt, and lengthens the RR interval before at the cost of that after it. Throws `InputError` where the
 * voltage has no turning point within 40 ms of the mark.
 *
 * @example
 * const classified = classifyBeats(model, beats);
 * const explanation = explainBeat(model, beats, classified, 104);
 * const { voltageGradient } = rPeakGradient(beats, classified, explanation, 104);
 * explanation.voltageGradient.map((g, k) => g + voltageGradient[k]!).length // => 311
 */
export function rPeakGradient(
  {
    record,
    voltage,
    samplingFrequency,
    rPeaks,
  }: Pick<LeadBeats, 'record' | 'voltage' | 'samplingFrequency' | 'rPeaks'>,
  { features }: Pick<ClassifiedBeats, 'features'>,
  explanation: Pick<BeatExplanation, 'features' | 'voltageGradient' | 'windowStart'>,
  beat: number,
): RPeakGradient {
  const { windowStart, voltageGradient: ofWindow } = explanation;
  const reach = Math.round(searchSeconds * samplingFrequency);
  const first = Math.max(0, windowStart - reach);
  const segment = voltage.subarray(first, windowStart + ofWindow.length + reach);
  const derivative = differentiator(featureConstants.scheme, segment.length, samplingFrequency);
  const slope = derivative.apply(segment);
  const peak = turningPoint(slope, features.aligned[beat]! - first, reach);
  if (peak === undefined) {
    throw new InputError(`${record}: the voltage has no extremum within 40 ms of the R peak of beat ${beat}`);
  }
  const before = Math.floor(peak);
  const ofSlope = new Float64Array(segment.length);
  ofSlope[before] = before + 1 - peak;
  ofSlope[before + 1] = peak - before;
  // Where dV/dt is exactly 0 at a sample, d²V/dt² may differ on its two sides: their mean is taken.
  const from = peak === before ? Math.max(before - 1, 0) : before;
  const second = ((slope[before + 1]! - slope[from]!) * samplingFrequency) / (before + 1 - from);
  const timeGradient = derivative.adjoint(ofSlope).map(g => -g / second);

  const byName = new Map(explanation.features.map(({ name, gradient }) => [name, gradient]));
  const ofRr = rrDerivatives(rPeaks, samplingFrequency, beat);
  const perSecondOfRr = rrFeatures.reduce((sum, { name }, k) => sum + (byName.get(name) ?? 0) * ofRr[k]!, 0);
  const offset = windowStart - first;
  const perSecond = ofWindow.reduce((sum, g, k) => sum + g * slope[offset + k]!, perSecondOfRr);
  return {
    time: (first + peak) / samplingFrequency,
    perSecond,
    perSecondOfRr,
    voltageGradient: ofWindow.map((_, k) => perSecond * timeGradient[offset + k]!),
  };
}

/** The zero crossing of the slope nearest to `mark` and within `reach` of it, in samples, linear between samples. */
function turningPoint(slope: Float64Array, mark: number, reach: number): number | undefined {
  let nearest: number | undefined;
  for (let k = Math.max(0, mark - reach); k < Math.min(slope.length - 1, mark + reach); k++) {
    const [here, next] = [slope[k]!, slope[k + 1]!];
    if (here === next || here * next > 0 || !Number.isFinite(here + next)) continue;
    const crossing = k + here / (here - next);
    if (nearest === undefined || Math.abs(crossing - mark) < Math.abs(nearest - mark)) nearest = crossing;
  }
  return nearest;
}

/** ∂feature/∂t of each RR feature of a beat, for the time t of its own R peak, 1/s. */
function rrDerivatives(rPeaks: ArrayLike<number>, samplingFrequency: number, beat: number): number[] {
  const moved = (samples: number): number[] => {
    const peaks = Float64Array.from(rPeaks);
    peaks[beat]! += samples;
    const rr = intervalsBefore(peaks, samplingFrequency);
    return rrFeatures.map(({ of }) => of(rr)[beat]!);
  };
  const earlier = moved(-rrStep);
  return moved(rrStep).map((value, k) => ((value - earlier[k]!) * samplingFrequency) / (2 * rrStep));
}
