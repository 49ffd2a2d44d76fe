/** Numerical checks of derivatives and adjoints. */
import { InputError } from '../input-error.ts';
import { requireOptions } from './argument-checks.ts';
import { mul } from './arithmetic.ts';
import { compile } from './compile.ts';
import { jvp, vjp } from './grad.ts';
import type { LinearOperator } from './operator.ts';
import { sum } from './reduction.ts';
import { full, item, type Shape, sizeOf, type Tensor } from './tensor.ts';

/** The largest disagreement between a gradient and finite differences. */
export interface GradientCheck {
  /** max |g − ĝ| / max(1, |g|, |ĝ|) over all elements of all inputs. */
  readonly worstError: number;
  /** The input, and the index of the element in it, at which the error is largest. */
  readonly argument: number;
  readonly index: number;
  readonly gradient: number;
  readonly difference: number;
}

/**
 * Compares the gradient of F = Σ w⊙f(x₁, …) with respect to every element of every input with the central difference
 * (F(x+ε) − F(x−ε)) / 2ε. `weights` w has the shape of f, by default all ones. Inputs must be further than `epsilon`
 * from points where f is not differentiable. Throws `TypeError` for an unknown option, and as `vjp` does.
 *
 * @example gradientCheck(x => exp(x), [tensor([0, 1])]).worstError < 1e-6 // => true
 */
export function gradientCheck(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  options: { readonly epsilon?: number; readonly weights?: Tensor } = {},
): GradientCheck {
  requireOptions('gradientCheck', options, ['epsilon', 'weights']);
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

/** Numerical errors of an operation in the three properties that hold for every primitive. */
export interface OperationCheck {
  /** The gradient, and the gradient of the vector–Jacobian product, against central differences. */
  readonly gradient: GradientCheck;
  readonly secondGradient: GradientCheck;
  /** max |⟨Jv, u⟩ − ⟨v, Jᵀu⟩| / max(1, |⟨Jv, u⟩|) over the inputs, with Jv by forward mode and Jᵀu by reverse mode. */
  readonly adjointError: number;
  /** The largest absolute difference between the compiled function and the function evaluated step by step. */
  readonly compiledError: number;
}

/**
 * Checks a differentiable operation: its gradient, its second derivative, forward mode against reverse mode, and
 * compiled against step-by-step evaluation. For smooth operations at well-scaled inputs all four errors are below 1e-6.
 * Throws as the operation does.
 *
 * @example checkOperation(x => mul(x, x), [tensor([2])]).compiledError // => 0
 */
export function checkOperation(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
): OperationCheck {
  const value = f(...inputs);
  const u = spread(value.shape, 1);
  const gradient = gradientCheck(f, inputs, { weights: u });
  let secondGradient: GradientCheck = { worstError: 0, argument: 0, index: 0, gradient: 0, difference: 0 };
  let adjointError = 0;
  inputs.forEach((x, argument) => {
    const v = spread(x.shape, 2);
    const second = gradientCheck((...xs) => vjp(f, ...xs).pullback(u)[argument]!, inputs, { weights: v });
    if (!(second.worstError <= secondGradient.worstError)) secondGradient = second;
    const alone = (moving: Tensor): Tensor =>
      f(...inputs.map((other, k) => (k === argument ? moving : other)));
    const left = item(sum(mul(jvp(alone, x, v), u)));
    const right = item(sum(mul(v, vjp(alone as (...xs: Tensor[]) => Tensor, x).pullback(u)[0]!)));
    adjointError = Math.max(adjointError, Math.abs(left - right) / Math.max(1, Math.abs(left)));
  });
  const compiled = compile((...xs) => [f(...xs)], ...inputs)(...inputs)[0]!;
  let compiledError = 0;
  compiled.data.forEach((y, i) => {
    const difference = Math.abs(y - value.data[i]!);
    if (!(difference <= compiledError) && !Object.is(y, value.data[i]!)) compiledError = difference;
  });
  return { gradient, secondGradient, adjointError, compiledError };
}

/** Distinct numbers in [0.3, 1.5): a fixed irrational rotation. */
const spread = (shape: Shape, seed: number): Tensor => ({
  shape,
  data: Float64Array.from(
    { length: sizeOf(shape) },
    (_, i) => 0.3 + 1.2 * (((i + 1) * 0.6180339887498949 + seed * 0.4142135623730951) % 1),
  ),
});

/**
 * |⟨Dx, y⟩ − ⟨x, Dᵀy⟩| relative to the sum of the absolute terms of both products: 0 up to rounding when `adjoint` is
 * the transpose of `apply`. Throws `RangeError` when x or y does not have the operator's length.
 *
 * @example
 * adjointCheck(finiteDifference(1, 2, 4, 100), Float64Array.of(1, 2, 3, 5), Float64Array.of(4, 0, 1, 2)) < 1e-12 // => true
 */
export function adjointCheck(operator: LinearOperator, x: Float64Array, y: Float64Array): number {
  if (x.length !== operator.inputLength || y.length !== operator.outputLength) {
    throw new InputError(
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
