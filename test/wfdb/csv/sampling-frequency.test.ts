/** The sampling frequency behind rounded times, against the frequency that made them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { roundestFrequency, samplingFrequencyOf } from '../../../src/wfdb/csv/sampling-frequency.ts';

const printed = (rate: number, rows: number, decimals: number, start = 0): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => Number(((start + i) / rate).toFixed(decimals)));

describe('samplingFrequencyOf', () => {
  test.each([100, 125, 128, 200, 250, 256, 257, 300, 360, 500, 512, 999, 1000, 2000, 4096])(
    '%d Hz from three decimals',
    rate => {
      expect(samplingFrequencyOf(printed(rate, 20_000, 3), 1e-3)).toBe(rate);
    },
  );

  test.each([62.5, 128.3, 333.25, 511.625])('%d Hz from six decimals', rate => {
    expect(samplingFrequencyOf(printed(rate, 5000, 6), 1e-6)).toBe(rate);
  });

  test('full-precision times give any frequency back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50_000_000 }),
        fc.integer({ min: 0, max: 1e6 }),
        (thousandths, start) => {
          const rate = thousandths / 1000;
          const times = Float64Array.from({ length: 3000 }, (_, i) => (start + i) / rate);
          expect(samplingFrequencyOf(times, 0)).toBe(rate);
        },
      ),
      { seed: 3, numRuns: 200 },
    );
  });

  test('a short table settles on even steps, then on the only usual rate, and else on nothing', () => {
    expect(samplingFrequencyOf(printed(500, 2, 3), 1e-3)).toBe(500);
    expect(samplingFrequencyOf(printed(360, 4, 3), 1e-3)).toBe(360);
    expect(samplingFrequencyOf(printed(360, 100, 3), 1e-3)).toBe(360);
    expect(samplingFrequencyOf(printed(360, 2, 3), 1e-3)).toBeUndefined();
    expect(samplingFrequencyOf(printed(367, 20, 3), 1e-3)).toBeUndefined();
  });

  test('a jittered clock gives its mean', () => {
    const times = Float64Array.from({ length: 10_000 }, (_, i) => i / 250 + 4e-4 * Math.sin(i * i));
    expect(samplingFrequencyOf(times, 1e-6)).toBe(250);
  });

  test.each([
    ['a gap', 500],
    ['a step back', 700],
  ])('%s is found where it is', (kind, at) => {
    const times = printed(360, 1000, 3);
    if (kind === 'a gap')
      times.set(
        times.slice(at).map(time => time + 0.01),
        at,
      );
    else times[at] = times[at - 3]!;
    expect(samplingFrequencyOf(times, 1e-3)).toMatchObject({ index: at });
  });

  test('equal times have no frequency', () => {
    expect(samplingFrequencyOf(new Float64Array(5), 1e-3)).toMatchObject({ expected: 'increasing times' });
  });
});

test('roundestFrequency prefers whole numbers, then short ones', () => {
  expect(roundestFrequency(359.9, 360.2)).toBe(360);
  expect(roundestFrequency(358, 362)).toBeUndefined();
  expect(roundestFrequency(62.49, 62.52)).toBe(62.5);
});
