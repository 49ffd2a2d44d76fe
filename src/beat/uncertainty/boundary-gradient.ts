/**
 * Gradients of wave boundaries and of P and T peaks with respect to the voltage, by automatic differentiation.
 *
 * A boundary is the mean of its candidates under the softmax of their scores (`BoundaryModel`), a smooth function of the
 * voltage; it is written here as operations of the derivative core, and its gradient is their vector–Jacobian product.
 * A peak is where the slope of the least-squares line passes 0, so its gradient is −(∂(dV/dt)/∂V)/(d²V/dt²) by the
 * implicit function theorem.
 */
import { add, div, mul } from '../../diff/arithmetic.ts';
import { minimum } from '../../diff/comparison.ts';
import { abs, log } from '../../diff/elementwise.ts';
import { vjp } from '../../diff/grad.ts';
import type { LinearOperator } from '../../diff/operator.ts';
import { linear } from '../../diff/product.ts';
import { softmax, sum } from '../../diff/reduction.ts';
import { savitzkyGolay } from '../../diff/savitzky-golay.ts';
import { slice } from '../../diff/slice.ts';
import { type Tensor, tensor } from '../../diff/tensor.ts';
import { type BoundaryModel, candidateTimes } from '../delineate/boundary-model.ts';
import { lineSamples } from '../delineate/fitted-line.ts';
import { slopeFloor } from '../delineate/level-integral.ts';
import type { VoltageGradient } from './voltage-gradient.ts';

/** The boundary in fractional samples, and its gradient in samples per mV. */
export interface BoundaryGradient extends VoltageGradient {
  readonly place: number;
}

/**
 * Creates a function that gives a model's boundary and its gradient. `anchor` is the sample that times are relative to,
 * held fixed; candidates are limited to `earliest` … `latest`, ms from it. The function returns undefined near an end of
 * the signal, near an invalid sample, or where the slope is 0 throughout.
 */
export function boundaryGradient(
  model: BoundaryModel,
  samplingFrequency: number,
): (
  voltage: Float64Array,
  anchor: number,
  range?: { readonly earliest?: number; readonly latest?: number; readonly limitsUnit?: boolean },
) => BoundaryGradient | undefined {
  const perMs = samplingFrequency / 1000;
  const times = candidateTimes(model);
  const half = (lineSamples(model.lineMs, samplingFrequency) - 1) / 2;
  const first = Math.floor(Math.min(model.first + model.edges[0]!, model.unitFrom) * perMs - 0.5);
  const last = Math.ceil(Math.max(model.last + model.edges.at(-1)!, model.unitTo) * perMs + 0.5);
  const length = last - first + 1;
  const window = { windowSamples: 2 * half + 1, degree: 1, derivativeOrder: 1 } as const;
  const derivative = savitzkyGolay(window, length + 2 * half, samplingFrequency);
  const scoring = scoreOperator(model, samplingFrequency, first, length);
  const bins = model.edges.length - 1;
  const prior = tensor(
    Array.from(times, time => {
      const t = time / 100;
      return t * (model.weights[bins]! + t * model.weights[bins + 1]!);
    }),
  );
  return (voltage, anchor, { earliest = -Infinity, latest = Infinity, limitsUnit = false } = {}) => {
    const from = anchor + first - half;
    const cut = voltage.slice(Math.max(0, from), from + length + 2 * half);
    if (from < 0 || cut.length < length + 2 * half || !cut.every(Number.isFinite)) return undefined;
    const chosen = times.findIndex(time => time >= earliest);
    const end = times.findLastIndex(time => time <= latest) + 1;
    if (chosen < 0 || end <= chosen) return undefined;
    const slopeAt = (v: Tensor): Tensor => slice(linear(derivative, v), [half], [half + length]);
    const v = tensor(cut);
    const low = limitsUnit ? Math.max(model.unitFrom, earliest) : model.unitFrom;
    const high = limitsUnit ? Math.min(model.unitTo, latest) : model.unitTo;
    const steep = quantilePlace(
      slopeAt(v).data,
      Math.round(low * perMs) - first,
      Math.round(high * perMs) - first,
      model.unitQuantile,
    );
    if (!(Math.abs(slopeAt(v).data[steep] ?? 0) > 0)) return undefined;
    const place = (x: Tensor): Tensor => {
      const slope = slopeAt(x);
      const size = minimum(div(abs(slope), abs(slice(slope, [steep], [steep + 1]))), tensor([1]));
      const level = log(add(mul(size, size), tensor([slopeFloor * slopeFloor])));
      const scores = slice(add(linear(scoring, level), prior), [chosen], [end]);
      return sum(mul(softmax(scores), tensor(times.subarray(chosen, end))), { keepDims: true });
    };
    const { value, pullback } = vjp(place, v);
    const weights = Float64Array.from(pullback(tensor([1]))[0]!.data, g => g * perMs);
    return { place: anchor + value.data[0]! * perMs, from, weights };
  };
}

