/**
 * Losses of classifiers, each in the form that neither overflows nor cancels. Targets carry the weights: a row's
 * target is its class weight at its class and 0 elsewhere (or any non-negative spread), so one function serves plain,
 * weighted and soft labels. Each gives one loss a row, or a number; the caller averages.
 */
import { add, mul, neg, sub } from './arithmetic.ts';
import { exp, pow, sigmoid, softplus } from './elementwise.ts';
import { logSoftmax, softmax, sum } from './reduction.ts';
import { formatShape, type Shape, sameShape, type Tensor } from './tensor.ts';
import { apply, type Primitive } from './trace.ts';

const rowShape = (name: string, z: Shape, t: Shape): void => {
  if (z.length !== 2 || !sameShape(z, t)) {
    throw new RangeError(
      `${name}: logits ${formatShape(z)} and targets ${formatShape(t)} are not both [rows, classes]`,
    );
  }
};

const last = { axis: -1, keepDims: true } as const;
const columnOf = (perRow: Tensor): Tensor => sum(perRow, last);

/** −Σ_k t_k log softmax(z)_k for each row. */
const crossEntropy: Primitive<undefined> = {
  name: 'softmaxCrossEntropy',
  shape([z, t]) {
    rowShape('softmaxCrossEntropy', z!, t!);
    return [z![0]!, 1];
  },
  prepare(_, [shape]) {
    const [rows, classes] = shape as [number, number];
    return (out, [z, t]) => {
      for (let row = 0, from = 0; row < rows; row++, from += classes) {
        let top = Number.NEGATIVE_INFINITY;
        for (let k = from; k < from + classes; k++) if (!(z![k]! <= top)) top = z![k]!;
        let total = 0;
        for (let k = from; k < from + classes; k++) total += z![k] === top ? 1 : Math.exp(z![k]! - top);
        const logTotal = Math.log(total);
        let loss = 0;
        // Where the target is 0 the term is 0, also when the logit is −∞.
        for (let k = from; k < from + classes; k++) {
          if (t![k] !== 0) loss += t![k]! * (logTotal - (z![k]! - top));
        }
        out[row] = loss;
      }
    };
  },
  native({ size, out, inputs: [z, t], scratch }) {
    if (size === 8) return undefined;
    const [rows, classes] = z!.shape as [number, number];
    const room = scratch(4 * rows * classes + 16);
    return kernels => kernels.crossEntropy!(out.address, z!.address, t!.address, rows, classes, room);
  },
  vjp: (ct, argument, [z, t]) =>
    argument === 0 ? apply(crossEntropyPull, [ct, z!, t!], undefined) : neg(mul(ct, logSoftmax(z!))),
};

/** What a cotangent c of each row's loss becomes at its logits: c·(softmax(z)·Σt − t). */
const crossEntropyPull: Primitive<undefined> = {
  name: 'softmaxCrossEntropyPull',
  shape([ct, z, t]) {
    rowShape('softmaxCrossEntropyPull', z!, t!);
    if (!sameShape(ct!, [z![0]!, 1])) {
      throw new RangeError(
        `softmaxCrossEntropyPull: cotangents ${formatShape(ct!)} for logits ${formatShape(z!)}`,
      );
    }
    return z!;
  },
  prepare(_, [, shape]) {
    const [rows, classes] = shape as [number, number];
    return (out, [ct, z, t]) => {
      for (let row = 0, from = 0; row < rows; row++, from += classes) {
        let top = Number.NEGATIVE_INFINITY;
        for (let k = from; k < from + classes; k++) if (!(z![k]! <= top)) top = z![k]!;
        let total = 0;
        let weight = 0;
        for (let k = from; k < from + classes; k++) {
          const e = z![k] === top ? 1 : Math.exp(z![k]! - top);
          out[k] = e;
          total += e;
          weight += t![k]!;
        }
        for (let k = from; k < from + classes; k++) {
          out[k] = ct![row]! * ((out[k]! / total) * weight - t![k]!);
        }
      }
    };
  },
  native({ size, out, inputs: [ct, z, t] }) {
    if (size === 8) return undefined;
    const [rows, classes] = z!.shape as [number, number];
    return kernels =>
      kernels.crossEntropyPull!(out.address, ct!.address, z!.address, t!.address, rows, classes);
  },
  vjp(u, argument, [ct, z, t]) {
    const q = softmax(z!);
    const weight = columnOf(t!);
    if (argument === 0) return columnOf(mul(u, sub(mul(q, weight), t!)));
    if (argument === 2) return mul(ct!, sub(columnOf(mul(u, q)), u));
    const v = mul(mul(u, weight), ct!);
    const weighted = mul(q, v);
    return sub(weighted, mul(q, columnOf(weighted)));
  },
};

