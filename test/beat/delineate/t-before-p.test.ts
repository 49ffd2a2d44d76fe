/** T and P waves of fast rates, 80 ms apart, at known places. */
import { describe, expect, test } from 'vitest';
import { delineate } from '../../../src/beat/delineate/delineate.ts';
import { sampled } from '../gaussian-waves.ts';

const rr = 0.52;
const beats = 20;
const peaksOf = (
  fs: number,
  t: { readonly amplitude: number; readonly width: number },
  p: { readonly amplitude: number; readonly width: number; readonly beforeR?: number },
) => {
  const times = Array.from({ length: beats }, (_, k) => 0.6 + rr * k);
  const waves = times.flatMap(time => [
    { amplitude: p.amplitude, width: p.width, centre: time - (p.beforeR ?? 0.16) },
    { amplitude: -0.1, centre: time - 0.026, width: 0.008 },
    { amplitude: 1, centre: time, width: 0.011 },
    { amplitude: -0.2, centre: time + 0.028, width: 0.009 },
    { ...t, centre: time + 0.28 },
  ]);
  const voltage = sampled(waves, Math.round((rr * beats + 1.2) * fs), fs);
  const rPeaks = times.map(time => Math.round(time * fs));
  const found = delineate(voltage, fs, rPeaks);
  return found.slice(1, -1).map((beat, k) => ({
    t: beat.t && (1000 * (beat.t.peak - rPeaks[k + 1]!)) / fs,
    p: beat.p && (1000 * (beat.p.peak - rPeaks[k + 1]!)) / fs,
  }));
};

describe.each([250, 500, 1000])('at %i Hz', fs => {
  test.each([1, -1])(
    'a T wave lower than the P wave after it is found, and the P wave, polarity %i',
    sign => {
      const found = peaksOf(
        fs,
        { amplitude: sign * 0.12, width: 0.045 },
        { amplitude: sign * 0.15, width: 0.02 },
      );
      for (const { t, p } of found) {
        expect(Math.abs(t! - 280)).toBeLessThan(15);
        expect(Math.abs(p! + 160)).toBeLessThan(15);
      }
    },
  );

  test('a narrow deflection before a broad T wave is not taken for it', () => {
    const found = peaksOf(
      fs,
      { amplitude: 0.08, width: 0.012 },
      { amplitude: 0.3, width: 0.036, beforeR: 0.18 },
    );
    const times = found.flatMap(({ t }) => t ?? []);
    expect(times.length).toBeGreaterThan(0.9 * found.length);
    for (const t of times) expect(Math.abs(t - 340)).toBeLessThan(15);
  });
});
