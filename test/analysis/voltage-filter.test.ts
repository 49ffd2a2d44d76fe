import { describe, expect, test } from 'vitest';
import { openRecording } from '../../src/analysis/open-recording.ts';
import {
  describeFilter,
  filteredRecording,
  filterVoltage,
  type VoltageFilter,
} from '../../src/analysis/voltage-filter.ts';
import { searchPathSource } from '../../src/node/search-path.ts';
import { onRecordings } from '../real/recordings.ts';

const rate = 500;
const sine = (hz: number): Float64Array =>
  Float64Array.from({ length: 20 * rate }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rate));
/** Of the middle, away from the ends. */
const size = (x: Float64Array): number => Math.max(...x.subarray(8 * rate, 12 * rate).map(Math.abs));

describe('filterVoltage', () => {
  test.each<[VoltageFilter, number, number]>([
    [{ highCutHz: 40 }, 40, 0.5],
    [{ lowCutHz: 0.5 }, 0.5, 0.5],
    [{ lowCutHz: 0.5, highCutHz: 40 }, 5, 1],
    [{ notchHz: 50 }, 50, 0],
    [{ notchHz: 50 }, 100, 0],
    [{ notchHz: 50 }, 20, 1],
  ])('%j leaves of a sine of %f Hz the fraction %f', (filter, hz, left) => {
    expect(size(filterVoltage(sine(hz), rate, filter))).toBeCloseTo(left, 2);
  });

  test('baseline takes a drift out and leaves a QRS complex', () => {
    const drift = Float64Array.from({ length: 5000 }, (_, i) => 2 * Math.sin((2 * Math.PI * 0.1 * i) / rate));
    const complex = drift.map((v, i) => v + (i % 500 === 250 ? 1 : 0));
    const out = filterVoltage(complex, rate, { baseline: true });
    expect(
      Math.max(...out.subarray(1000, 4000).map((v, i) => Math.abs(v - (i % 500 === 250 ? 1 : 0)))),
    ).toBeLessThan(0.05);
  });
});

test('a filter in words', () => {
  expect(describeFilter({ lowCutHz: 0.5, highCutHz: 40, notchHz: 50, baselineRemoved: true })).toBe(
    'baseline removed, 0.5–40 Hz, notches at 50 Hz and harmonics',
  );
  expect(describeFilter({})).toBe('');
});

onRecordings('mitdb')('MIT-BIH', () => {
  test.each<[VoltageFilter]>([
    [{ lowCutHz: 0.5, highCutHz: 40 }],
    [{ lowCutHz: 0.05 }],
    [{ baseline: true, notchHz: 60 }],
  ])('pieces filtered with %j are the whole filtered', { timeout: 60_000 }, async filter => {
    const recording = await openRecording(searchPathSource(), 'mitdb/203');
    const filtered = filteredRecording(recording.withSignals(['MLII']), filter);
    const whole = filterVoltage((await recording.read(['MLII'])).signals[0]!.physical, 360, filter);
    let at = 0;
    let furthest = 0;
    let pieces = 0;
    for await (const { signals } of filtered.pieces()) {
      pieces++;
      for (const value of signals[0]!.physical) {
        // At the record's ends a filter starts from rest, to a part in 10⁴, on whichever line goes through the ends.
        const isAtEnd = at < 120 * 360 || at > whole.length - 120 * 360;
        const difference = Math.abs(value - whole[at++]!);
        furthest = Math.max(furthest, isAtEnd ? difference / 1000 : difference);
      }
    }
    expect(pieces).toBeGreaterThan(2);
    expect(at).toBe(whole.length);
    expect(furthest).toBeLessThan(1e-6);
    const read = (await filtered.read()).signals[0]!.physical;
    expect(read[1000]).toBe(whole[1000]);
  });
});
