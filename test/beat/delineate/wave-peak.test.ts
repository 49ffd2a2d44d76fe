import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fittedLine } from '../../../src/beat/delineate/fitted-line.ts';
import { typicalPeaks } from '../../../src/beat/delineate/typical-peak.ts';
import { tPeakModel } from '../../../src/beat/delineate/wave-models.ts';
import { findPeaks, type PeakModel, turningPoints } from '../../../src/beat/delineate/wave-peak.ts';
import { savitzkyGolay } from '../../../src/diff/savitzky-golay.ts';
import { createRandom } from '../../../src/random.ts';
import { sampled, type Wave } from '../gaussian-waves.ts';

const fs = 500;
const model: PeakModel = {
  lineMs: 28,
  first: -240,
  last: -20,
  usual: -120,
  spread: 30,
  reaches: [24, 48],
  level: 'median',
  weights: [0, 0, 1, 1, 0, 0],
};
const slopeOf = (voltage: Float64Array): Float64Array =>
  savitzkyGolay({ windowSamples: 15, degree: 1, derivativeOrder: 1 }, voltage.length, fs).apply(voltage);
const interval = { anchor: 400, start: 250, end: 401 };
const wave = (centre: number, amplitude: number): Wave => ({ centre, amplitude, width: 0.014 });
const seen = (waves: readonly Wave[], voltage = sampled(waves, fs, fs)) =>
  turningPoints(model, voltage, slopeOf(voltage), fs, interval);

describe('turningPoints', () => {
  test('lie within the interval, also where the voltage turns between its first sample and the one before', () => {
    // It begins within the times of the model.
    const late = { ...interval, start: 320 };
    let atStart = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), seed => {
        const random = createRandom(seed);
        const noise = Float64Array.from({ length: fs }, () => random.normal());
        for (const { sample } of turningPoints(model, noise, slopeOf(noise), fs, late)) {
          expect(sample).toBeGreaterThanOrEqual(late.start);
          expect(sample).toBeLessThan(late.end);
          if (sample === late.start) atStart++;
        }
      }),
      { seed: 5, numRuns: 200 },
    );
    expect(atStart).toBeGreaterThan(0);
  });

  test('are where the voltage turns, with their heights over the mean of both sides', () => {
    const [first, ...others] = seen([wave(0.62, 0.2)]).filter(({ heights }) => Math.abs(heights[0]!) > 1e-3);
    expect(others.every(({ sample }) => Math.abs(sample - 310) > 20)).toBe(true);
    expect(first!.sample).toBe(310);
    expect(first!.time).toBe(-180);
    for (const [j, reach] of model.reaches.entries()) {
      const side = 0.2 * Math.exp(-((reach / 14) ** 2) / 2);
      expect(first!.heights[j]).toBeCloseTo(0.2 - side, 12);
    }
  });

  test('before the most prominent one are left out where they are low relative to it', () => {
    const voltage = sampled([wave(0.57, 0.02), wave(0.62, 0.05), wave(0.69, 0.2), wave(0.75, 0.02)], fs, fs);
    const times = (leastProminence?: number): number[] =>
      turningPoints(
        leastProminence === undefined ? model : { ...model, leastProminence },
        voltage,
        slopeOf(voltage),
        fs,
        interval,
      )
        .filter(({ heights }) => heights[0]! > 1e-3)
        .map(({ sample }) => 5 * Math.round(sample / 5));
    expect(times()).toEqual([285, 310, 345, 375]);
    expect(times(0.15)).toEqual([310, 345, 375]);
  });

  test('are none where a sample is invalid', () => {
    const voltage = sampled([wave(0.62, 0.2)], fs, fs);
    voltage[290] = Number.NaN;
    expect(seen([], voltage).every(({ sample }) => Math.abs(sample - 290) > 7)).toBe(true);
  });
});

describe('findPeaks', () => {
  const beats = 6;
  const length = beats * fs;
  const record = (waves: readonly (readonly Wave[])[]): Float64Array =>
    sampled(
      waves.flatMap((own, k) => own.map(w => ({ ...w, centre: w.centre + k }))),
      length,
      fs,
    );
  const intervals = Array.from({ length: beats }, (_, k) => ({
    anchor: 400 + k * fs,
    start: 250 + k * fs,
    end: 401 + k * fs,
  }));
  const find = (voltage: Float64Array) =>
    findPeaks(model, { smooth: voltage, slope: slopeOf(voltage) }, fs, intervals);
  const samples = (voltage: Float64Array) => find(voltage).map((peak, k) => peak!.point.sample - k * fs);

  test('of two lobes the taller is the peak, whichever polarity, gain and offset the lead has', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.boolean(),
        fc.double({ min: -5, max: 5, noNaN: true }),
        (gain, inverted, offset) => {
          const lobes = record(Array.from({ length: beats }, () => [wave(0.6, -0.1), wave(0.66, 0.14)]));
          const changed = lobes.map(v => (inverted ? -gain : gain) * v + offset);
          expect(samples(changed)).toEqual(samples(lobes));
          expect(samples(lobes).every(sample => Math.abs(sample - 330) <= 1)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('a taller stray wave in one beat gives way to the place where the others have theirs', () => {
    const usual = [wave(0.62, 0.1)];
    const waves = Array.from({ length: beats }, (_, k) => (k === 2 ? [...usual, wave(0.72, -0.15)] : usual));
    expect(samples(record(waves))).toEqual(new Array(beats).fill(310));
    for (const peak of find(record(waves))) expect(peak!.support).toBeCloseTo(1, 6);
  });

  test('waves that come at a new place in every beat have little support', () => {
    const places = [0.6, 0.74, 0.64, 0.7, 0.57, 0.67];
    const peaks = find(record(places.map((centre, k) => [wave(centre, k % 2 === 0 ? 0.1 : -0.1)])));
    for (const peak of peaks) expect(peak!.support).toBeLessThan(0.2);
  });

  test('one beat alone has no support to speak of, and no interval no peak', () => {
    const voltage = record(Array.from({ length: beats }, () => [wave(0.62, 0.1)]));
    const [only] = findPeaks(model, { smooth: voltage, slope: slopeOf(voltage) }, fs, intervals.slice(0, 1));
    expect(only!.point.sample).toBe(310);
    expect(only!.support).toBeUndefined();
    expect(findPeaks(model, { smooth: voltage, slope: slopeOf(voltage) }, fs, [undefined])).toEqual([
      undefined,
    ]);
  });
});

describe('typicalPeaks', () => {
  test('a T wave of 0.1 mV at 600 ms, in noise of 0.03 mV, is shown by the neighbouring beats', () => {
    const random = createRandom(2);
    const rPeaks = Array.from({ length: 20 }, (_, k) => 200 + 650 * k);
    const voltage = new Float64Array(13_500).map((_, i) => {
      const after = (i - 200) % 650;
      return 0.1 * Math.exp(-(((after - 300) / 25) ** 2) / 2) + 0.03 * random.normal();
    });
    const intervals = rPeaks.map(anchor => ({ anchor, start: anchor + 30, end: anchor + 550 }));
    const found = typicalPeaks(
      tPeakModel,
      fittedLine(voltage, 500, tPeakModel.lineMs).smooth,
      500,
      intervals,
    );
    expect(found).toHaveLength(20);
    for (const peak of found) expect(Math.abs(peak!.time - 600)).toBeLessThanOrEqual(16);
    expect(typicalPeaks(tPeakModel, voltage, 500, intervals.slice(0, 3))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(typicalPeaks(tPeakModel, voltage, 500, [undefined])).toEqual([undefined]);
  });
});
