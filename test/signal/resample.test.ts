import { describe, expect, test } from 'vitest';
import { resampler } from '../../src/signal/resample.ts';
import { powerSpectrum } from '../../src/signal/spectrum.ts';

describe('resampler', () => {
  const sine = (hertz: number, fs: number, length: number): Float64Array =>
    Float64Array.from({ length }, (_, i) => Math.sin(2 * Math.PI * hertz * (i / fs) + 0.4));

  test.each([
    [360, 500],
    [360, 1000],
    [128, 360],
    [500, 360],
    [1000, 250],
    [257, 360],
    [360, 360],
    [499.31, 500],
    [511.562, 512],
    [500, 130.07],
    [360, 360 * Math.SQRT2],
  ])('%i to %i Hz: a sine below both Nyquist frequencies stays itself', (from, to) => {
    for (const hertz of [1, 10, 0.35 * Math.min(from, to)]) {
      const length = Math.ceil(4 * from);
      const operator = resampler(length, from, to);
      const y = operator.apply(sine(hertz, from, length));
      expect(y).toHaveLength(Math.floor(((length - 1) * to) / from) + 1);
      const truth = sine(hertz, to, y.length);
      let worst = 0;
      for (let i = Math.ceil(to); i < 3 * to; i++) worst = Math.max(worst, Math.abs(y[i]! - truth[i]!));
      expect(worst).toBeLessThan(5e-4);
    }
  });

  test('frequencies that would alias are removed', () => {
    const y = resampler(8000, 1000, 250).apply(sine(200, 1000, 8000));
    expect(Math.max(...y.subarray(250, 1750).map(Math.abs))).toBeLessThan(1e-3);
  });

  test('a constant stays exactly itself, and a line a line, to the ends', () => {
    const operator = resampler(200, 360, 1000);
    for (const v of operator.apply(new Float64Array(200).fill(1.25))) expect(v).toBeCloseTo(1.25, 12);
    const line = operator.apply(Float64Array.from({ length: 200 }, (_, i) => i / 360));
    for (const [i, v] of line.entries()) expect(Math.abs(v - i / 1000)).toBeLessThan(2e-5);
  });

  test('refuses what it cannot do', () => {
    expect(() => resampler(100, 360, 0)).toThrow(RangeError);
    expect(() => resampler(100, 1, 20_000)).toThrow('at most 10000');
    expect(() => resampler(10, 360, 500)).toThrow('at least 17 samples, there are 10');
  });
});

describe('powerSpectrum', () => {
  const x = Float64Array.from(
    { length: 500 },
    (_, n) => Math.sin(2 * Math.PI * 0.11 * n) + 0.5 * Math.cos(2 * Math.PI * 0.3 * n + 1) + 0.001 * n,
  );

  test('equals scipy', () => {
    // scipy.signal.welch(x, 250, window='hann', nperseg=128, noverlap=64, detrend='constant')
    const { frequency, density, resolution } = powerSpectrum(x, 250, 0.5);
    expect(resolution).toBe(1.953125);
    expect(frequency).toHaveLength(65);
    for (const [k, v] of [
      [0, 8.387489793e-6],
      [1, 0.0001635538717],
      [14, 0.1692656561],
      [38, 0.03463564802],
    ] as const)
      expect(density[k]! / v).toBeCloseTo(1, 7);
  });

  test('integrates to the variance', () => {
    const tone = x.map((_, n) => 3 * Math.sin(2 * Math.PI * 0.2 * n));
    const { density, resolution } = powerSpectrum(tone, 250, 0.5);
    expect((density.reduce((sum, v) => sum + v, 0) * resolution) / 4.5).toBeCloseTo(1, 1);
  });

  test('of one segment has exactly its weighted power, as Parseval says', () => {
    const segment = x.subarray(0, 128);
    const mean = segment.reduce((sum, v) => sum + v, 0) / 128;
    let [power, weights] = [0, 0];
    for (const [i, v] of segment.entries()) {
      const window = (1 - Math.cos((2 * Math.PI * i) / 128)) / 2;
      power += (window * (v - mean)) ** 2;
      weights += window ** 2;
    }
    const { density, resolution } = powerSpectrum(segment, 250, 0.5);
    expect((density.reduce((sum, v) => sum + v, 0) * resolution) / (power / weights)).toBeCloseTo(1, 12);
  });

  test('leaves out the segments that hold an invalid sample, and is NaN when none is left', () => {
    const segment = 128;
    for (const invalid of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const gapped = x.slice();
      gapped[3 * segment - 1] = invalid;
      // Segments begin every 64 samples: those from 256 on hold the sample or end after the signal.
      const { density } = powerSpectrum(gapped, 250, 0.5);
      expect(density).toEqual(powerSpectrum(x.subarray(0, 3 * segment - 1), 250, 0.5).density);
      const nothing = powerSpectrum(new Float64Array(500).fill(invalid), 250, 0.5);
      expect(nothing.density.every(Number.isNaN)).toBe(true);
    }
  });

  test('refuses a signal shorter than a segment', () => {
    expect(() => powerSpectrum(x, 250, 4)).toThrow('at least 1024 samples, there are 500');
    expect(() => powerSpectrum(x, 250, 0)).toThrow(RangeError);
  });
});
