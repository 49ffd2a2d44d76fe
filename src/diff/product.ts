/** Products: the matrix product, and any linear operator lifted into a differentiable operation. */
import { InputError } from '../input-error.ts';
import { requireOptions, requireTensors } from './argument-checks.ts';
import { batchedMatmulRow } from './batched-product.ts';
import { broadcastShape, broadcastTo } from './broadcast.ts';
import { type MatmulParams, matmulRow } from './matrix-product.ts';
import type { LinearOperator } from './operator.ts';
import { reshape } from './reshape.ts';
import { apply, type Primitive } from './tape.ts';
import { formatShape, sizeOf, type Tensor } from './tensor.ts';

export type { MatmulParams } from './matrix-product.ts';

/**
 * Matrix product of `[…, m, k]` and `[…, k, n]`, either read transposed when told; leading axes broadcast, and each pair
 * of matrices along them is multiplied. Throws `RangeError` when the shapes do not chain.
 *
 * @example matmul(tensor([[1, 2]]), tensor([[3], [4]])).data // => [11]
 */
export function matmul(a: Tensor, b: Tensor, options: Partial<MatmulParams> = {}): Tensor {
  requireTensors('matmul', a, b);
  requireOptions('matmul', options, ['transposeA', 'transposeB']);
  const params = { transposeA: options.transposeA ?? false, transposeB: options.transposeB ?? false };
  if (a.shape.length <= 2 && b.shape.length <= 2) return apply(matmulRow, [a, b], params);
  const lead = broadcastShape('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  const [m, n] = matmulRow.shape([a.shape.slice(-2), b.shape.slice(-2)], params) as [number, number];
  if (b.shape.length === 2 && !params.transposeA) {
    // One right factor for all: the rows of all left factors are one long matrix.
    return reshape(apply(matmulRow, [reshape(a, [sizeOf(lead) * m, a.shape.at(-1)!]), b], params), [
      ...lead,
      m,
      n,
    ]);
  }
  const stack = (x: Tensor): Tensor =>
    reshape(broadcastTo(x, [...lead, ...x.shape.slice(-2)]), [sizeOf(lead), ...x.shape.slice(-2)]);
  return reshape(apply(batchedMatmulRow, [stack(a), stack(b)], params), [...lead, m, n]);
}

export interface LinearParams {
  readonly operator: LinearOperator;
  readonly transposed: boolean;
}

/** Any `LinearOperator` is differentiable as it is: its vector–Jacobian product is its adjoint. */
const operating: Primitive<LinearParams> = {
  name: 'linear',
  form: 'linear',
  shape([x], { operator, transposed }) {
    const expected = transposed ? operator.outputLength : operator.inputLength;
    if (x!.at(-1) !== expected) {
      throw new InputError(`linear: the operator takes ${expected} samples, the shape is ${formatShape(x!)}`);
    }
    return [...x!.slice(0, -1), transposed ? operator.inputLength : operator.outputLength];
  },
  prepare(shape, [given], { operator, transposed }) {
    const from = given!.at(-1)!;
    const to = shape.at(-1)!;
    const rows = sizeOf(shape.slice(0, -1));
    // Operators work in Float64: a row of a Float32 program passes through here.
    const input = new Float64Array(from);
    const output = new Float64Array(to);
    return (out, [x]) => {
      for (let row = 0; row < rows; row++) {
        input.set(x!.subarray(row * from, (row + 1) * from));
        // What it returns, not what was handed to it: a simple operator may make an array of its own.
        const result = transposed ? operator.adjoint(input, output) : operator.apply(input, output);
        if (result.length !== to) {
          throw new InputError(
            `linear: the operator gives ${result.length} samples, not the ${to} it promises`,
          );
        }
        out.set(result, row * to);
      }
    };
  },
  vjp: (ct, _, _inputs, _output, { operator, transposed }) =>
    apply(operating, [ct], { operator, transposed: !transposed }),
};

/**
 * Applies a linear operator (a difference stencil, a filter, a window) along the last axis.
 *
 * @example linear(finiteDifference(1, 2, 3, 10), tensor([0, 1, 2])).data // => [10, 10, 10]
 */
export function linear(operator: LinearOperator, x: Tensor): Tensor {
  return apply(operating, [x], { operator, transposed: false });
}

/** The rows of this file, by name. */
export const productRows = { linear: operating } as const;
