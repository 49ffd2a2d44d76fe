/** Late deflections of the QRS complex, and waves that are none, on shapes with a known answer at 1000 Hz. */
import { describe, expect, test } from 'vitest';
import {
  averageRules,
  isLateDeflection,
  lateDeflection,
  singleBeatRules,
} from '../../../src/beat/delineate/late-deflection.ts';
import { createRandom } from '../../../src/random.ts';

type HalfSine = readonly [height: number, from: number, length: number];

/** Half sines: height (mV), first sample and length. */
const drawn = (...waves: readonly HalfSine[]) =>
  Float64Array.from({ length: 600 }, (_, i) =>
    waves.reduce(
      (sum, [height, from, length]) =>
        i < from || i > from + length ? sum : sum + height * Math.sin((Math.PI * (i - from)) / length),
      0,
    ),
  );

const rules = [singleBeatRules.certain, averageRules.certain];

describe.each(rules)('lateDeflection by %o', rule => {
  // An R wave of 1 mV from 100 to 140, and what follows; the presumed offset is the trough after it.
  const found = (...after: readonly HalfSine[]) =>
    lateDeflection(drawn([1, 100, 40], ...after), { onset: 100, sample: 170, limit: 599 }, 1, rule)?.sample;

  test('the return of a broad terminal S wave is late, whichever its polarity', () => {
    for (const sign of [1, -1]) {
      const at = found([sign * -0.35, 140, 60], [sign * 0.2, 300, 160])!;
      // Steepest at its end, as far as a line over 28 ms tells.
      expect(at).toBeGreaterThan(180);
      expect(at).toBeLessThanOrEqual(205);
    }
  });

  test('a T wave is not, however tall, nor is the end of the complex', () => {
    expect(found([0.9, 220, 160])).toBeUndefined();
    expect(found([-0.6, 220, 120])).toBeUndefined();
    expect(found([0.3, 300, 160])).toBeUndefined();
  });

  test('a deflection no steeper than the T wave after it, or smaller than a tenth of the complex, is not', () => {
    expect(found([-0.35, 140, 60], [1, 300, 120])).toBeUndefined();
    expect(found([-0.05, 140, 60], [0.02, 300, 160])).toBeUndefined();
  });
});

test('a flank found by the less strict rule is judged as by the strict one', () => {
  const random = createRandom(5);
  let found = 0;
  let late = 0;
  for (let k = 0; k < 400; k++) {
    const [s, t] = [(random.uniform() - 0.5) * 0.8, (random.uniform() - 0.5) * 0.6];
    const voltage = drawn([1, 100, 40], [s, 140, 30 + 120 * random.uniform()], [t, 300, 160]);
    const presumed = { onset: 100, sample: 170, limit: 599 };
    const { certain, possible } = singleBeatRules;
    const flank = lateDeflection(voltage, presumed, 1, possible);
    const strict = lateDeflection(voltage, presumed, 1, certain);
    expect(flank !== undefined && isLateDeflection(flank, certain) ? flank : undefined).toEqual(strict);
    if (flank !== undefined) found++;
    if (strict !== undefined) late++;
  }
  expect(late).toBeGreaterThan(20);
  expect(found).toBeGreaterThan(late + 20);
});