/** Index of the absolute value at a quantile between two indices, both included. */
function quantilePlace(values: ArrayLike<number>, from: number, to: number, share: number): number {
  const places = Array.from({ length: Math.max(0, to - from + 1) }, (_, k) => from + k);
  places.sort((a, b) => Math.abs(values[a]!) - Math.abs(values[b]!));
  return places[Math.round(share * (places.length - 1))] ?? -1;
}

/** The weighted bin means of all candidates, as a linear operator on the levels of the samples from `first` on. */
function scoreOperator(
  model: BoundaryModel,
  samplingFrequency: number,
  first: number,
  length: number,
): LinearOperator {
  const perMs = samplingFrequency / 1000;
  const { edges, weights } = model;
  const times = candidateTimes(model);
  const rows = Array.from(times, time => {
    const row = new Float64Array(length);
    for (let bin = 0; bin + 1 < edges.length; bin++) {
      // Sample i represents the time from i − ½ to i + ½.
      const begin = (time + edges[bin]!) * perMs - first + 0.5;
      const end = (time + edges[bin + 1]!) * perMs - first + 0.5;
      for (let i = Math.max(0, Math.floor(begin)); i < Math.min(length, end); i++) {
        row[i]! += (weights[bin]! * (Math.min(end, i + 1) - Math.max(begin, i))) / (end - begin);
      }
    }
    return row;
  });
  return {
    inputLength: length,
    outputLength: rows.length,
    apply: (x, out = new Float64Array(rows.length)) => {
      for (const [c, row] of rows.entries())
        out[c] = row.reduce((total, weight, i) => total + weight * x[i]!, 0);
      return out;
    },
    adjoint: (y, out = new Float64Array(length)) => {
      out.fill(0);
      for (const [c, row] of rows.entries()) for (let i = 0; i < length; i++) out[i]! += row[i]! * y[c]!;
      return out;
    },
  };
}

/**
 * The place at which the least-squares line's slope passes 0 near `peak` (a sample index), in fractional samples, and
 * its gradient; undefined near an end of the signal, near an invalid sample, or where no slope beside the peak has the other sign.
 */
export function turningPointGradient(
  voltage: Float64Array,
  samplingFrequency: number,
  lineMs: number,
  peak: number,
): BoundaryGradient | undefined {
  const half = (lineSamples(lineMs, samplingFrequency) - 1) / 2;
  const from = peak - half - 1;
  if (from < 0 || peak + half + 1 >= voltage.length) return undefined;
  const slopeAt = (at: number): number => {
    let slope = 0;
    for (let j = -half; j <= half; j++) slope += j * voltage[at + j]!;
    return slope;
  };
  const [before, middle, after] = [slopeAt(peak - 1), slopeAt(peak), slopeAt(peak + 1)];
  // The crossing lies between the peak and the neighbour whose slope has the other sign.
  const next = middle * after <= 0 ? 1 : -1;
  const neighbour = next === 1 ? after : before;
  // d²V/dt² in the unit of slope per sample.
  const curvature = (neighbour - middle) * next;
  const share = middle / (middle - neighbour);
  if (!(Math.abs(curvature) > 0 && share >= 0 && share <= 1)) return undefined;
  const weights = new Float64Array(2 * half + 3);
  for (let j = -half; j <= half; j++) {
    weights[j + half + 1]! -= ((1 - share) * j) / curvature;
    weights[j + half + 1 + next]! -= (share * j) / curvature;
  }
  return { place: peak + next * share, from, weights };
}
