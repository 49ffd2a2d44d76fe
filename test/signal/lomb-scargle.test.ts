import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { lombScargle } from '../../src/signal/lomb-scargle.ts';
import { mean, median } from '../../src/statistics.ts';

const time = Float64Array.of(0.8, 1.7, 2.4, 3.5, 4.1, 5.2, 6.0, 6.7, 7.9, 8.5, 9.6, 10.1);
const value = time.map(
  t => Math.sin(2 * Math.PI * 0.21 * t) + 0.3 * Math.cos(2 * Math.PI * 0.37 * t) + 0.02 * t,
);

test('equals scipy', () => {
  // r = x - np.polyval(np.polyfit(t, x, 1), t); 2 * interval * scipy.signal.lombscargle(t, r, 2 * np.pi * f); the factor
  // that makes the integral the variance is ours.
  const { frequency, density, resolution } = lombScargle(time, value, 0.4);
  const factor = density[9]! / 3.716301007;
  expect(frequency).toHaveLength(16);
  expect(frequency[0]).toBe(resolution);
  for (const [k, expected] of [
    [0, 0.003174355],
    [5, 1.117138479],
    [9, 3.716301007],
    [15, 0.577491526],
  ] as const)
    expect(density[k]! / factor).toBeCloseTo(expected, 8);
});

const random = createRandom(3);
const uneven = Float64Array.from({ length: 400 }, (_, i) => 0.75 * i + 0.1 * Math.sin(i * i));
const sine = (t: number): number => 0.05 * Math.sin(2 * Math.PI * 0.1 * t);
const kept: readonly (readonly [string, (i: number) => boolean])[] = [
  ['nothing', () => true],
  ['a tenth in one gap', i => i < 180 || i >= 220],
  ['a fifth in pairs', i => i % 10 > 1],
  ['a fifth by chance', () => random.uniform() > 0.2],
  ['half in two gaps', i => i % 200 < 100],
  ['three fifths by chance', () => random.uniform() > 0.6],
];
describe.each(kept)('with %s missing', (_, isKept) => {
  const t = uneven.filter((_, i) => isKept(i));
  test.each([
    ['a sine', sine],
    ['noise', () => 0.05 * random.normal()],
  ] as const)('its integral to half the rate is the variance of %s', (_, of) => {
    const x = t.map(of);
    const n = t.length;
    const spacing = t.subarray(1).map((s, i) => s - t[i]!);
    const { density, resolution } = lombScargle(
      t,
      x,
      1 / (2 * median(spacing)) + 0.5 / (4 * (t[n - 1]! - t[0]!)),
    );
    const [mt, mx] = [mean(t), mean(x)];
    const slope =
      t.reduce((sum, s, i) => sum + (s - mt) * (x[i]! - mx), 0) /
      t.reduce((sum, s) => sum + (s - mt) ** 2, 0);
    const variance = x.reduce((sum, v, i) => sum + (v - mx - slope * (t[i]! - mt)) ** 2, 0) / n;
    expect((density.reduce((sum, d) => sum + d, 0) * resolution) / variance).toBeCloseTo(1, 2);
  });
});

test('refuses too few or unordered times, and values that are not finite', () => {
  expect(() => lombScargle(Float64Array.of(0, 1), Float64Array.of(0, 1), 1)).toThrow('take three or more');
  expect(() => lombScargle(Float64Array.of(0, 2, 1), new Float64Array(3), 1)).toThrow('time 2, 1 s');
  expect(() => lombScargle(Float64Array.of(0, 1, 2), new Float64Array(3), 0)).toThrow(RangeError);
  const infinite = Float64Array.of(0, 1, 2, Number.POSITIVE_INFINITY);
  expect(() => lombScargle(infinite, new Float64Array(4), 1)).toThrow('time 3 is Infinity');
  expect(() => lombScargle(Float64Array.of(0, 1, 2), Float64Array.of(1, Number.NaN, 1), 1)).toThrow(
    'value 1 is NaN: leave it out',
  );
});
