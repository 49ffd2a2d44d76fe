import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeSamples, encodeSamples, finiteOrNull } from '../../../src/analysis/report/encoded-samples.ts';

describe('encoded samples', () => {
  test('little-endian Int16 by hand: 1, −1 and a missing sample', () => {
    const encoded = encodeSamples(Float64Array.of(1, -1, Number.NaN));
    expect(encoded.encoding).toBe('int16');
    // 32767 = ff 7f, −32767 = 01 80, the code for no sample −32768 = 00 80.
    expect([...Buffer.from(encoded.base64, 'base64')]).toEqual([0xff, 0x7f, 0x01, 0x80, 0x00, 0x80]);
    expect(encoded.step).toBe(1 / 32767);
  });

  test('come back within half a step, and what is not finite as NaN', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ min: -8, max: 8 }), fc.constant(Number.POSITIVE_INFINITY))),
        raw => {
          const values = Float64Array.from(raw);
          const encoded = encodeSamples(values);
          const back = decodeSamples(encoded);
          expect(back.length).toBe(values.length);
          values.forEach((value, i) => {
            if (!Number.isFinite(value)) expect(back[i]).toBeNaN();
            else if (encoded.encoding === 'int16') {
              expect(Math.abs(back[i]! - value)).toBeLessThanOrEqual(encoded.step / 2 + 1e-12);
            } else expect(back[i]).toBe(Math.fround(value));
          });
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });

  test('one wild sample does not coarsen the rest: floats are used instead', () => {
    const values = new Float64Array(1000).map((_value, i) => Math.sin(i));
    values[500] = 1e6;
    const encoded = encodeSamples(values);
    expect(encoded.encoding).toBe('float32');
    expect(decodeSamples(encoded)[7]).toBe(Math.fround(Math.sin(7)));
  });

  test('a flat line, an empty series and a series of NaN keep their length', () => {
    for (const values of [new Float64Array(5), new Float64Array(0), new Float64Array(3).fill(Number.NaN)]) {
      expect(decodeSamples(encodeSamples(values))).toEqual(values);
    }
  });

  test('finiteOrNull lets numbers through and nothing else', () => {
    expect([0, -1.5, Number.NaN, Number.POSITIVE_INFINITY, null].map(finiteOrNull)).toEqual([
      0,
      -1.5,
      null,
      null,
      null,
    ]);
  });
});
