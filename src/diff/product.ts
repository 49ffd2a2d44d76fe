/** Products: the matrix product, and any linear operator lifted into a differentiable operation. */
import { matmul as multiply } from './kernels.ts';
import type { LinearOperator } from './operator.ts';
import { formatShape, type Shape, sizeOf, type Tensor } from './tensor.ts';
import { apply, type Primitive } from './trace.ts';

interface MatmulParams {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

function matmulSizes(a: Shape, b: Shape, { transposeA, transposeB }: MatmulParams) {
  const [m, k] = transposeA ? [a[1]!, a[0]!] : [a[0]!, a[1]!];
  const [k2, n] = transposeB ? [b[1]!, b[0]!] : [b[0]!, b[1]!];
  if (a.length !== 2 || b.length !== 2 || k !== k2) {
    const mark = (flag: boolean) => (flag ? 'ᵀ' : '');
    throw new RangeError(
      `matmul: the shapes ${formatShape(a)}${mark(transposeA)} and ${formatShape(b)}${mark(transposeB)} do not chain`,
    );
  }
  return { m, k, n };
}

const product: Primitive<MatmulParams> = {
  name: 'matmul',
  shape: ([a, b], params) => {
    const { m, n } = matmulSizes(a!, b!, params);
    return [m, n];
  },
  run(out, _, [a, b], params) {
    const { m, k, n } = matmulSizes(a!.shape, b!.shape, params);
    multiply(out, a!.data, b!.data, m, k, n, params.transposeA, params.transposeB);
  },
  // C = op(A)·op(B):  op(A)‾ = C‾·op(B)ᵀ  and  op(B)‾ = op(A)ᵀ·C‾, transposed back where op transposes.
  vjp(ct, argument, [a, b], _, { transposeA, transposeB }) {
    if (argument === 0) {
      return transposeA
        ? matmul(b!, ct, { transposeA: transposeB, transposeB: true })
        : matmul(ct, b!, { transposeB: !transposeB });
    }
    return transposeB
      ? matmul(ct, a!, { transposeA: true, transposeB: transposeA })
      : matmul(a!, ct, { transposeA: !transposeA });
  },
};

/** Matrix product of `[m, k]` and `[k, n]`, either read transposed when told. */
export function matmul(a: Tensor, b: Tensor, options: Partial<MatmulParams> = {}): Tensor {
  return apply(product, [a, b], {
    transposeA: options.transposeA ?? false,
    transposeB: options.transposeB ?? false,
  });
}

interface LinearParams {
  readonly operator: LinearOperator;
  readonly transposed: boolean;
}

/** Any `LinearOperator` is differentiable as it is: its vector–Jacobian product is its adjoint. */
const operating: Primitive<LinearParams> = {
  name: 'linear',
  shape([x], { operator, transposed }) {
    const expected = transposed ? operator.outputLength : operator.inputLength;
    if (x!.at(-1) !== expected) {
      throw new RangeError(`linear: the operator takes ${expected} samples, the shape is ${formatShape(x!)}`);
    }
    return [...x!.slice(0, -1), transposed ? operator.inputLength : operator.outputLength];
  },
  run(out, shape, [x], { operator, transposed }) {
    const from = x!.shape.at(-1)!;
    const to = shape.at(-1)!;
    const count = sizeOf(shape.slice(0, -1));
    for (let row = 0; row < count; row++) {
      const input = x!.data.subarray(row * from, (row + 1) * from);
      const output = out.subarray(row * to, (row + 1) * to);
      if (transposed) operator.adjoint(input, output);
      else operator.apply(input, output);
    }
  },
  vjp: (ct, _, _inputs, _output, { operator, transposed }) =>
    apply(operating, [ct], { operator, transposed: !transposed }),
};

/** Applies a linear operator (a difference stencil, a filter, a window) along the last axis. */
export function linear(operator: LinearOperator, x: Tensor): Tensor {
  return apply(operating, [x], { operator, transposed: false });
}

/** The rows of this file, by name. */
export const productRows = { matmul: product, linear: operating } as const;
