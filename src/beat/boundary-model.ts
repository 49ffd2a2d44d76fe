/**
 * Where a wave begins or ends, as a cardiologist would mark it: a probability for every candidate time, and its mean.
 *
 * Around each candidate the logarithm of the squared slope, relative to the steepest one nearby, is averaged over a few
 * bins; a weighted sum of these and of the candidate's place is its score, and a softmax over all candidates turns
 * scores into probabilities. The weights are thus a template of how slope grows into a wave or dies away from it, laid
 * over the signal by a matched filter; they were fitted to marks by gradient of the likelihood (`fitBoundary`). The
 * mean of the probabilities is the time with the least expected squared error, and their deviation says how sure it
 * is. Scores change with no gain, offset or polarity.
 */

/** A fitted boundary. Times in ms, counted from the anchor (the R peak, for QRS). */
export interface BoundaryModel {
  /** Slopes are those of a least-squares line over this window. */
  readonly lineMs: number;
  /** Candidates lie from `first` to `last`, `step` apart. */
  readonly first: number;
  readonly last: number;
  readonly step: number;
  /** The steepest slope in this stretch is the unit. */
  readonly unitFrom: number;
  readonly unitTo: number;
  /** Bins around a candidate, multiples of `step`: bin j from `edges[j]` to `edges[j + 1]`. */
  readonly edges: readonly number[];
  /** One a bin, then for the candidate's time in units of 100 ms and for that squared. */
  readonly weights: readonly number[];
}

/** Slopes below this fraction of the unit are as good as none. */
const slopeFloor = 0.02;

type Shape = Omit<BoundaryModel, 'weights'>;

export const candidateCount = ({ first, last, step }: Shape): number => Math.floor((last - first) / step) + 1;

/**
 * Scores of all candidates: logarithms of their probabilities, but for one constant. `slope` (mV/s) is the line slope
 * at consecutive samples and `anchor` an index into it. The unit is looked for no earlier than `earliest` and no later
 * than `latest`, ms from the anchor. Undefined where the bins reach outside `slope`, or it is invalid or zero
 * throughout.
 */
export function boundaryScores(
  model: BoundaryModel,
  slope: Float64Array,
  anchor: number,
  samplingFrequency: number,
  earliest = Number.NEGATIVE_INFINITY,
  latest = Number.POSITIVE_INFINITY,
): Float64Array | undefined {
  const integral = levelIntegral(model, slope, anchor, samplingFrequency, earliest, latest);
  if (integral === undefined) return undefined;
  const { first, step, edges, weights } = model;
  const bins = edges.length - 1;
  // A weighted sum of bin means is a weighted sum of the integral at the bins' edges.
  const coefficients = new Float64Array(bins + 1);
  const places = new Int32Array(bins + 1);
  for (let j = 0; j <= bins; j++) places[j] = (edges[j]! - edges[0]!) / step;
  for (let j = 0; j < bins; j++) {
    const weight = weights[j]! / (((edges[j + 1]! - edges[j]!) * samplingFrequency) / 1000);
    coefficients[j]! -= weight;
    coefficients[j + 1]! += weight;
  }
  const scores = new Float64Array(candidateCount(model));
  for (let c = 0; c < scores.length; c++) {
    const time = (first + c * step) / 100;
    let score = time * (weights[bins]! + time * weights[bins + 1]!);
    for (let j = 0; j <= bins; j++) score += coefficients[j]! * integral[c + places[j]!]!;
    scores[c] = score;
  }
  return scores;
}

/**
 * The numbers that the weights weigh, for fitting them: for each candidate in turn the mean level of each bin, its time
 * in units of 100 ms and that squared. Arguments, and undefined, as in `boundaryScores`.
 */
