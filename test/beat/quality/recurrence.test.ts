/** Beats recur where one shape returns at them and nowhere between; signals are synthetic, beats those of the detector. */
import { describe, expect, test } from 'vitest';
import { detectQrs } from '../../../src/beat/detect/detect-qrs.ts';
import { complexProminences, hasQrsComplexes } from '../../../src/beat/intervals/qrs-prominence.ts';
import { leadBins } from '../../../src/beat/quality/bins.ts';
import { recurrenceOf } from '../../../src/beat/quality/recurrence.ts';
import { findSpansWithoutQrs } from '../../../src/beat/quality/without-qrs.ts';
import { createRandom } from '../../../src/random.ts';
import { sampled, type Wave } from '../gaussian-waves.ts';
import { ecg, narrowBand, noise, plus, pWaves } from '../without-qrs-signals.ts';

const seconds = 40;
const hum = (fs: number, hertz: number, amplitude: number): Float64Array =>
  Float64Array.from({ length: seconds * fs }, (_, i) => amplitude * Math.sin((2 * Math.PI * hertz * i) / fs));

/** Beats of these waves around each R peak, at `rate` a minute with a little variation. */
function rhythm(fs: number, rate: number, waves: readonly Wave[]): Float64Array {
  const random = createRandom(3);
  const all: Wave[] = [];
  for (let t = 0.6; t < seconds - 0.5; t += (60 / rate) * (1 + 0.015 * random.normal())) {
    for (const wave of waves) all.push({ ...wave, centre: wave.centre + t });
  }
  return plus(sampled(all, seconds * fs, fs), noise(fs, seconds, 0.01));
}

const wave = (amplitude: number, centre: number, width: number): Wave => ({ amplitude, centre, width });
/** A QRS complex of 0.3 s with its T wave. */
const veryWide = [
  wave(-0.1, -0.084, 0.024),
  wave(1, 0, 0.03),
  wave(-0.25, 0.084, 0.027),
  wave(0.3, 0.26, 0.04),
];
/** Without level parts, as in hyperkalaemia. */
const sineWave = [wave(1, 0, 0.09), wave(-0.8, 0.36, 0.11)];
const inverted = veryWide.map(of => ({ ...of, amplitude: -of.amplitude }));

const recurring = (voltage: Float64Array, fs: number): number => {
  const rPeaks = detectQrs(voltage, fs);
  const recurs = recurrenceOf(leadBins(voltage, 10 * fs), rPeaks);
  return Array.from(rPeaks.keys()).filter(recurs).length / rPeaks.length;
};

/** Similarity as the file of `recurrenceOf` defines it, at every place within the ends; NaN beyond them. */
function similarityAt(values: Float64Array, a: number, b: number, reach: number): number {
  if (Math.min(a, b) < reach || Math.max(a, b) + reach >= values.length) return Number.NaN;
  const offsets = Array.from({ length: 2 * reach + 1 }, (_, k) => k - reach);
  const sum = (of: (k: number) => number): number => offsets.reduce((total, k) => total + of(k), 0);
  return (
    (2 * sum(k => values[a + k]! * values[b + k]!)) / sum(k => values[a + k]! ** 2 + values[b + k]! ** 2)
  );
}

/** Whether beat `k` recurs, from the similarity of all places without any bound; 100 values a second. */
function recursByDefinition(values: Float64Array, centres: readonly number[], k: number): boolean {
  const smooth = values.map((value, i) => (value + (values[i - 1] ?? Number.NaN)) / 2);
  const greatest = (from: number, to: number): number => {
    const all: number[] = [];
    for (let at = from; at <= to; at++) all.push(similarityAt(smooth, centres[k]!, at, 15));
    return Math.max(-1, ...all.filter(value => !Number.isNaN(value)));
  };
  const others = centres.filter((_, j) => j !== k && Math.abs(j - k) <= 4);
  const isFast = [k, k + 1].some(j => centres[j]! - centres[j - 1]! < 35);
  if (others.filter(at => greatest(at - 2, at + 2) >= (isFast ? 0.97 : 0.9)).length < 3) return false;
  return [k - 1, k].every(j => {
    if (j < 0 || j + 1 >= centres.length) return true;
    const interval = centres[j + 1]! - centres[j]!;
    const away = Math.min(15, Math.round(0.4 * interval));
    return interval >= 24 && greatest(centres[j]! + away, centres[j + 1]! - away) <= 0.7;
  });
}

const isEcg = (voltage: Float64Array, fs: number): boolean =>
  hasQrsComplexes([complexProminences(voltage, fs, detectQrs(voltage, fs))]);

