/**
 * Numerically stable losses of classifiers, which neither overflow nor cancel. The targets carry the weights: a row's
 * target is its weight at its class and 0 elsewhere (or any non-negative distribution), so that one function serves
 * plain, weighted and soft labels. Each returns one loss per row, or per element; averaging is left to the caller.
 */
import { InputError } from '../input-error.ts';
import { add, maskedMul, mul, neg, sub } from './arithmetic.ts';
import { requireReducible } from './broadcast.ts';
import { exp, pow, sigmoid, softplus, stableSigmoid, stableSoftplus } from './elementwise.ts';
import { logSoftmax, softmax, sum } from './reduction.ts';
import { apply, type Primitive } from './tape.ts';
import { formatShape, full, type Shape, sameShape, type Tensor } from './tensor.ts';

const rowShape = (name: string, z: Shape, t: Shape): void => {
  if (z.length !== 2 || !sameShape(z, t)) {
    throw new InputError(
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
        // Where the target is 0 the term is 0, even when the logit is −∞.
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
    const at = scratch(4 * rows * classes + 16);
    return kernels => kernels.crossEntropy!(out.address, z!.address, t!.address, rows, classes, at);
  },
  vjp: (ct, argument, [z, t]) =>
    argument === 0 ? apply(crossEntropyPull, [ct, z!, t!], undefined) : neg(maskedMul(ct, logSoftmax(z!))),
};

/** The gradient with respect to the logits for a cotangent c of each row's loss: c·(softmax(z)·Σt − t). */
const crossEntropyPull: Primitive<undefined> = {
  name: 'softmaxCrossEntropyPull',
  shape([ct, z, t]) {
    rowShape('softmaxCrossEntropyPull', z!, t!);
    if (!sameShape(ct!, [z![0]!, 1])) {
      throw new InputError(
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
          // A row of weight 0 contributes nothing, whatever its logits.
          out[k] = weight === 0 ? 0 : ct![row]! * ((out[k]! / total) * weight - t![k]!);
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
    if (argument === 0) return columnOf(mul(u, sub(maskedMul(q, weight), t!)));
    if (argument === 2) return mul(ct!, sub(columnOf(mul(u, q)), u));
    const v = mul(mul(u, weight), ct!);
    const weighted = maskedMul(q, v);
    return sub(weighted, maskedMul(q, columnOf(weighted)));
  },
};

/**
 * Cross-entropy −Σ_k t_k log softmax(z)_k of each row of `logits` and `targets` `[rows, classes]`, as `[rows, 1]`.
 * Throws `RangeError` when the shapes differ.
 *
 * @example softmaxCrossEntropy(tensor([[0, 0]]), tensor([[1, 0]])).data // => [0.6931…]
 */
export const softmaxCrossEntropy = (logits: Tensor, targets: Tensor): Tensor =>
  apply(crossEntropy, [logits, targets], undefined);

/** −Σ_k t_k (1 − p_k)^γ log p_k for each row, p = softmax(z). The parameter is γ ≥ 1. */
const focal: Primitive<number> = {
  name: 'focalLoss',
  shape([z, t]) {
    rowShape('focalLoss', z!, t!);
    return [z![0]!, 1];
  },
  prepare(_, [shape], gamma) {
    const [rows, classes] = shape as [number, number];
    return (out, [z, t]) => {
      for (let row = 0, from = 0; row < rows; row++, from += classes) {
        let top = Number.NEGATIVE_INFINITY;
        for (let k = from; k < from + classes; k++) if (!(z![k]! <= top)) top = z![k]!;
        let total = 0;
        for (let k = from; k < from + classes; k++) total += z![k] === top ? 1 : Math.exp(z![k]! - top);
        let loss = 0;
        for (let k = from; k < from + classes; k++) {
          if (t![k] === 0) continue;
          // log p and 1 − p from the probabilities of the other classes, which does not cancel when p is almost 1.
          let others = 0;
          for (let j = from; j < from + classes; j++) {
            if (j !== k) others += z![j] === top ? 1 : Math.exp(z![j]! - top);
          }
          const logP = z![k] === top ? -Math.log1p(others) : z![k]! - top - Math.log(total);
          loss -= t![k]! * (others / total) ** gamma * logP;
        }
        out[row] = loss;
      }
    };
  },
  vjp(ct, argument, [z, t], _, gamma) {
    const logP = logSoftmax(z!);
    const p = exp(logP);
    const miss = sub(1, p);
    if (argument === 1) return neg(maskedMul(ct, mul(pow(miss, gamma), logP)));
    // ∂/∂log p of −(1 − p)^γ log p, then log p by the logits.
    const slope = sub(mul(mul(maskedMul(p, logP), pow(miss, gamma - 1)), gamma), pow(miss, gamma));
    const weighted = maskedMul(ct, maskedMul(t!, slope));
    return sub(weighted, maskedMul(p, columnOf(weighted)));
  },
};

function requireGamma(name: string, gamma: number): void {
  if (gamma !== 0 && !(gamma >= 1)) throw new InputError(`${name}: gamma is 0 or at least 1, not ${gamma}`);
}

/**
 * Focal loss −Σ_k t_k (1 − p_k)^γ log p_k of each row, `[rows, 1]` (Lin et al. 2017): rows that are already classified
 * correctly have less weight. γ is 0 (the cross-entropy) or at least 1, so that the gradient is finite at p = 1. Throws
 * `RangeError` otherwise, or when the shapes differ.
 *
 * @example focalLoss(tensor([[0, 0]]), tensor([[1, 0]]), 2).data // => [0.1732…]
 */
export function focalLoss(logits: Tensor, targets: Tensor, gamma: number): Tensor {
  requireGamma('focalLoss', gamma);
  rowShape('focalLoss', logits.shape, targets.shape);
  return gamma === 0 ? softmaxCrossEntropy(logits, targets) : apply(focal, [logits, targets], gamma);
}

const requireSame = (name: string, z: Shape, t: Shape): void => {
  if (!sameShape(z, t)) {
    throw new InputError(`${name}: logits ${formatShape(z)} and targets ${formatShape(t)} differ in shape`);
  }
};

/** σ(u)^γ softplus(u): the focal loss of a binary label whose logit is −u. */
const missed = (u: number, gamma: number): number => stableSigmoid(u) ** gamma * stableSoftplus(u);

/** t·f(−z) + (1 − t)·f(z), f(u) = σ(u)^γ softplus(u). The parameter is γ: 0 or at least 1. */
const sigmoidFocal: Primitive<number> = {
  name: 'sigmoidFocalLoss',
  shape([z, t]) {
    requireSame('sigmoidFocalLoss', z!, t!);
    return z!;
  },
  prepare:
    (_, _inputs, gamma) =>
    (out, [z, t]) => {
      for (let i = 0; i < out.length; i++) {
        const yes = t![i]!;
        // A term of weight 0 is 0, even when the other factor is infinite.
        out[i] =
          (yes === 0 ? 0 : yes * missed(-z![i]!, gamma)) +
          (yes === 1 ? 0 : (1 - yes) * missed(z![i]!, gamma));
      }
    },
  vjp(ct, argument, [z, t], _, gamma) {
    const no = neg(z!);
    const loss = (u: Tensor): Tensor => mul(pow(sigmoid(u), gamma), softplus(u));
    if (argument === 1) return maskedMul(ct, sub(loss(no), loss(z!)));
    const slope = (u: Tensor): Tensor =>
      mul(pow(sigmoid(u), gamma), add(mul(maskedMul(sigmoid(neg(u)), softplus(u)), gamma), sigmoid(u)));
    return maskedMul(ct, sub(maskedMul(sub(1, t!), slope(z!)), maskedMul(t!, slope(no))));
  },
};

/**
 * Binary cross-entropy of independent labels, elementwise: −t log σ(z) − (1 − t) log(1 − σ(z)), with t in [0, 1],
 * computed as t·softplus(−z) + (1 − t)·softplus(z), which does not cancel when the loss is small. Throws `RangeError`
 * when the shapes differ.
 *
 * @example sigmoidCrossEntropy(tensor([0]), tensor([1])).data // => [0.6931…]
 */
export function sigmoidCrossEntropy(logits: Tensor, targets: Tensor): Tensor {
  requireSame('sigmoidCrossEntropy', logits.shape, targets.shape);
  return apply(sigmoidFocal, [logits, targets], 0);
}

/**
 * Focal loss of independent binary labels, elementwise: −t (1 − p)^γ log p − (1 − t) p^γ log(1 − p) with p = σ(z) and t
 * in [0, 1]. Throws `RangeError` when the shapes differ, or for a γ that `focalLoss` does not accept.
 *
 * @example sigmoidFocalLoss(tensor([0]), tensor([1]), 2).data // => [0.1732…]
 */
export function sigmoidFocalLoss(logits: Tensor, targets: Tensor, gamma: number): Tensor {
  requireGamma('sigmoidFocalLoss', gamma);
  requireSame('sigmoidFocalLoss', logits.shape, targets.shape);
  return apply(sigmoidFocal, [logits, targets], gamma);
}

/**
 * The weighted mean of row losses: Σ losses / Σ targets. Throws `RangeError` when they have different numbers of rows.
 *
 * @example weightedMean(tensor([[1], [5]]), tensor([[1, 0], [0, 2]])).data // => [2]
 */
export function weightedMean(losses: Tensor, targets: Tensor): Tensor {
  requireReducible('weightedMean', targets.shape, losses.shape);
  return mul(sum(losses), pow(sum(targets), -1));
}

/**
 * The L2 penalty ½·λ·Σ x² over several tensors; 0 for an empty list.
 *
 * @example squaredPenalty([tensor([1, 2]), tensor([3])], 0.1).data // => [0.7]
 */
export function squaredPenalty(parameters: readonly Tensor[], lambda: number): Tensor {
  const [first = full([], 0), ...rest] = parameters.map(x => mul(sum(mul(x, x)), lambda / 2));
  return rest.reduce((total, half) => add(total, half), first);
}

/** The primitives of this file, by name. */
export const lossRows = {
  softmaxCrossEntropy: crossEntropy,
  softmaxCrossEntropyPull: crossEntropyPull,
  focalLoss: focal,
  sigmoidFocalLoss: sigmoidFocal,
} as const;
