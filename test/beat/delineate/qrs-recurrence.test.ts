/** QRS bounds follow those of beats of the same shape, on beats with known bounds at 500 Hz. */
import { describe, expect, test } from 'vitest';
import { recurringBounds } from '../../../src/beat/delineate/qrs-recurrence.ts';
import { sampled } from '../gaussian-waves.ts';

const fs = 500;
const rPeaks = Array.from({ length: 10 }, (_, k) => 400 + 400 * k);
/** Each beat one wave of 1 mV, wide ones inverted. */
const voltageOf = (isWide: (k: number) => boolean): Float64Array =>
  sampled(
    rPeaks.map((at, k) => ({
      amplitude: isWide(k) ? -1 : 1,
      centre: at / fs,
      width: isWide(k) ? 0.03 : 0.012,
    })),
    4800,
    fs,
  );
const bounds = (offsets: readonly (number | undefined)[]) =>
  rPeaks.map((at, k) => ({
    onset: at - 15,
    offset: offsets[k] === undefined ? undefined : at + offsets[k]!,
  }));
const offsetsAfter = (voltage: Float64Array, offsets: readonly (number | undefined)[]) =>
  recurringBounds(voltage, rPeaks, bounds(offsets), fs / 1000).map(({ offset }, k) =>
    offset === undefined ? undefined : offset - rPeaks[k]!,
  );

describe('recurringBounds', () => {
  test('moves a boundary to where most of the same shape have it', () => {
    const voltage = voltageOf(() => false);
    const offsets = [25, 25, 26, 25, 60, 24, 25, 25, 26, 25];
    expect(offsetsAfter(voltage, offsets)).toEqual(offsets.with(4, 25));
  });

  test('leaves beats of another shape, missing boundaries, and those that only differ by 24 ms', () => {
    const voltage = voltageOf(k => k === 4);
    const offsets = [25, 25, undefined, 25, 60, 24, 25, 37, 26, 25];
    expect(offsetsAfter(voltage, offsets)).toEqual(offsets);
  });

  test('moves none where the beats disagree, nor to where the complex goes on', () => {
    const voltage = voltageOf(() => false);
    const scattered = [25, 60, 25, 95, 60, 130, 95, 25, 130, 60];
    expect(offsetsAfter(voltage, scattered)).toEqual(scattered);
    const early = [5, 5, 5, 5, 25, 5, 5, 5, 5, 5];
    expect(offsetsAfter(voltage, early)).toEqual(early);
  });

  test('counts each shape by itself in bigeminy', () => {
    const voltage = voltageOf(k => k % 2 === 1);
    const offsets = rPeaks.map((_, k) => (k % 2 === 1 ? 60 : 25));
    expect(offsetsAfter(voltage, offsets)).toEqual(offsets);
    expect(offsetsAfter(voltage, offsets.with(4, 60))).toEqual(offsets);
  });
});
