/** QRS bounds follow those of the average of beats of the same shape, on beats with known bounds at 500 Hz. */
import { describe, expect, test } from 'vitest';
import { type AverageBounds, recurringBounds } from '../../../src/beat/delineate/qrs-recurrence.ts';
import { createRandom } from '../../../src/random.ts';
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

  describe.each([400, 900])('beats in noise every %d samples, every third one wide', interval => {
    const perMs = fs / 1000;
    const isWide = (k: number): boolean => k % 3 === 2;
    const many = Array.from({ length: 120 }, (_, k) => interval * (k + 1) + ((k * 37) % 90));
    const waves = many.map((at, k) => ({
      amplitude: isWide(k) ? -1 : 1,
      centre: at / fs,
      width: isWide(k) ? 0.03 : 0.012,
    }));
    const random = createRandom(5);
    const voltage = sampled(waves, interval * 122, fs).map(value => value + 0.005 * random.normal());
    const own = many.map(at => ({ onset: at - 15, offset: at + 140, isDoubtful: true }));

    /** Offsets from the R peak of the beats `[from, to)`, measured with the beats of 20 s before and after them. */
    function measured(from: number, to: number) {
      const start = Math.max(0, (many[from] ?? 0) - 20 * fs);
      const end = Math.min(voltage.length, many[to - 1]! + 20 * fs);
      const known = many.flatMap((at, k) => (start <= at && at < end ? k : []));
      const averages: number[] = [];
      // The sum differs from average to average: a beat with that of other beats has another offset.
      const boundsOf: AverageBounds = (average, rPeak, beat) => {
        averages.push(beat);
        const area = average.subarray(rPeak - 100, rPeak + 100).reduce((sum, value) => sum + value, 0);
        return { onset: undefined, offset: rPeak + 100 + area };
      };
      const found = recurringBounds(
        { voltage: voltage.slice(start, end), rPeaks: known.map(k => many[k]! - start), perMs },
        known.map(k => ({ onset: own[k]!.onset - start, offset: own[k]!.offset - start, isDoubtful: true })),
        boundsOf,
      );
      const offsets = known.map((k, i) => found[i]!.offset! + start - many[k]!);
      return { offsets: offsets.filter((_, i) => from <= known[i]! && known[i]! < to), averages };
    }

    test('share averages with beats of the same shape', () => {
      const { averages } = measured(0, many.length);
      expect(new Set(averages).size).toBe(averages.length);
      expect(averages.length).toBeLessThan(many.length / 2);
    });

    test('have the same bounds however the lead is divided', () => {
      const whole = measured(0, many.length).offsets;
      expect(whole.filter(offset => offset < 140).length).toBeGreaterThan(many.length / 2);
      expect(new Set(whole.map(offset => offset.toFixed(6))).size).toBeGreaterThan(10);
      for (const length of [1, 7, 30, 50]) {
        for (let from = 0; from < many.length; from += length) {
          const to = Math.min(many.length, from + length);
          const { offsets } = measured(from, to);
          expect(offsets).toHaveLength(to - from);
          for (const [i, offset] of offsets.entries()) expect(offset).toBeCloseTo(whole[from + i]!, 9);
        }
      }
    });
  });

  test('counts each shape by itself in bigeminy', () => {
    const voltage = voltageOf(k => k % 2 === 1);
    const offsets: number[] = rPeaks.map((_, k) => (k % 2 === 1 ? 60 : 25));
    expect(offsetsAfter(voltage, offsets)).toEqual(offsets);
    expect(offsetsAfter(voltage, offsets.with(4, 60))).toEqual(offsets.with(4, 23));
  });
});
