/**
 * Use of similar beats of one record to classify each other: smoothing of a class's log-odds over them, and the
 * labels of those that someone has labelled. A patient's ectopic beats recur in few
 * shapes, and what is uncertain of one is clearer from all of them (clustering of a record's beats for the same end:
 * Llamedo & Martínez 2012, IEEE Trans Biomed Eng 59:2312).
 */
import type { Tensor } from '../diff/tensor.ts';
import { InputError } from '../input-error.ts';

/** How beats are compared. */
export interface Likeness {
  /** The features by which beats are compared, each with the scale that it is divided by. */
  readonly features: readonly { readonly name: string; readonly scale: number }[];
  /** Standard deviation of the Gaussian kernel of the root mean square difference of the scaled features. */
  readonly width: number;
}

/** The settings of the smoothing, stored with a model. */
export interface SimilarBeats extends Likeness {
  /** The class whose log-odds are smoothed. */
  readonly class: string;
  /** A beat is compared with this many beats before it and after it. */
  readonly reach: number;
  /** How far the log-odds move towards the mean over similar beats, 0 to 1. */
  readonly share: number;
}

/** Rows of features `[beats, features]` with the names of their columns. */
export interface FeatureRows {
  readonly x: Tensor;
  readonly features: readonly { readonly name: string }[];
}

/** Log-odds beyond these count as these, so that no single beat outweighs many. */
const largestLogOdds = 8;
/** Differences of more widths than this have no weight. */
const widths = 3;

/**
 * The change of each beat's log-odds: `share` of the difference between the weighted mean over similar beats, itself
 * included, and its own, both limited to ±8. `p` is the probability of the class at each beat; beats where it or a
 * feature is NaN neither change nor count. Throws `InputError` when a feature is not among the rows'.
 */
export function similarBeatShifts(
  p: ArrayLike<number>,
  { x, features }: FeatureRows,
  { features: compared, width, reach, share }: SimilarBeats,
): Float64Array {
  const points = scaledRows({ x, features }, compared);
  const size = compared.length;
  const beats = p.length;
  const limited = (odds: number): number => Math.max(-largestLogOdds, Math.min(largestLogOdds, odds));
  const own = Float64Array.from(p, value => limited(Math.log(value) - Math.log1p(-value)));
  const weights = new Float64Array(beats).fill(1);
  const sums = own.slice();
  const farthest = widths ** 2 * width ** 2 * size;
  for (let a = 0; a < beats; a++) {
    if (Number.isNaN(own[a]!)) continue;
    for (let b = a + 1; b < Math.min(beats, a + reach + 1); b++) {
      let square = 0;
      for (let k = 0; k < size; k++) square += (points[a * size + k]! - points[b * size + k]!) ** 2;
      if (!(square <= farthest) || Number.isNaN(own[b]!)) continue;
      const weight = Math.exp(-square / (2 * size * width ** 2));
      weights[a]! += weight;
      weights[b]! += weight;
      sums[a]! += weight * own[b]!;
      sums[b]! += weight * own[a]!;
    }
  }
  return own.map((odds, beat) => (Number.isNaN(odds) ? 0 : share * (sums[beat]! / weights[beat]! - odds)));
}

/**
 * Class probabilities `[beats, classes]` of the beats in `rows` with the evidence of labelled beats of the same record:
 * each counts, with its weight by likeness, as an observation of a Dirichlet prior that has the classifier's
 * probabilities and the strength of `prior` beats.
 */
export function withLabelledBeats(
  probabilities: Tensor,
  rows: FeatureRows,
  labelled: FeatureRows & { readonly labels: Int32Array },
  { features: compared, width, prior }: Likeness & { readonly prior: number },
): Tensor {
  const [beats, classes] = probabilities.shape as [number, number];
  const points = scaledRows(rows, compared);
  const known = scaledRows(labelled, compared);
  const size = compared.length;
  const data = probabilities.data.map(p => prior * p);
  for (let beat = 0; beat < beats; beat++) {
    let total = prior;
    for (const [other, label] of labelled.labels.entries()) {
      let square = 0;
      for (let k = 0; k < size; k++) square += (points[beat * size + k]! - known[other * size + k]!) ** 2;
      const weight = Math.exp(-square / (2 * size * width ** 2));
      data[beat * classes + label]! += weight;
      total += weight;
    }
    for (let k = 0; k < classes; k++) data[beat * classes + k]! /= total;
  }
  return { shape: probabilities.shape, data };
}

function scaledRows({ x, features }: FeatureRows, compared: SimilarBeats['features']): Float64Array {
  const [beats, width] = x.shape as [number, number];
  const columns = compared.map(({ name }) => {
    const column = features.findIndex(feature => feature.name === name);
    if (column < 0)
      throw new InputError(`the decision compares beats by ${name}, which the model does not take`);
    return column;
  });
  const points = new Float64Array(beats * compared.length);
  for (let beat = 0; beat < beats; beat++) {
    compared.forEach(({ scale }, k) => {
      points[beat * compared.length + k] = x.data[beat * width + columns[k]!]! / scale;
    });
  }
  return points;
}
