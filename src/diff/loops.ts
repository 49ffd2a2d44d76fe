/**
 * The loops of the primitives: plain functions over typed arrays that check nothing and allocate no array of the data's
 * size.
 */
import type { Floats, Shape } from './tensor.ts';

/** The strides of a row-major tensor: the distance between neighbouring elements along each axis. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/**
 * Strides with which a tensor of shape `from` is read as if it had the broadcast shape `to`: 0 along every repeated
 * axis.
 */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const own = stridesOf(from);
  const missing = to.length - from.length;
  return to.map((_, axis) => (axis < missing || from[axis - missing] === 1 ? 0 : own[axis - missing]!));
}

/**
 * Iteration over a shape in row-major order with two sets of strides, as runs of `n` elements along which both strides
 * are constant: a few blocks, given by their offsets, of `rows` rows each.
 */
export interface Grid {
  readonly blocksA: Int32Array;
  readonly blocksB: Int32Array;
  readonly rows: number;
  readonly rowA: number;
  readonly rowB: number;
  readonly n: number;
  readonly stepA: number;
  readonly stepB: number;
}

/** The grid of `shape` with as few axes as possible: neighbouring axes that both strides cover evenly are merged. */
export function gridOf(shape: Shape, stridesA: readonly number[], stridesB: readonly number[]): Grid {
  const axes: { length: number; a: number; b: number }[] = [];
  shape.forEach((length, axis) => {
    if (length === 1) return;
    const a = stridesA[axis]!;
    const b = stridesB[axis]!;
    const outer = axes.at(-1);
    if (outer !== undefined && outer.a === a * length && outer.b === b * length) {
      axes[axes.length - 1] = { length: outer.length * length, a, b };
    } else {
      axes.push({ length, a, b });
    }
  });
  const inner = axes.pop() ?? { length: 1, a: 1, b: 1 };
  const middle = axes.pop() ?? { length: 1, a: 0, b: 0 };
  let blocksA: readonly number[] = [0];
  let blocksB: readonly number[] = [0];
  for (const { length, a, b } of axes) {
    const along = Array.from({ length }, (_, k) => k);
    blocksA = blocksA.flatMap(start => along.map(k => start + k * a));
    blocksB = blocksB.flatMap(start => along.map(k => start + k * b));
  }
  return {
    blocksA: Int32Array.from(blocksA),
    blocksB: Int32Array.from(blocksB),
    rows: middle.length,
    rowA: middle.a,
    rowB: middle.b,
    n: inner.length,
    stepA: inner.a,
    stepB: inner.b,
  };
}

/** Calls `visit` for every run of a grid with its start in row-major order and the offsets of the two operands. */
export function forRuns(grid: Grid, visit: (start: number, a: number, b: number) => void): void {
  const { blocksA, blocksB, rows, rowA, rowB, n } = grid;
  let start = 0;
  for (let block = 0; block < blocksA.length; block++) {
    let a = blocksA[block]!;
    let b = blocksB[block]!;
    for (let row = 0; row < rows; row++) {
      visit(start, a, b);
      start += n;
      a += rowA;
      b += rowB;
    }
  }
}

/**
 * c[m×n] = A·B, where A[i,p] is `a[i·rowA + p·columnA]` and B[p,j] is `b[p·rowB + j·columnB]`. Each element is summed
 * over p in order; with `adding` the sum continues from the value in c. Tiles of 2 rows by 4 columns are kept in
 * registers.
 */
export function matmul(
  c: Floats,
  a: Floats,
  rowA: number,
  columnA: number,
  b: Floats,
  rowB: number,
  columnB: number,
  m: number,
  k: number,
  n: number,
  adding = false,
): void {
  const evenRows = m - (m % 2);
  const wholeColumns = n - (n % 4);
  for (let i = 0; i < evenRows; i += 2) {
    for (let j = 0; j < wholeColumns; j += 4) {
      const top = i * n + j;
      const bottom = top + n;
      let s00 = adding ? c[top]! : 0;
      let s01 = adding ? c[top + 1]! : 0;
      let s02 = adding ? c[top + 2]! : 0;
      let s03 = adding ? c[top + 3]! : 0;
      let s10 = adding ? c[bottom]! : 0;
      let s11 = adding ? c[bottom + 1]! : 0;
      let s12 = adding ? c[bottom + 2]! : 0;
      let s13 = adding ? c[bottom + 3]! : 0;
      let at = i * rowA;
      let bt = j * columnB;
      for (let p = 0; p < k; p++) {
        const a0 = a[at]!;
        const a1 = a[at + rowA]!;
        const b0 = b[bt]!;
        const b1 = b[bt + columnB]!;
        const b2 = b[bt + 2 * columnB]!;
        const b3 = b[bt + 3 * columnB]!;
        s00 += a0 * b0;
        s01 += a0 * b1;
        s02 += a0 * b2;
        s03 += a0 * b3;
        s10 += a1 * b0;
        s11 += a1 * b1;
        s12 += a1 * b2;
        s13 += a1 * b3;
        at += columnA;
        bt += rowB;
      }
      c[top] = s00;
      c[top + 1] = s01;
      c[top + 2] = s02;
      c[top + 3] = s03;
      c[bottom] = s10;
      c[bottom + 1] = s11;
      c[bottom + 2] = s12;
      c[bottom + 3] = s13;
    }
  }
  for (let i = 0; i < m; i++) {
    for (let j = i < evenRows ? wholeColumns : 0; j < n; j++) {
      let sum = adding ? c[i * n + j]! : 0;
      for (let p = 0; p < k; p++) sum += a[i * rowA + p * columnA]! * b[p * rowB + j * columnB]!;
      c[i * n + j] = sum;
    }
  }
}

/** A shape as [outer, axis, inner] around one axis, as gathers, cumulative sums and concatenations traverse it. */
export function aroundAxis(shape: Shape, axis: number): { outer: number; length: number; inner: number } {
  let outer = 1;
  let inner = 1;
  for (let k = 0; k < axis; k++) outer *= shape[k]!;
  for (let k = axis + 1; k < shape.length; k++) inner *= shape[k]!;
  return { outer, length: shape[axis]!, inner };
}

/** Copies `count` rows, `order[from]` onwards, of `columns` numbers each, contiguously into `out`. */
export function gatherRows(
  out: Floats,
  x: Floats,
  columns: number,
  order: Int32Array,
  from: number,
  count: number,
): void {
  for (let row = 0, to = 0; row < count; row++) {
    let at = order[from + row]! * columns;
    for (const end = at + columns; at < end; at++, to++) out[to] = x[at]!;
  }
}
