import { describe, expect, test } from 'vitest';
import { delineate } from '../../../src/beat/delineate/delineate.ts';
import { createRandom } from '../../../src/random.ts';
import { standardLead } from '../../../src/synth/leads.ts';
import { synthesize } from '../../../src/synth/synthesize.ts';
import { beatAt, sampled } from '../gaussian-waves.ts';

const at = Array.from({ length: 10 }, (_, k) => 0.7 + 0.85 * k);
const length = 9.4;
const record = (fs: number, keep: (wave: number) => boolean = () => true): Float64Array =>
  sampled(
    at.flatMap(t => beatAt(t).filter((_, wave) => keep(wave))),
    Math.round(length * fs),
    fs,
  );
const peaks = (fs: number): number[] => at.map(t => Math.round(t * fs));
/** Beats with a whole neighbourhood. */
const inner = (beats: ReturnType<typeof delineate>) => beats.slice(1, -1);

describe('delineate', () => {
  test.each([128, 250, 360, 500, 1000])('finds P, QRS and T of beats of known shape at %i Hz', fs => {
    for (const { rPeak, qrs, p, t } of inner(delineate(record(fs), fs, peaks(fs)))) {
      const ms = (sample: number): number => ((sample - rPeak) / fs) * 1000;
      // Peaks at −170 and 260 ms; widths (standard deviations) 22 and 45 ms.
      expect(Math.abs(ms(p!.peak) + 170)).toBeLessThan(10);
      expect(Math.abs(ms(t!.peak) - 260)).toBeLessThan(10);
      expect(Math.abs(ms(p!.onset) + 170 + 2.4 * 22)).toBeLessThan(20);
      expect(Math.abs(ms(p!.offset) + 170 - 2.4 * 22)).toBeLessThan(20);
      expect(Math.abs(ms(t!.onset) - 260 + 2.4 * 45)).toBeLessThan(45);
      expect(Math.abs(ms(t!.offset) - 260 - 2.4 * 45)).toBeLessThan(35);
      expect(p!.offset).toBeLessThan(qrs.onset!);
      expect(t!.onset).toBeGreaterThanOrEqual(qrs.offset!);
    }
  });

  test.each([
    [250, 60],
    [250, 140],
    [1000, 60],
    [1000, 140],
  ])('at %i Hz and %i beats a minute each R peak has its entry, its QRS and its T wave', (fs, mean) => {
    const ecg = synthesize({
      samplingFrequency: fs,
      seconds: 20,
      seed: 1,
      leads: [standardLead('II')],
      heartRate: { mean, sd: 1, lfHfRatio: 0.5 },
    });
    const rPeaks = ecg.beats.map(beat => beat.rPeak.sample);
    const found = delineate(ecg.leads[0]!.voltage, fs, rPeaks);
    expect(found.map(beat => beat.rPeak)).toEqual(rPeaks);
    const ms = (sample: number | undefined, time: number): number =>
      Math.abs((sample ?? Number.NaN) / fs - time) * 1000;
    for (const [k, { qrs, p, t }] of found.entries()) {
      if (k === 0 || k === found.length - 1) continue;
      const exact = ecg.beats[k]!.leads[0]!;
      expect(ms(qrs.onset, exact.qrsOnsetTime)).toBeLessThan(15);
      expect(ms(qrs.offset, exact.qrsOffsetTime)).toBeLessThan(15);
      expect(ms(t!.peak, exact.t!.peak)).toBeLessThan(5);
      // At 140 T runs into P, and P may be absent; but it is never the T wave.
      if (mean < 140) expect(p).toBeDefined();
      if (p !== undefined) expect(ms(p.peak, exact.p!.peak)).toBeLessThan(15);
    }
  });

  test('a P wave that lies in the T wave before it is absent', () => {
    const ecg = synthesize({
      samplingFrequency: 500,
      seconds: 20,
      seed: 1,
      leads: [standardLead('II')],
      heartRate: { mean: 170, sd: 1, lfHfRatio: 0.5 },
    });
    const rPeaks = ecg.beats.map(beat => beat.rPeak.sample);
    const found = delineate(ecg.leads[0]!.voltage, 500, rPeaks).slice(1);
    expect(found.filter(({ p }) => p !== undefined)).toEqual([]);
    expect(found.filter(({ t }) => t !== undefined).length).toBeGreaterThan(0.9 * found.length);
  });

  test('turning the signal over or scaling it changes no time, and amplitudes in proportion', () => {
    const scaled = (factor: number) =>
      delineate(
        record(360).map(v => factor * v),
        360,
        peaks(360),
      );
    const timesOf = (beats: ReturnType<typeof delineate>) => beats.map(({ qrsWaves: _, ...times }) => times);
    const base = scaled(1);
    // Inverted, q, R and S are R, S and r′.
    expect(timesOf(scaled(-1))).toEqual(timesOf(base));
    const larger = scaled(20);
    expect(timesOf(larger)).toEqual(timesOf(base));
    for (const [k, { qrsWaves }] of base.entries()) {
      for (const wave of ['q', 'r', 's', 'rPrime'] as const) {
        const found = larger[k]!.qrsWaves?.[wave];
        expect(found?.sample).toBe(qrsWaves?.[wave]?.sample);
        expect((found?.amplitude ?? 0) / 20).toBeCloseTo(qrsWaves?.[wave]?.amplitude ?? 0, 12);
      }
    }
  });

  test('a P wave that is not there is absent, and so is a T wave', () => {
    for (const { p, t } of inner(
      delineate(
        record(500, wave => wave !== 0),
        500,
        peaks(500),
      ),
    )) {
      expect(p).toBeUndefined();
      expect(t).toBeDefined();
    }
    for (const { p, t } of inner(
      delineate(
        record(500, wave => wave !== 4),
        500,
        peaks(500),
      ),
    )) {
      expect(p).toBeDefined();
      expect(t).toBeUndefined();
    }
  });

  test('fibrillation has no P wave: what turns before a QRS complex at a new place each time is none', () => {
    const fs = 360;
    const random = createRandom(5);
    const times = Array.from({ length: 30 }, () => 0.55 + 0.5 * random.uniform());
    const beats = times.map((_, k) => times.slice(0, k + 1).reduce((sum, rr) => sum + rr, 0));
    const voltage = sampled(
      beats.flatMap(t => beatAt(t).slice(1)),
      Math.round((beats.at(-1)! + 1) * fs),
      fs,
    );
    let phase = 0;
    for (let i = 0; i < voltage.length; i++) {
      phase += (2 * Math.PI * (6 + 0.5 * random.normal())) / fs;
      voltage[i]! += 0.05 * Math.sin(phase) + 0.003 * random.normal();
    }
    const found = delineate(
      voltage,
      fs,
      beats.map(t => Math.round(t * fs)),
    );
    expect(found.filter(({ p }) => p !== undefined).length).toBeLessThanOrEqual(3);
    expect(found.slice(0, -1).every(({ t }) => t !== undefined)).toBe(true);
  });

  test('a flat or invalid signal, one sample and none have no waves', () => {
    const nothing = { qrs: { onset: undefined, offset: undefined }, p: undefined, t: undefined };
    for (const voltage of [new Float64Array(2000), new Float64Array(2000).fill(Number.NaN)]) {
      expect(delineate(voltage, 500, [500, 1000])).toEqual([
        { rPeak: 500, ...nothing },
        { rPeak: 1000, ...nothing },
      ]);
    }
    expect(delineate(Float64Array.of(1), 500, [0])).toEqual([{ rPeak: 0, ...nothing }]);
    expect(delineate(new Float64Array(0), 500, [])).toEqual([]);
    expect(() => delineate(new Float64Array(10), 500, [10])).toThrow(RangeError);
  });
});
