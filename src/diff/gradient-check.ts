/** Two checks that anything differentiable must pass. */
import { mul } from './arithmetic.ts';
import { vjp } from './grad.ts';
import type { LinearOperator } from './operator.ts';
import { sum } from './reduction.ts';
import { full, item, type Tensor } from './tensor.ts';

/** The worst disagreement found between a gradient and finite differences. */
export interface GradientCheck {
  /** max |g − ĝ| / max(1, |g|, |ĝ|) over all numbers of all inputs. */
  readonly worstError: number;
  /** Which input, and which number in it. */
  readonly argument: number;
  readonly index: number;
  readonly gradient: number;
  readonly difference: number;
}

/**
 * Compares the gradient of Σ w⊙f(x₁, …) by every number of every input with the central difference
 * (F(x+ε) − F(x−ε)) / 2ε. `weights` w is shaped as f and makes one number of many; default all 1. Inputs must stay
 * away from kinks by more than `epsilon`.
 *
 * @example gradientCheck(x => exp(x), [tensor([0, 1])]).worstError < 1e-6 // => true
 */
export function gradientCheck(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  options: { readonly epsilon?: number; readonly weights?: Tensor } = {},
): GradientCheck {
  const epsilon = options.epsilon ?? 1e-6;
  const { value, pullback } = vjp(f, ...inputs);
  const weights = options.weights ?? full(value.shape, 1);
  const gradients = pullback(weights);
  const weighted = (moved: readonly Tensor[]): number => item(sum(mul(f(...moved), weights)));

  let worst: GradientCheck = { worstError: 0, argument: 0, index: 0, gradient: 0, difference: 0 };
  for (let argument = 0; argument < inputs.length; argument++) {
    const x = inputs[argument]!;
    for (let index = 0; index < x.data.length; index++) {
      const at = (offset: number): number => {
        const data = x.data.slice();
        data[index]! += offset;
        return weighted(inputs.map((other, k) => (k === argument ? { shape: x.shape, data } : other)));
      };
      const difference = (at(epsilon) - at(-epsilon)) / (2 * epsilon);
      const gradient = gradients[argument]!.data[index]!;
      const error = Math.abs(gradient - difference) / Math.max(1, Math.abs(gradient), Math.abs(difference));
      if (!(error <= worst.worstError)) worst = { worstError: error, argument, index, gradient, difference };
    }
  }
  return worst;
}

/**
 * |⟨Dx, y⟩ − ⟨x, Dᵀy⟩| relative to the sum of the absolute terms of both products: 0 up to rounding when `adjoint`
 * is the transpose of `apply`. Throws `RangeError` when x or y has not the operator's length.
 *
 * @example
 * adjointCheck(finiteDifference(1, 2, 4, 100), Float64Array.of(1, 2, 3, 5), Float64Array.of(4, 0, 1, 2)) < 1e-12 // => true
 */
export function adjointCheck(operator: LinearOperator, x: Float64Array, y: Float64Array): number {
  if (x.length !== operator.inputLength || y.length !== operator.outputLength) {
    throw new RangeError(
      `adjointCheck: the operator takes ${operator.inputLength} and gives ${operator.outputLength} samples, ` +
        `x has ${x.length} and y ${y.length}`,
    );
  }
  const dx = operator.apply(x);
  const dty = operator.adjoint(y);
  let left = 0;
  let right = 0;
  let scale = 0;
  for (let i = 0; i < y.length; i++) {
    left += dx[i]! * y[i]!;
    scale += Math.abs(dx[i]! * y[i]!);
  }
  for (let i = 0; i < x.length; i++) {
    right += x[i]! * dty[i]!;
    scale += Math.abs(x[i]! * dty[i]!);
  }
  return left === right ? 0 : Math.abs(left - right) / scale;
}
