/**
 * Limited-memory BFGS with a line search for the strong Wolfe conditions (Nocedal & Wright 2006, algorithms 7.4, 7.5,
 * 3.5 and 3.6). For smooth functions of many variables with an exact gradient, such as the loss of softmax regression
 * over all rows: near the optimum of a convex problem each iteration gains several digits.
 */
import { InputError } from '../../input-error.ts';

/** Writes the gradient at `w` to `gradient` and returns the value. */
export type Objective = (w: Float64Array, gradient: Float64Array) => number;

export interface LbfgsState {
  readonly w: Float64Array;
  readonly gradient: Float64Array;
  value: number;
  iterations: number;
  /** The latest steps s = Δw and changes of the gradient y = Δg, oldest first. */
  readonly pairs: { readonly s: Float64Array; readonly y: Float64Array }[];
}

export interface LbfgsOptions {
  /** Number of pairs kept. Default 10. */
  readonly memory?: number;
  /** Tolerance on the largest gradient component. Default 1e-10. */
  readonly gradientTolerance?: number;
  /** Limit of iterations. Default 500. */
  readonly maxIterations?: number;
}

export interface Minimum {
  readonly w: Float64Array;
  readonly value: number;
  readonly iterations: number;
  /** Largest gradient component. */
  readonly gradientSize: number;
  /** False when the limit of iterations was reached, or rounding prevented further descent. */
  readonly converged: boolean;
}

// Constants of the sufficient decrease and curvature conditions: the usual values for quasi-Newton directions.
const c1 = 1e-4;
const c2 = 0.9;

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};
const largestOf = (a: Float64Array): number => a.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** The initial state at a point, which is copied. */
export function startLbfgs(objective: Objective, start: Float64Array): LbfgsState {
  const w = start.slice();
  const gradient = new Float64Array(w.length);
  return { w, gradient, value: objective(w, gradient), iterations: 0, pairs: [] };
}

/** The search direction −H·g by the two-loop recursion, H being the inverse Hessian approximated by the pairs. */
function direction({ gradient, pairs }: LbfgsState): Float64Array {
  const d = gradient.slice();
  const alphas = new Float64Array(pairs.length);
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { s, y } = pairs[i]!;
    alphas[i] = dot(s, d) / dot(s, y);
    for (let k = 0; k < d.length; k++) d[k]! -= alphas[i]! * y[k]!;
  }
  const latest = pairs.at(-1);
  const scale = latest === undefined ? 1 : dot(latest.s, latest.y) / dot(latest.y, latest.y);
  for (let k = 0; k < d.length; k++) d[k]! *= scale;
  pairs.forEach(({ s, y }, i) => {
    const beta = dot(y, d) / dot(s, y);
    for (let k = 0; k < d.length; k++) d[k]! += (alphas[i]! - beta) * s[k]!;
  });
  for (let k = 0; k < d.length; k++) d[k] = -d[k]!;
  return d;
}

/** A point on the search line: step length, value, directional derivative, and position. */
interface Trial {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
  readonly w: Float64Array;
  readonly gradient: Float64Array;
}

/**
 * The minimiser of the cubic through the values and slopes of two points, kept away from the ends; the midpoint when
 * there is none.
 */
function cubicStep(a: Trial, b: Trial): number {
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.step - b.step);
  const square = d1 * d1 - a.slope * b.slope;
  const d2 = Math.sign(b.step - a.step) * Math.sqrt(square);
  const best = b.step - ((b.step - a.step) * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2);
  const low = Math.min(a.step, b.step);
  const width = Math.abs(a.step - b.step);
  const inside = best > low + 0.1 * width && best < low + 0.9 * width;
  return inside ? best : low + width / 2;
}

