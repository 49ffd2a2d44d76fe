/** Comparison of sample arrays: as strict as `toEqual`, and fast on long ones. */
import { expect } from 'vitest';

type Samples = Int32Array | Float64Array;

const isSame = (a: Samples, b: Samples): boolean =>
  a.constructor === b.constructor && a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

/** Fails, as `toEqual` does, unless both arrays have the same type, length and values; NaN equals NaN. */
export function expectSameSamples(found: Samples, expected: Samples): void {
  // Only where they differ is the slow comparison needed, which shows where.
  if (isSame(found, expected)) expect(found.length).toBe(expected.length);
  else expect(found).toEqual(expected);
}
