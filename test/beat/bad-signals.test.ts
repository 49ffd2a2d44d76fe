/** Whatever the signal, measuring it ends, throws nothing, and gives numbers that are finite or absent. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { delineate } from '../../src/beat/delineate/delineate.ts';
import { heartRateVariability } from '../../src/beat/hrv/heart-rate-variability.ts';
import { rrIntervals } from '../../src/beat/hrv/rr-intervals.ts';
import { medianBeat } from '../../src/beat/median-beat.ts';
import { measureQuality } from '../../src/beat/quality/quality.ts';
import { measureSlopes } from '../../src/beat/slopes/measure-slopes.ts';
import { measureQrsIndices } from '../../src/beat/slopes/qrs-indices.ts';
import { createRandom } from '../../src/random.ts';
import { beatAt, sampled } from './gaussian-waves.ts';

const seconds = 6;
const at = [0.7, 1.5, 2.3, 3.1, 3.9, 4.7, 5.4];

const makers: Record<string, (fs: number) => Float64Array> = {
  beats: fs =>
    sampled(
      at.flatMap(t => beatAt(t)),
      seconds * fs,
      fs,
    ),
  flat: fs => new Float64Array(seconds * fs).fill(-0.3),
  invalid: fs => new Float64Array(seconds * fs).fill(Number.NaN),
  noise: fs => {
    const random = createRandom(1);
    return Float64Array.from({ length: seconds * fs }, () => random.normal());
  },
  'a spike every 0.1 s': fs =>
    Float64Array.from({ length: seconds * fs }, (_, i) => (i % Math.round(fs / 10) === 0 ? 5 : 0)),
  saturation: fs => makers.beats!(fs).map(v => Math.max(-0.2, Math.min(0.4, v))),
  'a square wave': fs => Float64Array.from({ length: seconds * fs }, (_, i) => ((i / fs) % 1 < 0.5 ? 1 : -1)),
  'gaps of invalid samples': fs => makers.beats!(fs).map((v, i) => ((i / fs) % 1 < 0.15 ? Number.NaN : v)),
  'huge numbers': fs => makers.beats!(fs).map(v => v * 1e300),
  'tiny numbers': fs => makers.beats!(fs).map(v => v * 1e-300),
  infinities: fs => makers.beats!(fs).map((v, i) => (i % 97 === 0 ? Number.POSITIVE_INFINITY : v)),
};

/** Every number anywhere in the value. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (value instanceof Float64Array) return [...value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(numbersIn) : [];
}

describe.each(Object.entries(makers))('%s', (name, make) => {
  test.each([50, 100, 360, 1000])('at %i Hz', fs => {
    const voltage = make(fs);
    const peaks = at.map(t => Math.round(t * fs));
    const measured = measureSlopes(voltage, fs, peaks);
    expect(measured.beats).toHaveLength(peaks.length);
    const quality = measureQuality(voltage, fs, peaks);
    expect(quality.beats).toHaveLength(peaks.length);
    if (['beats', 'huge numbers', 'tiny numbers'].includes(name)) {
      expect(quality.beats.every(({ good }) => good)).toBe(true);
    }
    if (['flat', 'invalid', 'noise'].includes(name)) {
      expect(quality.beats.some(({ good }) => good)).toBe(false);
    }
    const results = [
      measured,
      measureQrsIndices(voltage, fs, measured.beats),
      delineate(voltage, fs, peaks),
      quality,
      heartRateVariability(rrIntervals(peaks, fs)),
    ];
    for (const n of numbersIn(results)) expect(Number.isFinite(n)).toBe(true);
    const beat = medianBeat(voltage, fs, peaks, { before: 0.2, after: 0.3 });
    if (name === 'invalid') expect(beat).toBeUndefined();
    if (name === 'beats') expect(beat!.beats).toBe(peaks.length);
    for (const { qrsOnset, qrsOffset, peakSample, upstroke, downstroke } of measured.beats) {
      if (qrsOnset === undefined || qrsOffset === undefined) continue;
      expect(qrsOnset).toBeLessThan(qrsOffset);
      if (peakSample !== undefined) {
        expect(peakSample).toBeGreaterThanOrEqual(qrsOnset);
        expect(peakSample).toBeLessThanOrEqual(qrsOffset);
      }
      if (upstroke !== undefined) expect(upstroke.slope).toBeGreaterThan(0);
      if (downstroke !== undefined) expect(downstroke.slope).toBeLessThan(0);
    }
  });
});

test('any short signal, any R peaks in it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -5, max: 5 }), { minLength: 1, maxLength: 400 }),
      fc.constantFrom(100, 250, 500),
      fc.infiniteStream(fc.integer({ min: 1, max: 200 })),
      (values, fs, steps) => {
        const voltage = Float64Array.from(values);
        const peaks: number[] = [];
        for (const step of steps) {
          const next = (peaks.at(-1) ?? -1) + step;
          if (next >= voltage.length) break;
          peaks.push(next);
        }
        const measured = measureSlopes(voltage, fs, peaks);
        measureQrsIndices(voltage, fs, measured.beats);
        expect(measureQuality(voltage, fs, peaks).beats).toHaveLength(peaks.length);
        expect(delineate(voltage, fs, peaks)).toHaveLength(peaks.length);
      },
    ),
    { seed: 12, numRuns: 200 },
  );
});
