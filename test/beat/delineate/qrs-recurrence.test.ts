/** QRS bounds follow those of the average of beats of the same shape, on beats with known bounds at 500 Hz. */
import { describe, expect, test } from 'vitest';
import { type AverageBounds, recurringBounds } from '../../../src/beat/delineate/qrs-recurrence.ts';
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
const bounds = (offsets: readonly (number | undefined)[], isDoubtful: boolean) =>
  rPeaks.map((at, k) => ({
    onset: at - 15,
    offset: offsets[k] === undefined ? undefined : at + offsets[k]!,
    isDoubtful,
  }));
/** Where the average falls below a thousandth: √(2 ln 1000) = 3.72 widths, 23 samples after a narrow R peak, 56 after a wide one. */
const belowThousandth: AverageBounds = (average, rPeak) => ({
  onset: undefined,
  offset: average.findIndex((value, i) => i > rPeak && Math.abs(value) < 1e-3),
});
const offsetsAfter = (
  voltage: Float64Array,
  offsets: readonly (number | undefined)[],
  { isDoubtful = false, boundsOf = belowThousandth } = {},
) =>
  recurringBounds({ voltage, rPeaks, perMs: fs / 1000 }, bounds(offsets, isDoubtful), boundsOf).map(
    ({ offset }, k) => (offset === undefined ? undefined : offset - rPeaks[k]!),
  );

describe('recurringBounds', () => {
  test('moves a boundary far from that of the average', () => {
    const voltage = voltageOf(() => false);
    const offsets = [25, 25, 26, 25, 60, 24, 25, 25, 26, 25];
    expect(offsetsAfter(voltage, offsets)).toEqual(offsets.with(4, 23));
    const scattered = [25, 60, 25, 95, 60, 130, 95, 25, 130, 60];
    expect(offsetsAfter(voltage, scattered)).toEqual([25, 23, 25, 23, 23, 23, 23, 25, 23, 23]);
  });

  test('leaves beats of another shape, missing boundaries, and those that only differ by 12 ms', () => {
    const voltage = voltageOf(k => k === 4);
    const offsets = [25, 25, undefined, 25, 60, 24, 25, 29, 26, 25];
    expect(offsetsAfter(voltage, offsets)).toEqual(offsets);
  });

  test('averages beats that agree only where a late deflection may have been missed', () => {
    const voltage = voltageOf(() => false);
    const offsets = rPeaks.map(() => 45);
    expect(offsetsAfter(voltage, offsets)).toEqual(offsets);
    expect(offsetsAfter(voltage, offsets, { isDoubtful: true })).toEqual(rPeaks.map(() => 23));
  });

  test('moves none to where the complex goes on', () => {
    const voltage = voltageOf(() => false);
    const offsets = [5, 5, 5, 5, 25, 5, 5, 5, 5, 5];
    const boundsOf: AverageBounds = (_, rPeak) => ({ onset: undefined, offset: rPeak + 5 });
    expect(offsetsAfter(voltage, offsets, { boundsOf })).toEqual(offsets);
  });

  test('keeps both bounds where the voltage still changes after the agreed ones', () => {
    const voltage = voltageOf(() => false);
    const own = bounds(
      rPeaks.map(() => 25),
      true,
    );
    // From 14 to 16 samples after the peak the wave falls from 0.066 to 0.029 mV.
    const boundsOf: AverageBounds = (_, rPeak) => ({ onset: rPeak + 14, offset: rPeak + 16 });
    expect(recurringBounds({ voltage, rPeaks, perMs: fs / 1000 }, own, boundsOf)).toEqual(own);
  });

  test('finds the bounds of an average once for the beats in it', () => {
    const averaged: number[] = [];
    const boundsOf: AverageBounds = (average, rPeak, beat) => {
      averaged.push(beat);
      return belowThousandth(average, rPeak, beat);
    };
    const shapes = [() => false, (k: number) => k % 2 === 1];
    const found = shapes.map(isWide => {
      averaged.length = 0;
      const offsets = offsetsAfter(
        voltageOf(isWide),
        rPeaks.map(() => 80),
        { isDoubtful: true, boundsOf },
      );
      expect(offsets).toEqual(rPeaks.map((_, k) => (isWide(k) ? 56 : 23)));
      return [...averaged];
    });
    // Each average is of beats up to 8 away.
    expect(found).toEqual([
      [0, 9],
      [0, 1],
    ]);
  });

  test('counts each shape by itself in bigeminy', () => {
    const voltage = voltageOf(k => k % 2 === 1);
    const offsets: number[] = rPeaks.map((_, k) => (k % 2 === 1 ? 60 : 25));
    expect(offsetsAfter(voltage, offsets)).toEqual(offsets);
    expect(offsetsAfter(voltage, offsets.with(4, 60))).toEqual(offsets.with(4, 23));
  });
});
