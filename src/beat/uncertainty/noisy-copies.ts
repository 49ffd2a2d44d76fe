/**
 * Copies of a median beat in noise, the draws of a parametric bootstrap: the same measurement on the copies with and
 * without noise shows the errors that noise causes.
 */
import { createRandom } from '../../random.ts';
import { sincReach, sincWeights } from '../../signal/sinc.ts';
import { quantile } from '../../statistics.ts';
import type { MedianBeat } from '../median-beat.ts';
import { type NoiseModel, sampleNoise } from './noise-model.ts';

/**
 * Uncertainty in the unit of the measurement. The 95 % interval is value − bias ± 1.96 · se. For errors that are not
 * Gaussian, `se` and `bias` are chosen so that the interval is bounded by the 2.5th and 97.5th percentiles of the
 * error.
 */
export interface Uncertainty {
  /** Standard error due to noise. */
  readonly se: number;
  /**
   * Amount by which the value is too high: that by which noise increases it on average and, for a time that is stated
   * in whole samples, that by which it was rounded up.
   */
  readonly bias: number;
}

/** Copies of the median beat of one or several leads, joined end to end. */
export interface NoisyCopies {
  /** Number of samples of one copy. */
  readonly length: number;
  /** R peaks of the copies of `clean` and of `noisy`, sample indices. */
  readonly cleanRPeaks: Int32Array;
  readonly noisyRPeaks: Int32Array;
  /** Per lead: one copy per phase without noise, and the draws; both with an extra copy at either end. */
  readonly clean: readonly Float64Array[];
  readonly noisy: readonly Float64Array[];
}

/**
 * Positions of the beat between two samples, evenly spaced over one sampling interval: where a beat falls on the
 * sampling grid changes what is measured, and every position is equally likely.
 */
const phases = 16;

/**
 * Makes `draws` copies of the median beats of simultaneously recorded leads, each in noise of its lead's covariance.
 * The noise of different leads is independent. Deterministic for a given `seed`.
 */
export function noisyCopies(
  templates: readonly MedianBeat[],
  noise: readonly NoiseModel[],
  draws: number,
  seed: number,
): NoisyCopies {
  const { length } = templates[0]!.voltage;
  const { rPeak } = templates[0]!;
  const random = createRandom(seed);
  const shifted = templates.map(({ voltage }) => shiftedCopies(withEqualEnds(voltage)));
  const joined = (copies: readonly Float64Array[], count: number): Float64Array => {
    const all = new Float64Array(count * length);
    for (let k = 0; k < count; k++) all.set(copies[(k + phases - 1) % phases]!, k * length);
    return all;
  };
  const peaks = (count: number): Int32Array =>
    Int32Array.from({ length: count }, (_, k) => k * length + rPeak);
  const clean = shifted.map(copies => joined(copies, phases + 2));
  const noisy = shifted.map((copies, lead) => {
    const voltage = joined(copies, draws + 2);
    const added = sampleNoise(noise[lead]!, voltage.length, random);
    return voltage.map((v, i) => v + added[i]!);
  });
  return { length, clean, noisy, cleanRPeaks: peaks(phases + 2), noisyRPeaks: peaks(draws + 2) };
}

/**
 * The errors of a quantity, one per draw in which it could be measured: its value in a noisy copy minus that in the
 * clean copy of the same phase. The two lists hold the quantity in every copy; a place in time (`isPlace`) is in
 * samples from the start of the signal.
 */
export function errorsOf(
  { length }: NoisyCopies,
  clean: readonly (number | undefined)[],
  noisy: readonly (number | undefined)[],
  isPlace: boolean,
): (number | undefined)[] {
  return noisy.slice(1, -1).map((value, draw) => {
    const phase = draw % phases;
    const truth = clean[phase + 1];
    if (value === undefined || truth === undefined) return undefined;
    return value - truth - (isPlace ? (draw - phase) * length : 0);
  });
}

/** Fraction of the draws in which a quantity must be found: a wave that is mostly hidden by noise gets no error. */
const leastShare = 0.5;

/**
 * Standard error and bias that correspond to the 2.5th and 97.5th percentiles of the errors; undefined for fewer than
 * 20, or where fewer than half of the draws have the quantity.
 */
export function middleRange(errors: readonly (number | undefined)[]): Uncertainty | undefined {
  const known = errors.filter(error => error !== undefined);
  if (known.length < 20 || known.length < leastShare * errors.length) return undefined;
  const [low, high] = [quantile(known, 0.025), quantile(known, 0.975)];
  return { se: (high - low) / 2 / 1.96, bias: (high + low) / 2 };
}

/** The beat minus a straight line, so that copies join without a step. */
function withEqualEnds(voltage: Float64Array): Float64Array {
  const last = voltage.length - 1;
  const step = voltage[last]! - voltage[0]!;
  return voltage.map((v, k) => v - (step * k) / last);
}

/** The beat at each phase, from half a sample later to half a sample earlier, by band-limited interpolation. */
function shiftedCopies(voltage: Float64Array): Float64Array[] {
  const { length } = voltage;
  return Array.from({ length: phases }, (_, phase) => {
    const shift = (phase + 0.5) / phases - 0.5;
    const whole = Math.floor(shift);
    const weights = sincWeights(shift - whole);
    return voltage.map((_, i) => {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) {
        const at = i + whole - sincReach + 1 + k;
        sum += weights[k]! * voltage[(at + length) % length]!;
      }
      return sum;
    });
  });
}