/**
 * Cross-entropy −Σ_k t_k log softmax(z)_k of each row of `logits` and `targets` `[rows, classes]`, as `[rows, 1]`.
 * Throws `RangeError` when the shapes differ.
 */
export const softmaxCrossEntropy = (logits: Tensor, targets: Tensor): Tensor =>
  apply(crossEntropy, [logits, targets], undefined);

/**
 * Cross-entropy of independent yes/no answers, elementwise: −t log σ(z) − (1 − t) log(1 − σ(z)), with t in [0, 1], as
 * t·softplus(−z) + (1 − t)·softplus(z): no difference of large numbers, so a small loss keeps its digits.
 */
export const sigmoidCrossEntropy = (logits: Tensor, targets: Tensor): Tensor =>
  add(mul(targets, softplus(neg(logits))), mul(sub(1, targets), softplus(logits)));

/**
 * Focal loss −Σ_k t_k (1 − p_k)^γ log p_k of each row, `[rows, 1]` (Lin et al. 2017): rows that are already right
 * count less. γ is 0 (then it is the cross-entropy) or at least 1, so that its gradient stays finite at p = 1.
 * Throws `RangeError` otherwise.
 */
export function focalLoss(logits: Tensor, targets: Tensor, gamma: number): Tensor {
  if (gamma !== 0 && !(gamma >= 1)) {
    throw new RangeError(`focalLoss: gamma is 0 or at least 1, not ${gamma}`);
  }
  rowShape('focalLoss', logits.shape, targets.shape);
  const logP = logSoftmax(logits);
  return neg(columnOf(mul(mul(targets, pow(sub(1, exp(logP)), gamma)), logP)));
}

/**
 * Focal loss of independent yes/no answers, elementwise: with p the probability given to the true answer,
 * −(1 − p)^γ log p. γ as in `focalLoss`; targets 0 or 1.
 */
export function sigmoidFocalLoss(logits: Tensor, targets: Tensor, gamma: number): Tensor {
  if (gamma !== 0 && !(gamma >= 1)) {
    throw new RangeError(`sigmoidFocalLoss: gamma is 0 or at least 1, not ${gamma}`);
  }
  // The logit of the true answer: z where t = 1, −z where t = 0.
  const truth = mul(logits, sub(mul(targets, 2), 1));
  return mul(pow(sigmoid(neg(truth)), gamma), softplus(neg(truth)));
}

/** Mean of row losses weighted as their targets: Σ losses / Σ targets. */
export const weightedMean = (losses: Tensor, targets: Tensor): Tensor =>
  mul(sum(losses), pow(sum(targets), -1));

/** ½·λ·Σ x² over several tensors: the L2 penalty. */
export function squaredPenalty(parameters: readonly Tensor[], lambda: number): Tensor {
  const halves = parameters.map(x => mul(sum(mul(x, x)), lambda / 2));
  return halves.slice(1).reduce((total, half) => add(total, half), halves[0]!);
}

/** The rows of this file, by name. */
export const lossRows = {
  softmaxCrossEntropy: crossEntropy,
  softmaxCrossEntropyPull: crossEntropyPull,
} as const;
