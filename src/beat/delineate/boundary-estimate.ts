/** The time of a boundary from the scores of its candidates: the mean of their probabilities, or the most probable one. */
import type { BoundaryModel } from './boundary-model.ts';

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
  { first, step }: Pick<BoundaryModel, 'first' | 'step'>,
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
  { first, step }: Pick<BoundaryModel, 'first' | 'step'>,
  scores: Float64Array,
  earliest: number,
  latest: number,
): number {
  const from = Math.max(0, Math.ceil((earliest - first) / step));
  const to = Math.min(scores.length - 1, Math.floor((latest - first) / step));
  if (from > to) return Number.NaN;
  let best = from;
  for (let c = from + 1; c <= to; c++) if (!(scores[c]! <= scores[best]!)) best = c;
  return first + best * step;
}
