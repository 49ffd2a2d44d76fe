/** Where a QRS complex begins and ends, on shapes with a known answer at 1000 Hz. */
import { describe, expect, test } from 'vitest';
import { flankEnd, settledBefore } from '../../../src/beat/delineate/qrs-end.ts';

/** Half sines: height (mV), first sample and length. */
const drawn = (...waves: readonly (readonly [height: number, from: number, length: number])[]) =>
  Float64Array.from({ length: 600 }, (_, i) =>
    waves.reduce(
      (sum, [height, from, length]) =>
        i < from || i > from + length ? sum : sum + height * Math.sin((Math.PI * (i - from)) / length),
      0,
    ),
  );

describe('settledBefore', () => {
  const search = { first: 250, rPeak: 360 };

  test('a settled onset stays, also after a P wave as high as a quarter of the complex', () => {
    const voltage = drawn([0.25, 180, 100], [1, 330, 60]);
    expect(settledBefore(voltage, { ...search, sample: 325 }, 1)).toBe(325);
  });

  test('an onset on the steep flank of an earlier peak is too late', () => {
    const voltage = drawn([0.8, 270, 60], [1, 330, 60]);
    const found = settledBefore(voltage, { ...search, sample: 323 }, 1)!;
    expect(found).toBeLessThan(323);
    // Within two fifths of the amplitude of the peak before it.
    expect(0.8 - voltage[found]!).toBeLessThanOrEqual(0.4);
  });

  test('in the trough between two peaks the steep peak before it is found', () => {
    const voltage = drawn([0.9, 240, 40], [1, 330, 60]);
    const found = settledBefore(voltage, { sample: 322, first: 200, rPeak: 360 }, 1)!;
    expect(found).toBeGreaterThan(235);
    expect(found).toBeLessThan(280);
  });

  test('a signal that changes all the way back has no onset', () => {
    const voltage = Float64Array.from({ length: 600 }, (_, i) => Math.sin(i / 10));
    expect(settledBefore(voltage, { ...search, sample: 330 }, 1)).toBeUndefined();
  });
});

describe('flankEnd', () => {
  // 0.2 of the steepest slope from 300 to 340, then 1, and -1 after the peak at 360; 0.1 from 400 on.
  const slope = Float64Array.from({ length: 600 }, (_, i) =>
    i < 300 ? 0 : i < 340 ? 0.2 : i < 360 ? 1 : i < 400 ? -1 : -0.1,
  );

  test('is where the slope falls below 15 % of the steepest, or turns', () => {
    expect(flankEnd(slope, 335, 360, 0)).toBe(299);
    expect(flankEnd(slope, 390, 360, 599)).toBe(400);
    expect(flankEnd(slope, 420, 360, 599)).toBe(420);
  });

  test('is the boundary itself where the flank leads into a T wave', () => {
    // From the end of the complex at 400 the slope increases again.
    const rising = slope.map((value, i) => (i < 400 ? value : i < 410 ? -0.2 : -0.2 - 0.01 * (i - 410)));
    expect(flankEnd(rising, 402, 360, 599)).toBe(402);
    expect(flankEnd(rising, 335, 360, 0)).toBe(299);
  });

  test('is no farther than the limit', () => {
    expect(flankEnd(slope, 335, 360, 320)).toBe(320);
  });
});
