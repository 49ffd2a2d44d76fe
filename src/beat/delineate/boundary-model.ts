/**
 * Models of wave onsets and offsets as cardiologists mark them: a probability for every candidate time, and its mean.
 *
 * Around each candidate the logarithm of the squared slope, relative to the steepest slope nearby, is averaged over a
 * few bins; the score is a weighted sum of these averages and of the candidate's time, and a softmax over all
 * candidates gives probabilities. The weights are thus a template of how slope grows into a wave or decays after it,
 * applied like a matched filter; they were fitted to marks by maximum likelihood (`fitChoice`). The mean of the
 * probabilities is the time with the least expected squared error, and their standard deviation measures the
 * uncertainty. Scores do not depend on gain, offset or polarity.
 */

import { levelGrid, levelIntegral, slopeUnit, type TimeRange, unlimited } from './level-integral.ts';
import type { Stretch } from './wave-width.ts';

/**
 * A fitted boundary model. Times are in ms from the anchor (for QRS, the R peak). In a model that is stretched with the
 * width of the wave they are multiplied by the stretch.
 */
export interface BoundaryModel {
  /** Window of the least-squares line that slopes are measured with, ms. */
  readonly lineMs: number;
  /** Candidates lie from `first` to `last`, `step` apart. */
  readonly first: number;
  readonly last: number;
  readonly step: number;
  /**
   * The unit of slope is this quantile of the slopes between the two times; 1 is the maximum. A lower quantile prevents
   * a pacing spike, or one steep deflection of a wide complex, from making all other slopes appear small.
   */
  readonly unitFrom: number;
  readonly unitTo: number;
  readonly unitQuantile: number;
  /** Bin edges around a candidate, multiples of `step`: bin j is from `edges[j]` to `edges[j + 1]`. */
  readonly edges: readonly number[];
  /** How the model is stretched; absent when it is not. */
  readonly stretch?: Stretch;
  /**
   * One weight per bin, then those of the candidate's time in units of 100 ms and of its square; in a stretched model
   * also those of the absolute value of its time in the signal, divided by the broadening of the wave, and of the
   * logarithm of that.
   */
  readonly weights: readonly number[];
}

type Shape = Omit<BoundaryModel, 'weights'>;

/** The candidate times, ms from the anchor. */
export const candidateTimes = (shape: Shape): Float64Array =>
  Float64Array.from({ length: candidateCount(shape) }, (_, c) => shape.first + c * shape.step);

const candidateCount = ({ first, last, step }: Shape): number => Math.floor((last - first) / step) + 1;

/** The stretch of a model, and how much broader than usual the wave is (`broadenings`). */
export interface Stretching {
  readonly stretch: number;
  readonly broadening: number;
}
const unstretched: Stretching = { stretch: 1, broadening: 1 };

/**
 * Computes the scores of a boundary model; see `boundaryFinder`. Each call overwrites the array that the last one
 * returned.
 */
export type BoundaryFinder = (
  slope: Float64Array,
  anchor: number,
  earliest?: number,
  latest?: number,
) => Float64Array | undefined;

/**
 * Creates a function that computes the scores of all candidates: their log-probabilities up to a constant. Its argument
 * `slope` (mV/s) is the line slope at consecutive samples and `anchor` an index into it; the unit of slope is
 * determined between `earliest` and `latest`, ms from the anchor. It returns undefined when the bins extend beyond
 * `slope`, or the slope is invalid or zero throughout. `samplingFrequency` is in Hz. All times are those of the model,
 * stretched.
 */
export function boundaryFinder(
  model: BoundaryModel,
  samplingFrequency: number,
  stretching: Stretching = unstretched,
): BoundaryFinder {
  // A stretched template is the template at a higher sampling frequency.
  const integralAt = levelIntegrals(model, stretching.stretch * samplingFrequency);
  const scorer = boundaryScorer(model, stretching.stretch * samplingFrequency, stretching);
  return (slope, anchor, earliest = Number.NEGATIVE_INFINITY, latest = Number.POSITIVE_INFINITY) => {
    const integral = integralAt(slope, anchor, { earliest, latest });
    return integral && boundaryScores(scorer, integral, 0);
  };
}

/** What `boundaryScores` needs of a model at one sampling frequency. Created once for many beats. */
export interface BoundaryScorer {
  /** The score of each candidate from its time alone. */
  readonly prior: Float64Array;
  /** By bin edge: its coefficient, and its place on the grid of the integral, relative to that of the first edge. */
  readonly coefficients: Float64Array;
  readonly places: Int32Array;
  readonly scores: Float64Array;
}

