/**
 * Counterfactual explanations: the smallest change found that makes another class the most probable one. Each step goes
 * to where the linearised difference of the two log-probabilities is 0, as in DeepFool (Moosavi-Dezfooli, Fawzi &
 * Frossard 2016, CVPR), within the allowed changes.
 */
import { sub } from '../diff/arithmetic.ts';
import { log } from '../diff/elementwise.ts';
import { valueAndGrad } from '../diff/grad.ts';
import { slice } from '../diff/slice.ts';
import type { Tensor } from '../diff/tensor.ts';

export interface Counterfactual {
  /** Index of the class that becomes the most probable. */
  readonly to: number;
  /** The change that is added to the input. */
  readonly change: Float64Array;
}

/** The allowed changes, and the norm in which they are measured. */
export interface AllowedChanges {
  /** Orthogonal projection onto the allowed changes. */
  readonly project: (change: Float64Array) => Float64Array;
  /** Smallest and largest allowed change of element k, of which 0 is one. */
  readonly least: (k: number) => number;
  readonly most: (k: number) => number;
  /** The scale of element k: its change is measured in units of it. */
  readonly scale: (k: number) => number;
}

const rounds = 60;
/** Fraction by which a step overshoots the decision boundary. */
const overshoot = 0.02;

/**
 * The smallest change of `x` found for which a class other than `from` becomes the most probable; undefined when none
 * is found. `probabilities` returns `[1, classes]`.
 */
export function smallestCounterfactual(
  probabilities: (x: Tensor) => Tensor,
  x: Tensor,
  from: number,
  allowed: AllowedChanges,
): Counterfactual | undefined {
  const { data: start } = probabilities(x);
  // The likeliest class first: its change is mostly the smallest, and a search ends where it is larger than one found.
  const others = [...start.keys()].filter(to => to !== from).sort((a, b) => start[b]! - start[a]!);
  const size = (change: Float64Array): number =>
    Math.sqrt(change.reduce((sum, value, k) => sum + (value / allowed.scale(k)) ** 2, 0));
  let smallest: Counterfactual | undefined;
  let largest = Number.POSITIVE_INFINITY;
  for (const to of others) {
    const change = changeTowards(probabilities, x, {
      ...allowed,
      from,
      to,
      isWorse: c => size(c) >= largest,
    });
    if (change === undefined) continue;
    smallest = { to, change };
    largest = size(change);
  }
  return smallest;
}

interface Direction extends AllowedChanges {
  readonly from: number;
  readonly to: number;
  /** Whether a change is larger than one that was found already. */
  readonly isWorse: (change: Float64Array) => boolean;
}

function changeTowards(
  probabilities: (x: Tensor) => Tensor,
  x: Tensor,
  { from, to, project, least, most, scale, isWorse }: Direction,
): Float64Array | undefined {
  // log p(to) − log p(from): positive once `to` is the more probable of the two.
  const margin = valueAndGrad(y => {
    const logs = log(probabilities(y));
    return sub(slice(logs, [0, to], [1, to + 1]), slice(logs, [0, from], [1, from + 1]));
  });
  let change = new Float64Array(x.data.length);
  for (let round = 0; round < rounds && !isWorse(change); round++) {
    const moved = { ...x, data: x.data.map((value, k) => value + change[k]!) };
    const { value, gradients } = margin(moved);
    if (mostProbable(probabilities(moved)) === to) return change;
    const slope = gradients[0]!.data;
    const direction = project(Float64Array.from(slope, (g, k) => g * scale(k) ** 2));
    const gain = direction.reduce((sum, d, k) => sum + d * slope[k]!, 0);
    if (!(gain > 0)) return undefined;
    const lacking = overshoot - Math.min(value.data[0]!, 0);
    const step = Math.min(lacking, 2) / gain;
    change = change.map((value, k) => value + step * direction[k]!);
    const clipped = change.map((value, k) => Math.min(Math.max(value, least(k)), most(k)));
    if (clipped.some((value, k) => value !== change[k])) {
      change = withinBounds(Float64Array.from(project(clipped)), { least, most });
    }
  }
  return undefined;
}

/** `change` made smaller as a whole, so that it stays projected, until no element exceeds its bound. */
function withinBounds(
  change: Float64Array<ArrayBuffer>,
  { least, most }: Pick<AllowedChanges, 'least' | 'most'>,
): Float64Array<ArrayBuffer> {
  let excess = 1;
  change.forEach((value, k) => {
    const bound = value > 0 ? most(k) : least(k);
    if (value !== 0) excess = Math.max(excess, value / bound);
  });
  return excess === 1 ? change : change.map(value => value / excess);
}

function mostProbable({ data }: Tensor): number {
  let best = 0;
  for (let k = 1; k < data.length; k++) if (data[k]! > data[best]!) best = k;
  return best;
}
