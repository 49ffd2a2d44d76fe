/** Intervals over records against the closed form for a mean. */
import { expect, test } from 'vitest';
import { bootstrap } from '../../src/learn/bootstrap.ts';
import { createRandom } from '../../src/random.ts';

const random = createRandom(1);
const values = Array.from({ length: 40 }, () => random.normal());
const mean = (times: Float64Array): number => times.reduce((sum, n, k) => sum + n * values[k]!, 0) / 40;

test('the interval of a mean is ± 1.96 standard errors', () => {
  const { value, low, high } = bootstrap(40, mean, { seed: 2, resamples: 4000 });
  const centre = values.reduce((a, b) => a + b, 0) / 40;
  const spread = Math.sqrt(values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / 40 / 40);
  expect(value).toBeCloseTo(centre, 12);
  expect(low! - centre).toBeCloseTo(-1.96 * spread, 1);
  expect(high! - centre).toBeCloseTo(1.96 * spread, 1);
  expect(bootstrap(40, mean, { seed: 2, resamples: 4000 })).toEqual({ value, low, high });
});

test('ten times the beats of each record make no interval narrower', () => {
  const beats = (times: Float64Array): number =>
    times.reduce((sum, n, k) => sum + n * 10 * values[k]!, 0) / (10 * 40);
  const [few, many] = [mean, beats].map(statistic => bootstrap(40, statistic, { seed: 5 }));
  expect(many!.low).toBeCloseTo(few!.low!, 12);
  expect(many!.high).toBeCloseTo(few!.high!, 12);
});

test('a statistic that most resamples lack has no interval', () => {
  const { value, low } = bootstrap(3, times => (times[0]! > 0 ? times[0] : undefined), { seed: 1 });
  expect(value).toBe(1);
  expect(low).toBeUndefined();
  expect(() => bootstrap(0, () => 1, { seed: 1 })).toThrow(RangeError);
});