/** Prepares `boundaryScores` for a model; `samplingFrequency` is in Hz. */
export function boundaryScorer(
  model: BoundaryModel,
  samplingFrequency: number,
  { stretch, broadening }: Stretching = unstretched,
): BoundaryScorer {
  const { first, step, edges, weights } = model;
  const bins = edges.length - 1;
  // A weighted sum of bin means is a weighted sum of the integral at the bin edges.
  const coefficients = new Float64Array(bins + 1);
  const places = new Int32Array(bins + 1);
  for (let j = 0; j <= bins; j++) places[j] = (edges[j]! - edges[0]!) / step;
  for (let j = 0; j < bins; j++) {
    const weight = weights[j]! / (((edges[j + 1]! - edges[j]!) * samplingFrequency) / 1000);
    coefficients[j]! -= weight;
    coefficients[j + 1]! += weight;
  }
  const scores = new Float64Array(candidateCount(model));
  const prior = scores.map((_, c) => {
    const time = (first + c * step) / 100;
    const ofTime = time * (weights[bins]! + time * weights[bins + 1]!);
    if (model.stretch === undefined) return ofTime;
    const inSignal = Math.abs(stretch * time) / broadening;
    return ofTime + inSignal * weights[bins + 2]! + Math.log(inSignal) * weights[bins + 3]!;
  });
  return { prior, coefficients, places, scores };
}

/**
 * The scores of all candidates from the integral of levels, in which `at` is the index of the bin edge before the first
 * candidate. Each call overwrites the array of the last one.
 */
export function boundaryScores(
  { prior, coefficients, places, scores }: BoundaryScorer,
  integral: Float64Array,
  at: number,
): Float64Array {
  // Four edges at a time, because most of the time is that of reading and writing the sums; the order of the additions
  // is that of the edges.
  let sums = prior;
  let j = 0;
  for (; j + 3 < places.length; j += 4) {
    const factor0 = coefficients[j]!;
    const factor1 = coefficients[j + 1]!;
    const factor2 = coefficients[j + 2]!;
    const factor3 = coefficients[j + 3]!;
    const from0 = at + places[j]!;
    const from1 = at + places[j + 1]!;
    const from2 = at + places[j + 2]!;
    const from3 = at + places[j + 3]!;
    for (let c = 0; c < scores.length; c++) {
      scores[c] =
        sums[c]! +
        factor0 * integral[from0 + c]! +
        factor1 * integral[from1 + c]! +
        factor2 * integral[from2 + c]! +
        factor3 * integral[from3 + c]!;
    }
    sums = scores;
  }
  for (; j < places.length; j++) {
    const factor = coefficients[j]!;
    const from = at + places[j]!;
    for (let c = 0; c < scores.length; c++) scores[c] = sums[c]! + factor * integral[from + c]!;
    sums = scores;
  }
  return scores;
}

/**
 * The features of the model, for fitting its weights: for each candidate the mean level of each bin, its time in units
 * of 100 ms and its square, and in a model that is stretched its absolute time in the signal, divided by the broadening,
 * and the logarithm of that. Arguments, and undefined, as for `boundaryFinder`.
 */
export function boundaryFeatures(
  shape: Shape,
  slope: Float64Array,
  anchor: number,
  samplingFrequency: number,
  { range = unlimited, stretch, broadening }: Stretching & { readonly range?: TimeRange } = unstretched,
): Float64Array | undefined {
  const integral = levelIntegrals(shape, stretch * samplingFrequency)(slope, anchor, range);
  if (integral === undefined) return undefined;
  const { first, step, edges } = shape;
  const perBin = (stretch * samplingFrequency) / 1000;
  const bins = edges.length - 1;
  const width = bins + (shape.stretch === undefined ? 2 : 4);
  const values = new Float64Array(candidateCount(shape) * width);
  for (let c = 0; c * width < values.length; c++) {
    for (let j = 0; j < bins; j++) {
      const low = integral[c + (edges[j]! - edges[0]!) / step]!;
      const high = integral[c + (edges[j + 1]! - edges[0]!) / step]!;
      values[c * width + j] = (high - low) / ((edges[j + 1]! - edges[j]!) * perBin);
    }
    const time = (first + c * step) / 100;
    values[c * width + bins] = time;
    values[c * width + bins + 1] = time * time;
    if (shape.stretch === undefined) continue;
    const inSignal = Math.abs(stretch * time) / broadening;
    values[c * width + bins + 2] = inSignal;
    values[c * width + bins + 3] = Math.log(inSignal);
  }
  return values;
}

