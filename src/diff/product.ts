/** The matrix product, and linear operators as differentiable operations. */
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
 * The matrix product of `[…, m, k]` and `[…, k, n]`, either transposed on request; leading axes broadcast, and each
 * pair of matrices along them is multiplied. Throws `RangeError` when the shapes cannot be multiplied.
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
    // With a single right factor the rows of all left factors form one tall matrix.
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

/** A `LinearOperator` as a primitive: its vector–Jacobian product is its adjoint. */
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
    // Operators compute in Float64: rows of a Float32 program are converted here.
    const input = new Float64Array(from);
    const output = new Float64Array(to);
    return (out, [x]) => {
      for (let row = 0; row < rows; row++) {
        input.set(x!.subarray(row * from, (row + 1) * from));
        // Use the return value rather than the buffer passed in: an operator may return an array of its own.
        const result = transposed ? operator.adjoint(input, output) : operator.apply(input, output);
        if (result.length !== to) {
          throw new InputError(
            `linear: the operator returned ${result.length} samples, not ${to} as its outputLength says`,
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
 * Applies a linear operator (a difference stencil, a filter, a window) along the last axis; differentiable through the
 * operator's adjoint. Throws `RangeError` when the axis does not have the operator's length.
 *
 * @example linear(finiteDifference(1, 2, 3, 10), tensor([0, 1, 2])).data // => [10, 10, 10]
 */
export function linear(operator: LinearOperator, x: Tensor): Tensor {
  return apply(operating, [x], { operator, transposed: false });
}

/** The primitives of this file, by name. */
export const productRows = { linear: operating } as const;
