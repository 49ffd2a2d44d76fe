/** Batched matrix products: one product for each pair of matrices along the leading axes, which broadcast. */

import { InputError } from '../input-error.ts';
import { matmulRow, type ProductParams } from './matrix-product.ts';
import { apply, type Primitive } from './tape.ts';
import { type Floats, formatShape, type Shape, sizeOf, type Tensor } from './tensor.ts';
import type { Site } from './wasm-kernels.ts';

const matrixOf = (shape: Shape): Shape => shape.slice(1);
const partOf = (data: Floats, k: number, shape: Shape): Floats => {
  const size = sizeOf(matrixOf(shape));
  return data.subarray(k * size, (k + 1) * size);
};

/** The product of `[batch, m, k]` and `[batch, k, n]`, matrix by matrix, by the primitive of a single product. */
export const batchedMatmulRow: Primitive<ProductParams> = {
  name: 'batchedMatmul',
  form: 'linear',
  shape([a, b], params) {
    if (a!.length !== 3 || b!.length !== 3 || a![0] !== b![0]) {
      throw new InputError(
        `batchedMatmul: the shapes ${formatShape(a!)} and ${formatShape(b!)} are not batches of the same number of matrices`,
      );
    }
    return [a![0]!, ...matmulRow.shape([matrixOf(a!), matrixOf(b!)], params)];
  },
  prepare(shape, [a, b], params) {
    const loop = matmulRow.prepare(matrixOf(shape), [matrixOf(a!), matrixOf(b!)], params);
    return (out, [x, y]) => {
      for (let k = 0; k < shape[0]!; k++) loop(partOf(out, k, shape), [partOf(x!, k, a!), partOf(y!, k, b!)]);
    };
  },
  native({ size, out, inputs: [a, b], scratch }: Site, params) {
    const at = (place: { shape: Shape; address: number }, k: number) => ({
      shape: matrixOf(place.shape),
      address: place.address + size * k * sizeOf(matrixOf(place.shape)),
    });
    const steps = Array.from({ length: out.shape[0]! }, (_, k) =>
      matmulRow.native!({ size, out: at(out, k), inputs: [at(a!, k), at(b!, k)], scratch }, params),
    );
    return kernels => {
      for (const step of steps) step!(kernels);
    };
  },
  work: ([a, b], params) => a![0]! * matmulRow.work!([matrixOf(a!), matrixOf(b!)], params),
  correctZeros(shape, [a, b], params) {
    const correct = matmulRow.correctZeros!(matrixOf(shape), [matrixOf(a!), matrixOf(b!)], params);
    if (correct === undefined) return undefined;
    return (out, [x, y]) => {
      for (let k = 0; k < shape[0]!; k++)
        correct(partOf(out, k, shape), [partOf(x!, k, a!), partOf(y!, k, b!)]);
    };
  },
  // As for a single matrix: op(A)‾ = C‾·op(B)ᵀ and op(B)‾ = op(A)ᵀ·C‾, transposed again where op transposes.
  vjp(ct, argument, [a, b], _, { transposeA, transposeB }) {
    const times = (left: Tensor, right: Tensor, params: ProductParams): Tensor =>
      apply(batchedMatmulRow, [left, right], params);
    if (argument === 0) {
      return transposeA
        ? times(b!, ct, { transposeA: transposeB, transposeB: true, cotangent: 'b' })
        : times(ct, b!, { transposeA: false, transposeB: !transposeB, cotangent: 'a' });
    }
    return transposeB
      ? times(ct, a!, { transposeA: true, transposeB: transposeA, cotangent: 'a' })
      : times(a!, ct, { transposeA: !transposeA, transposeB: false, cotangent: 'b' });
  },
};

/** The primitives of this file, by name. */
export const batchedProductRows = { batchedMatmul: batchedMatmulRow } as const;
