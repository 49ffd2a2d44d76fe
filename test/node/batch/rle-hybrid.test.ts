/** Runs and packed groups of integers, against hyparquet's decoder, and the distinct numbers of a column. */
import fc from 'fast-check';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { expect, test } from 'vitest';
import { distinctOf } from '../../../src/node/batch/distinct-numbers.ts';
import { bitWidthOf, decodeHybrid, encodeHybrid } from '../../../src/node/batch/rle-hybrid.ts';

/** Integers in runs of all lengths. */
const integers = fc
  .array(fc.tuple(fc.nat(2 ** 20 - 1), fc.integer({ min: 1, max: 40 })))
  .map(runs => runs.flatMap(([value, length]) => Array<number>(length).fill(value)));

test('what is encoded is decoded, by hyparquet too', () => {
  fc.assert(
    fc.property(fc.oneof(integers, fc.array(fc.nat(5))), values => {
      const bitWidth = bitWidthOf(Math.max(0, ...values));
      const bytes = encodeHybrid(Int32Array.from(values), bitWidth);
      expect([...decodeHybrid(bytes, bitWidth, values.length)]).toEqual(values);
      const theirs = new Array<number>(values.length);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (values.length > 0) readRleBitPackedHybrid({ view, offset: 0 }, bitWidth, theirs, bytes.length);
      expect(theirs).toEqual(values);
    }),
  );
});

test('bytes that end too early, or runs of nothing, are refused', () => {
  const bytes = encodeHybrid(
    Int32Array.from({ length: 100 }, (_, k) => k),
    7,
  );
  for (let end = 0; end < bytes.length; end++) {
    expect(() => decodeHybrid(bytes.subarray(0, end), 7, 104)).toThrow(RangeError);
  }
  expect(() => decodeHybrid(new Uint8Array(10), 7, 100)).toThrow(RangeError);
  expect(() => decodeHybrid(bytes, 25, 100)).toThrow(RangeError);
});

test('distinct numbers are found in order of appearance, up to a limit', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true })), fc.integer({ min: 1, max: 60 }), (numbers, most) => {
      const values = Float64Array.from(numbers);
      // Zeros of both signs are different numbers here, as their bits are.
      const expected: number[] = [];
      for (const value of values) if (!expected.some(of => Object.is(of, value))) expected.push(value);
      const found = distinctOf(new Int32Array(values.buffer), 2, most);
      if (expected.length > most) {
        expect(found).toBeUndefined();
        return;
      }
      expect(Array.from(found!.firsts, k => values[k])).toEqual(expected);
      expect(Array.from(found!.codes, code => expected[code])).toEqual(numbers);
    }),
  );
});