describe.each([250, 500])('at %i Hz', fs => {
  const withQrs: Record<string, Float64Array> = {
    'an ECG': plus(ecg(fs, seconds).voltage, noise(fs, seconds, 0.01)),
    'an ECG in hum of 60 Hz': plus(ecg(fs, seconds).voltage, hum(fs, 60, 0.4)),
    'an ECG in hum of 50 Hz': plus(ecg(fs, seconds).voltage, hum(fs, 50, 0.6)),
    'very wide complexes': rhythm(fs, 70, veryWide),
    'very wide negative complexes': rhythm(fs, 55, inverted),
    'a sine wave': rhythm(fs, 60, sineWave),
    'a faster sine wave': rhythm(fs, 70, sineWave),
  };
  test.each(Object.entries(withQrs))('%s recurs and is neither noise nor fibrillation', (_, voltage) => {
    expect(recurring(voltage, fs)).toBeGreaterThan(0.9);
    expect(isEcg(voltage, fs)).toBe(true);
    expect(findSpansWithoutQrs(voltage, fs, detectQrs(voltage, fs))).toEqual([]);
  });

  const withoutQrs: Record<string, Float64Array> = {
    'white noise': noise(fs, seconds, 0.3),
    'noise below 40 Hz': noise(fs, seconds, 0.3, 40),
    'noise below 15 Hz': noise(fs, seconds, 0.3, 15),
    'hum of 50 Hz': plus(hum(fs, 50, 0.4), noise(fs, seconds, 0.01)),
    'hum of 60 Hz': plus(hum(fs, 60, 0.4), noise(fs, seconds, 0.01)),
    'fibrillation at 4 Hz': narrowBand(fs, seconds, 4, 0.6),
    'fibrillation at 6 Hz': narrowBand(fs, seconds, 6, 0.6),
  };
  test.each(Object.entries(withoutQrs))('%s does not', (_, voltage) => {
    const rPeaks = detectQrs(voltage, fs);
    if (rPeaks.length > 0) expect(recurring(voltage, fs)).toBeLessThan(0.1);
    const marks = rPeaks.length > 10 ? rPeaks : Int32Array.from({ length: 40 }, (_, k) => 100 + k * fs * 0.9);
    expect(hasQrsComplexes([complexProminences(voltage, fs, marks)])).toBe(false);
  });

  test.each([60, 85, 110])('P waves alone at %i a minute are no QRS complexes, though they recur', rate => {
    const voltage = plus(pWaves(fs, seconds, rate, 0.022), noise(fs, seconds, 0.005));
    expect(detectQrs(voltage, fs).length).toBeGreaterThan(20);
    expect(isEcg(voltage, fs)).toBe(false);
  });

  test.each(['white', '50 Hz', '60 Hz'])('%s in place of the ECG is a span of noise', kind => {
    const voltage = plus(ecg(fs, seconds).voltage, noise(fs, seconds, 0.01));
    const instead = kind === 'white' ? noise(fs, seconds, 0.5) : hum(fs, Number.parseInt(kind, 10), 0.5);
    voltage.set(instead.subarray(0, 11 * fs), 15 * fs);
    const rPeaks = detectQrs(voltage, fs);
    const spans = findSpansWithoutQrs(voltage, fs, rPeaks);
    const inside = (second: number): boolean =>
      spans.some(({ start, end }) => second * fs >= start && second * fs < end);
    for (const second of [17, 20, 24]) expect(inside(second)).toBe(true);
    for (const second of [3, 12, 29, 38]) expect(inside(second)).toBe(false);
    expect(isEcg(voltage, fs)).toBe(true);
    const outside = Array.from(rPeaks).filter(sample => !inside(sample / fs)).length;
    expect(Math.abs(outside - (seconds - 12) / 0.8)).toBeLessThanOrEqual(3);
  });
});

test('bounds exclude no place that a complete comparison would find', () => {
  const fs = 100;
  const signals = [
    plus(ecg(fs, seconds).voltage, noise(fs, seconds, 0.1)),
    plus(rhythm(fs, 110, veryWide), noise(fs, seconds, 0.25)),
    rhythm(fs, 100, sineWave),
    noise(fs, seconds, 0.3, 8),
    narrowBand(fs, seconds, 4, 0.6),
  ];
  let recurring = 0;
  for (const [which, voltage] of signals.entries()) {
    for (let i = 0; i < 3; i++) voltage[700 + 900 * i + 10 * which] = Number.NaN;
    const rPeaks = Int32Array.from({ length: 48 }, (_, k) => 5 + k * 80 + (which % 3));
    const own = which < 3 ? detectQrs(voltage, fs) : rPeaks;
    const bins = leadBins(voltage, 10 * fs);
    const recurs = recurrenceOf(bins, own);
    const centres = Array.from(own, bins.binOf);
    for (let k = 0; k < own.length; k++) {
      const isExpected = recursByDefinition(bins.values, centres, k);
      if (isExpected) recurring++;
      expect(recurs(k)).toBe(isExpected);
    }
  }
  expect(recurring).toBeGreaterThan(40);
});