/** A step that satisfies both Wolfe conditions; undefined when rounding leaves none. */
function lineSearch(
  state: LbfgsState,
  d: Float64Array,
  first: number,
  objective: Objective,
): Trial | undefined {
  const slope = dot(state.gradient, d);
  const start: Trial = { step: 0, value: state.value, slope, w: state.w, gradient: state.gradient };
  const at = (step: number): Trial => {
    const w = state.w.map((x, k) => x + step * d[k]!);
    const gradient = new Float64Array(w.length);
    const value = objective(w, gradient);
    return { step, value, slope: dot(gradient, d), w, gradient };
  };
  const tooHigh = (trial: Trial): boolean => !(trial.value <= start.value + c1 * trial.step * slope);
  const flat = (trial: Trial): boolean => Math.abs(trial.slope) <= -c2 * slope;

  let before = start;
  let trial = at(first);
  for (let k = 0; k < 30; k++) {
    if (tooHigh(trial) || (k > 0 && trial.value >= before.value)) return zoom(before, trial);
    if (flat(trial)) return trial;
    if (trial.slope >= 0) return zoom(trial, before);
    before = trial;
    trial = at(2 * trial.step);
  }
  // The slope is still steep at the end of the search: accept the progress made.
  return before;

  function zoom(low: Trial, high: Trial): Trial | undefined {
    for (let k = 0; k < 40; k++) {
      const middle = at(Number.isFinite(high.value) ? cubicStep(low, high) : (low.step + high.step) / 2);
      if (middle.step === low.step || middle.step === high.step) break;
      if (tooHigh(middle) || middle.value >= low.value) {
        high = middle;
      } else {
        if (flat(middle)) return middle;
        if (middle.slope * (high.step - low.step) >= 0) high = low;
        low = middle;
      }
    }
    // Sufficient decrease without the curvature condition: accept the progress made.
    return low.step > 0 && low.value < start.value ? low : undefined;
  }
}

/** One iteration. Returns false, with the state unchanged, when no further descent is possible. */
export function lbfgsStep(state: LbfgsState, objective: Objective, memory = 10): boolean {
  let d = direction(state);
  if (!(dot(d, state.gradient) < 0)) {
    state.pairs.length = 0;
    d = state.gradient.map(g => -g);
  }
  const steepest = state.pairs.length === 0;
  const first = steepest ? Math.min(1, 1 / Math.max(1e-300, Math.sqrt(dot(d, d)))) : 1;
  let found = lineSearch(state, d, first, objective);
  if (found === undefined && !steepest) {
    state.pairs.length = 0;
    d = state.gradient.map(g => -g);
    found = lineSearch(state, d, Math.min(1, 1 / Math.sqrt(dot(d, d))), objective);
  }
  if (found === undefined) return false;
  const { w, gradient, value } = found;
  const s = w.map((x, k) => x - state.w[k]!);
  const y = gradient.map((g, k) => g - state.gradient[k]!);
  // The curvature condition makes s·y positive; where rounding prevents it, the pair would make the matrix indefinite.
  if (dot(s, y) > 1e-16 * dot(y, y)) state.pairs.push({ s, y });
  if (state.pairs.length > memory) state.pairs.shift();
  state.w.set(w);
  state.gradient.set(gradient);
  state.value = value;
  state.iterations++;
  return true;
}

/**
 * Minimises a function by L-BFGS (Nocedal & Wright 2006, chapter 7) from `start` until the largest gradient component
 * is below the tolerance. Throws `RangeError` when the value at
 * the start is not finite.
 *
 * @example
 * const bowl = (w, gradient) => { gradient[0] = 2 * (w[0] - 3); return (w[0] - 3) ** 2; };
 * minimize(bowl, Float64Array.of(0)).w // => [3]
 */
export function minimize(objective: Objective, start: Float64Array, options: LbfgsOptions = {}): Minimum {
  const { memory = 10, gradientTolerance = 1e-10, maxIterations = 500 } = options;
  const state = startLbfgs(objective, start);
  if (!Number.isFinite(state.value))
    throw new InputError(`minimize: the value at the start is ${state.value}`);
  let more = true;
  while (more && state.iterations < maxIterations && largestOf(state.gradient) > gradientTolerance) {
    more = lbfgsStep(state, objective, memory);
  }
  const gradientSize = largestOf(state.gradient);
  const { w, value, iterations } = state;
  return { w, value, iterations, gradientSize, converged: gradientSize <= gradientTolerance };
}
