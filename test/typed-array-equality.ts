/** Lets `toEqual` compare typed arrays by index: through their iterators it takes fifty times as long. */
import { expect } from 'vitest';

type TypedArray = ArrayBufferView & ArrayLike<number | bigint>;

const isTypedArray = (value: unknown): value is TypedArray =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

/** Equal by `Object.is`, as `toEqual` compares numbers; undefined leaves the comparison to it. */
function typedArraysEqual(a: unknown, b: unknown): boolean | undefined {
  if (!isTypedArray(a) || !isTypedArray(b)) return undefined;
  // Arrays that differ are compared once more by `toEqual`, whose verdict it is.
  if (a.constructor !== b.constructor || a.length !== b.length) return undefined;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return undefined;
  return true;
}

const installed = Symbol.for('upstroke.typedArraysEqual');
// Test files of one process share the list of comparisons.
if (!Object.hasOwn(globalThis, installed)) {
  Object.defineProperty(globalThis, installed, { value: true });
  expect.addEqualityTesters([typedArraysEqual]);
}