/** The integral of levels at the grid of a model's candidates and bin edges. */
function levelIntegrals(
  shape: Shape,
  samplingFrequency: number,
): (slope: Float64Array, anchor: number, range: TimeRange) => Float64Array | undefined {
  const perMs = samplingFrequency / 1000;
  const points = gridPoints(shape);
  const begin = shape.first + shape.edges[0]!;
  const wholeGrid = levelGrid(begin, shape.step, points, samplingFrequency);
  const integral = new Float64Array(points);
  return (slope, anchor, range) => {
    const unit = slopeUnit(shape, slope, anchor, perMs, range);
    // The grid is aligned with whole samples; the fractional part of the anchor shifts it.
    const whole = Math.floor(anchor);
    const grid =
      anchor === whole
        ? wholeGrid
        : levelGrid(begin + (anchor - whole) / perMs, shape.step, points, samplingFrequency);
    return levelIntegral(grid, slope, whole, unit, integral) ? integral : undefined;
  };
}

/** The range of samples around an anchor that a stretched model needs, with a margin for rounding. */
export function neededSamples(
  { first, last, edges, unitFrom, unitTo }: Shape,
  anchor: number,
  perUnit: number,
): { readonly start: number; readonly end: number } {
  const from = Math.min(unitFrom, first + edges[0]!);
  const to = Math.max(unitTo, last + edges.at(-1)!);
  return { start: Math.floor(anchor + from * perUnit) - 2, end: Math.ceil(anchor + to * perUnit) + 3 };
}

/** Number of grid points from the first bin edge of the first candidate to the last bin edge of the last one. */
export const gridPoints = (shape: Shape): number =>
  candidateCount(shape) + (shape.edges.at(-1)! - shape.edges[0]!) / shape.step;

/** Probabilities below e⁻³⁰ (10⁻¹³) of the highest are ignored: they would change a time by less than 10⁻⁸ ms. */
const leastProbable = 30;

/** e⁻ˣ for x from 0 to `leastProbable`, this many per unit of x. */
const entriesPerUnit = 64;
const exponentials = Float64Array.from({ length: leastProbable * entriesPerUnit + 1 }, (_, k) =>
  Math.exp(-k / entriesPerUnit),
);

/** The expected time of a boundary, ms from the anchor, and its standard deviation, ms. */
export interface BoundaryEstimate {
  readonly time: number;
  readonly deviation: number;
}

/**
 * The estimate from the candidates between `earliest` and `latest` (ms from the anchor); undefined when there are none.
 */
export function estimateBoundary(
  { first, step }: Shape,
  scores: Float64Array,
  earliest: number,
  latest: number,
): BoundaryEstimate | undefined {
  const from = Math.max(0, Math.ceil((earliest - first) / step));
  const to = Math.min(scores.length - 1, Math.floor((latest - first) / step));
  if (from > to) return undefined;
  let highest = scores[from]!;
  for (let c = from + 1; c <= to; c++) if (scores[c]! > highest) highest = scores[c]!;
  let total = 0;
  let mean = 0;
  let square = 0;
  for (let c = from; c <= to; c++) {
    const below = scores[c]! - highest;
    if (below < -leastProbable) continue;
    // The exponential function, to 10⁻¹¹, from a table and four terms of its series.
    const entry = (below * -entriesPerUnit) | 0;
    const rest = below + entry / entriesPerUnit;
    const probability =
      exponentials[entry]! * (1 + rest * (1 + (rest / 2) * (1 + (rest / 3) * (1 + rest / 4))));
    const time = first + c * step;
    total += probability;
    mean += probability * time;
    square += probability * time * time;
  }
  mean /= total;
  return { time: mean, deviation: Math.sqrt(Math.max(0, square / total - mean * mean)) };
}

/**
 * The time of the most probable candidate between `earliest` and `latest`, ms from the anchor; NaN when there is none.
 */
export function mostProbableTime(
  { first, step }: Shape,
  scores: Float64Array,
  earliest: number,
  latest: number,
): number {
  const from = Math.max(0, Math.ceil((earliest - first) / step));
  const to = Math.min(scores.length - 1, Math.floor((latest - first) / step));
  let best = Number.NaN;
  for (let c = from; c <= to; c++) if (!(scores[c]! <= scores[best]!)) best = c;
  return first + best * step;
}
