/** The product of two matrices, by kernel or loop, and its derivatives. */
import { InputError } from '../input-error.ts';
import { matmul as multiply } from './loops.ts';
import { apply, type Primitive } from './tape.ts';
import { formatShape, type Shape, type Tensor } from './tensor.ts';
import { matmulScratch } from './wasm-kernels.ts';

export interface MatmulParams {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/**
 * Marks a product inside a gradient: zeros of the operand that is a cotangent give 0, whatever they are multiplied by.
 */
export interface ProductParams extends MatmulParams {
  readonly cotangent?: 'a' | 'b';
}

function matmulSizes(a: Shape, b: Shape, { transposeA, transposeB }: MatmulParams) {
  const [m, k] = transposeA ? [a[1]!, a[0]!] : [a[0]!, a[1]!];
  const [k2, n] = transposeB ? [b[1]!, b[0]!] : [b[0]!, b[1]!];
  if (a.length !== 2 || b.length !== 2 || k !== k2) {
    const mark = (flag: boolean) => (flag ? 'ᵀ' : '');
    throw new InputError(
      `matmul: the shapes ${formatShape(a)}${mark(transposeA)} and ${formatShape(b)}${mark(transposeB)} cannot be multiplied`,
    );
  }
  return { m, k, n };
}

/** The row and column strides of op(A). */
const stepsOf = (shape: Shape, transposed: boolean): readonly [number, number] =>
  transposed ? [1, shape[1]!] : [shape[1]!, 1];

/** One matrix by another: `[m, k]` by `[k, n]`, either read transposed. */
export const matmulRow: Primitive<ProductParams> = {
  name: 'matmul',
  form: 'linear',
  shape: ([a, b], params) => {
    const { m, n } = matmulSizes(a!, b!, params);
    return [m, n];
  },
  prepare(_, [a, b], params) {
    const { m, k, n } = matmulSizes(a!, b!, params);
    const [rowA, columnA] = stepsOf(a!, params.transposeA);
    const [rowB, columnB] = stepsOf(b!, params.transposeB);
    return (out, [x, y]) => multiply(out, x!, rowA, columnA, y!, rowB, columnB, m, k, n);
  },
  native({ size, out, inputs: [a, b], scratch }, params) {
    const { m, k, n } = matmulSizes(a!.shape, b!.shape, params);
    const [rowA, columnA] = stepsOf(a!.shape, params.transposeA);
    const [rowB, columnB] = stepsOf(b!.shape, params.transposeB);
    const [aRow, aColumn, bRow, bColumn] = [rowA, columnA, rowB, columnB].map(step => size * step) as [
      ...[number, number, number, number],
    ];
    const panel = scratch(matmulScratch(k, n, size));
    return kernels =>
      kernels.matmul(out.address, a!.address, aRow, aColumn, b!.address, bRow, bColumn, m, k, n, panel);
  },
  work([a, b], params) {
    const { m, k, n } = matmulSizes(a!, b!, params);
    return m * k * n;
  },
  // An invalid factor makes its whole column of C invalid (or row, where the cotangent is the right operand), so the
  // first entries show whether there is any.
  correctZeros(_, [a, b], params) {
    const { cotangent, transposeA, transposeB } = params;
    if (cotangent === undefined) return undefined;
    const { m, k, n } = matmulSizes(a!, b!, params);
    const [rowA, columnA] = stepsOf(a!, transposeA);
    const [rowB, columnB] = stepsOf(b!, transposeB);
    const [count, step] = cotangent === 'a' ? [n, 1] : [m, n];
    return (out, [x, y]) => {
      let clean = true;
      for (let i = 0; i < count; i++) if (!Number.isFinite(out[i * step]!)) clean = false;
      if (clean) return;
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let sum = 0;
          for (let p = 0; p < k; p++) {
            const left = x![i * rowA + p * columnA]!;
            const right = y![p * rowB + j * columnB]!;
            if ((cotangent === 'a' ? left : right) !== 0) sum += left * right;
          }
          out[i * n + j] = sum;
        }
      }
    };
  },
  // C = op(A)·op(B): op(A)‾ = C‾·op(B)ᵀ and op(B)‾ = op(A)ᵀ·C‾, transposed again where op transposes.
  vjp(ct, argument, [a, b], _, { transposeA, transposeB }) {
    if (argument === 0) {
      return transposeA
        ? withCotangentRight(b!, ct, transposeB, true)
        : withCotangentLeft(ct, b!, false, !transposeB);
    }
    return transposeB
      ? withCotangentLeft(ct, a!, true, transposeA)
      : withCotangentRight(a!, ct, !transposeA, false);
  },
};

const withCotangentLeft = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor =>
  apply(matmulRow, [a, b], { transposeA, transposeB, cotangent: 'a' });
const withCotangentRight = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor =>
  apply(matmulRow, [a, b], { transposeA, transposeB, cotangent: 'b' });

/** The primitives of this file, by name. */
export const matrixProductRows = { matmul: matmulRow } as const;
