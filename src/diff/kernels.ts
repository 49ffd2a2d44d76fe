/** The loops under the operations: plain functions over Float64Array that check nothing and allocate nothing big. */
import type { Shape, Tensor } from './tensor.ts';

/** Element distance between neighbours along each axis of a row-major tensor. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** Strides that read `from` as if it had the (broadcast) shape `to`: 0 along every repeated axis. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const own = stridesOf(from);
  const missing = to.length - from.length;
  return to.map((_, axis) => (axis < missing || from[axis - missing] === 1 ? 0 : own[axis - missing]!));
}

/**
 * Walks every index of `shape` in row-major order and hands `visit` the running number and the offsets that two
 * sets of strides give it. The innermost axis is a plain loop.
 */
export function walk(
  shape: Shape,
  stridesA: readonly number[],
  stridesB: readonly number[],
  visit: (i: number, a: number, b: number) => void,
): void {
  const rank = shape.length;
  if (rank === 0) {
    visit(0, 0, 0);
    return;
  }
  const inner = shape[rank - 1]!;
  const stepA = stridesA[rank - 1]!;
  const stepB = stridesB[rank - 1]!;
  let outer = 1;
  for (let axis = 0; axis < rank - 1; axis++) outer *= shape[axis]!;
  const index = new Int32Array(rank);
  let a = 0;
  let b = 0;
  let i = 0;
  for (let row = 0; row < outer; row++) {
    for (let k = 0; k < inner; k++) visit(i++, a + k * stepA, b + k * stepB);
    for (let axis = rank - 2; axis >= 0; axis--) {
      a += stridesA[axis]!;
      b += stridesB[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      a -= stridesA[axis]! * shape[axis]!;
      b -= stridesB[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
}

/** out = f(a, b) with broadcasting; the common layouts (equal shapes, one number, a row per column) run straight. */
export function broadcastBinary(
  out: Float64Array,
  shape: Shape,
  x: Tensor,
  y: Tensor,
  f: (a: number, b: number) => number,
): void {
  const a = x.data;
  const b = y.data;
  const n = out.length;
  const rowLength = shape.at(-1) ?? 1;
  if (a.length === n && b.length === n) {
    for (let i = 0; i < n; i++) out[i] = f(a[i]!, b[i]!);
  } else if (a.length === n && b.length === 1) {
    const b0 = b[0]!;
    for (let i = 0; i < n; i++) out[i] = f(a[i]!, b0);
  } else if (a.length === n && b.length === rowLength && y.shape.at(-1) === rowLength) {
    for (let start = 0; start < n; start += rowLength) {
      for (let k = 0; k < rowLength; k++) out[start + k] = f(a[start + k]!, b[k]!);
    }
  } else {
    walk(shape, broadcastStrides(x.shape, shape), broadcastStrides(y.shape, shape), (i, ia, ib) => {
      out[i] = f(a[ia]!, b[ib]!);
    });
  }
}

/** c[m×n] += op(a)·op(b), where op transposes when told; `k` is the summed length. Loop order keeps rows in cache. */
export function matmul(
  c: Float64Array,
  a: Float64Array,
  b: Float64Array,
  m: number,
  k: number,
  n: number,
  transposeA: boolean,
  transposeB: boolean,
): void {
  if (transposeB) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        if (transposeA) for (let p = 0; p < k; p++) sum += a[p * m + i]! * b[j * k + p]!;
        else for (let p = 0; p < k; p++) sum += a[i * k + p]! * b[j * k + p]!;
        c[i * n + j] = sum;
      }
    }
    return;
  }
  for (let i = 0; i < m; i++) {
    const row = i * n;
    for (let p = 0; p < k; p++) {
      const factor = transposeA ? a[p * m + i]! : a[i * k + p]!;
      const start = p * n;
      for (let j = 0; j < n; j++) c[row + j]! += factor * b[start + j]!;
    }
  }
}

/** A shape seen as [outer, axis, inner] around one axis: how reductions, gathers and concatenations walk it. */
export function aroundAxis(shape: Shape, axis: number): { outer: number; length: number; inner: number } {
  let outer = 1;
  let inner = 1;
  for (let k = 0; k < axis; k++) outer *= shape[k]!;
  for (let k = axis + 1; k < shape.length; k++) inner *= shape[k]!;
  return { outer, length: shape[axis]!, inner };
}