export function boundaryFeatures(
  shape: Shape,
  slope: Float64Array,
  anchor: number,
  samplingFrequency: number,
  earliest = Number.NEGATIVE_INFINITY,
  latest = Number.POSITIVE_INFINITY,
): Float64Array | undefined {
  const integral = levelIntegral(shape, slope, anchor, samplingFrequency, earliest, latest);
  if (integral === undefined) return undefined;
  const { first, step, edges } = shape;
  const bins = edges.length - 1;
  const width = bins + 2;
  const values = new Float64Array(candidateCount(shape) * width);
  for (let c = 0; c * width < values.length; c++) {
    for (let j = 0; j < bins; j++) {
      const low = integral[c + (edges[j]! - edges[0]!) / step]!;
      const high = integral[c + (edges[j + 1]! - edges[0]!) / step]!;
      values[c * width + j] = (high - low) / (((edges[j + 1]! - edges[j]!) * samplingFrequency) / 1000);
    }
    const time = (first + c * step) / 100;
    values[c * width + bins] = time;
    values[c * width + bins + 1] = time * time;
  }
  return values;
}

/** ∫ log(slope² relative to the unit's) over samples, at the grid of candidates and bin edges. */
function levelIntegral(
  shape: Shape,
  slope: Float64Array,
  anchor: number,
  samplingFrequency: number,
  earliest: number,
  latest: number,
): Float64Array | undefined {
  const { first, step, edges } = shape;
  const perMs = samplingFrequency / 1000;
  const begin = first + edges[0]!;
  const points = candidateCount(shape) + (edges.at(-1)! - edges[0]!) / step;
  const from = Math.floor(anchor + begin * perMs);
  const to = Math.ceil(anchor + (begin + (points - 1) * step) * perMs) + 1;
  if (from < 0 || to >= slope.length) return undefined;

  let unit = 0;
  const unitEnd = Math.min(slope.length - 1, Math.round(anchor + Math.min(shape.unitTo, latest) * perMs));
  for (
    let i = Math.max(0, Math.round(anchor + Math.max(shape.unitFrom, earliest) * perMs));
    i <= unitEnd;
    i++
  ) {
    unit = Math.max(unit, Math.abs(slope[i]!));
  }
  if (!(unit > 0 && unit < Number.POSITIVE_INFINITY)) return undefined;

  const integral = new Float64Array(points);
  let sum = 0;
  let point = 0;
  for (let i = from; i < to; i++) {
    const relative = Math.min(1, Math.abs(slope[i]!) / unit);
    const level = Math.log(relative * relative + slopeFloor * slopeFloor);
    // Sample i stands for the time from i − ½ to i + ½.
    for (; point < points; point++) {
      const part = anchor + (begin + point * step) * perMs + 0.5 - i;
      if (part >= 1) break;
      integral[point] = sum + part * level;
    }
    sum += level;
  }
  return Number.isNaN(sum) ? undefined : integral;
}

/** A boundary's expected time, ms from the anchor, and the standard deviation of its probabilities, ms. */
export interface BoundaryEstimate {
  readonly time: number;
  readonly deviation: number;
}

/** Estimate from the candidates between `earliest` and `latest` (ms from the anchor); undefined when there are none. */
export function estimateBoundary(
  { first, step }: Shape,
  scores: Float64Array,
  earliest: number,
  latest: number,
): BoundaryEstimate | undefined {
  const from = Math.max(0, Math.ceil((earliest - first) / step));
  const to = Math.min(scores.length - 1, Math.floor((latest - first) / step));
  if (from > to) return undefined;
  let highest = Number.NEGATIVE_INFINITY;
  for (let c = from; c <= to; c++) highest = Math.max(highest, scores[c]!);
  let total = 0;
  let mean = 0;
  let square = 0;
  for (let c = from; c <= to; c++) {
    const probability = Math.exp(scores[c]! - highest);
    const time = first + c * step;
    total += probability;
    mean += probability * time;
    square += probability * time * time;
  }
  mean /= total;
  return { time: mean, deviation: Math.sqrt(Math.max(0, square / total - mean * mean)) };
}
