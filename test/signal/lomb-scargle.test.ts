import { expect, test } from 'vitest';
import { lombScargle } from '../../src/signal/lomb-scargle.ts';

const time = Float64Array.of(0.8, 1.7, 2.4, 3.5, 4.1, 5.2, 6.0, 6.7, 7.9, 8.5, 9.6, 10.1);
const value = time.map(
  t => Math.sin(2 * Math.PI * 0.21 * t) + 0.3 * Math.cos(2 * Math.PI * 0.37 * t) + 0.02 * t,
);

test('equals scipy', () => {
  // r = x - np.polyval(np.polyfit(t, x, 1), t); 2 * interval * scipy.signal.lombscargle(t, r, 2 * np.pi * f)
  const { frequency, density, resolution } = lombScargle(time, value, 0.4);
  expect(frequency).toHaveLength(16);
  expect(frequency[0]).toBe(resolution);
  for (const [k, expected] of [
    [0, 0.003174355],
    [5, 1.117138479],
    [9, 3.716301007],
    [15, 0.577491526],
  ] as const)
    expect(density[k]).toBeCloseTo(expected, 8);
});

test('its integral is the variance, here of a sine', () => {
  const t = Float64Array.from({ length: 400 }, (_, i) => 0.75 * i + 0.1 * Math.sin(i * i));
  const { density, resolution } = lombScargle(
    t,
    t.map(s => 0.05 * Math.sin(2 * Math.PI * 0.1 * s)),
    0.6,
  );
  expect((density.reduce((sum, d) => sum + d, 0) * resolution) / (0.05 ** 2 / 2)).toBeCloseTo(1, 1);
});

test('refuses what is no series', () => {
  expect(() => lombScargle(Float64Array.of(0, 1), Float64Array.of(0, 1), 1)).toThrow('take three or more');
  expect(() => lombScargle(Float64Array.of(0, 2, 1), new Float64Array(3), 1)).toThrow('time 2, 1 s');
  expect(() => lombScargle(Float64Array.of(0, 1, 2), new Float64Array(3), 0)).toThrow(RangeError);
  const infinite = Float64Array.of(0, 1, 2, Number.POSITIVE_INFINITY);
  expect(() => lombScargle(infinite, new Float64Array(4), 1)).toThrow('time 3 is Infinity');
  expect(() => lombScargle(Float64Array.of(0, 1, 2), Float64Array.of(1, Number.NaN, 1), 1)).toThrow(
    'value 1 is NaN: leave it out',
  );
});
