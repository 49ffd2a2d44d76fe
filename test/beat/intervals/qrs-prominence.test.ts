import { describe, expect, test } from 'vitest';
import { measureIntervals } from '../../../src/beat/intervals/measure-intervals.ts';
import {
  complexProminences,
  hasQrsComplexes,
  qrsProminences,
} from '../../../src/beat/intervals/qrs-prominence.ts';
import { detectQrs } from '../../../src/index.ts';
import { createRandom } from '../../../src/random.ts';
import { median } from '../../../src/statistics.ts';
import { standardLead, synthesize, withNoise } from '../../../src/synth.ts';
import { beatAt, sampled } from '../gaussian-waves.ts';
import { tachycardia, ventricularShapes } from '../tachycardia-signals.ts';

const rate = 250;
const length = 60 * rate;
const random = createRandom(2);
const noise = Float64Array.from({ length }, () => 0.1 * random.normal());
const hum = Float64Array.from(
  { length },
  (_, i) => 0.05 * Math.sin((2 * Math.PI * 50 * i) / rate) + 0.1 * noise[i]!,
);
/** Ventricular fibrillation as a sinusoid of 4 to 6 Hz whose height varies. */
const fibrillation = (() => {
  let phase = 0;
  return Float64Array.from({ length }, (_, i) => {
    const t = i / rate;
    phase += (2 * Math.PI * (4.8 + Math.sin(2 * t) + 0.5 * Math.sin(7 * t))) / rate;
    return (0.5 + 0.3 * Math.sin(1.5 * t)) * Math.sin(phase) + 0.3 * noise[i]!;
  });
})();

describe('signals without beats', () => {
  test.each([
    ['noise', noise],
    ['mains hum', hum],
    ['fibrillation', fibrillation],
  ])('%s has no median beat, whatever a detector finds in it', (_, voltage) => {
    const found = detectQrs(voltage, rate);
    // Where the detector finds none, beats at random serve.
    const rPeaks = found.length > 10 ? found : Int32Array.from({ length: 60 }, (_, k) => 100 + k * 240);
    const { median: of, qtVariability } = measureIntervals([{ name: 'II', voltage }], rate, rPeaks);
    expect(of).toBeUndefined();
    expect(qtVariability).toBeUndefined();
  });
});

test.each(Object.entries(ventricularShapes))(
  '%s waves of a regular tachycardia are QRS complexes',
  (_, shape) => {
    for (const perMinute of [150, 176, 220]) {
      const { voltage, rPeaks } = tachycardia(rate, 60 / perMinute, shape);
      expect(hasQrsComplexes([qrsProminences(voltage, rate, rPeaks)])).toBe(true);
    }
    const { voltage, rPeaks } = tachycardia(rate, 60 / 300, shape);
    // Flutter.
    expect(qrsProminences(voltage, rate, rPeaks)).not.toContain(Number.POSITIVE_INFINITY);
  },
);

test('an ECG has one at 15 dB, and when it is clean in one lead alone', () => {
  const exact = synthesize({ samplingFrequency: rate, seconds: 60, seed: 1, leads: [standardLead('II')] });
  const rPeaks = exact.beats
    .map(({ rPeak }) => rPeak.sample)
    .filter(sample => sample > 60 && sample < length - 60);
  const noisy = withNoise(exact, { white: 0.1 }, 1).leads[0]!.voltage;
  const leads = [{ name: 'II', voltage: noisy }];
  expect(measureIntervals(leads, rate, rPeaks).median).toBeDefined();
  const both = [
    { name: 'V9', voltage: noise },
    { name: 'II', voltage: exact.leads[0]!.voltage },
  ];
  expect(measureIntervals(both, rate, rPeaks).median).toBeDefined();
});

describe('qrsProminences', () => {
  // A triangle of 40 ms (slope 50 mV/s) on a line of 1 mV/s.
  const ramp = Float64Array.from({ length: 1000 }, (_, i) => i / 1000);
  for (const at of [200, 600]) for (let i = -20; i <= 20; i++) ramp[at + i]! += 1 - Math.abs(i) / 20;

  test('the steepest slope of the complex over the slope between', () => {
    expect(qrsProminences(ramp, 1000, [200, 600])[0]!).toBeCloseTo(51, 6);
  });
  test('does not depend on gain or offset; invalid signal is left out', () => {
    const other = ramp.map(v => 300 - 7 * v);
    expect(qrsProminences(other, 1000, [200, 600])[0]!).toBeCloseTo(51, 6);
    expect(qrsProminences(ramp.fill(Number.NaN, 300, 520), 1000, [200, 600])).toEqual([]);
    expect(qrsProminences(new Float64Array(10), 1000, [2, 6])).toEqual([]);
  });
  test('one lead with complexes is enough; too few beats are no reason', () => {
    expect(
      hasQrsComplexes([
        [1, 2, 2],
        [4, 9, 8],
      ]),
    ).toBe(true);
    expect(
      hasQrsComplexes([
        [1, 2, 2],
        [2, 9, 2],
      ]),
    ).toBe(false);
    expect(hasQrsComplexes([[], []])).toBe(true);
  });
  test('recorded as the constants say: white noise has 2.2', () => {
    expect(median(qrsProminences(noise, rate, detectQrs(noise, rate)))).toBeCloseTo(2.2, 0);
  });
});

test.each([
  ['positive', 1],
  ['negative', -1],
])('complexes before %s triangular T waves three times as high stand out', (_, sign) => {
  for (const [rate, peak] of [
    [45, 0.4],
    [60, 0.35],
    [75, 0.32],
  ] as const) {
    const times = Array.from({ length: Math.floor((29 * rate) / 60) }, (_, k) => 0.6 + (60 / rate) * k);
    const waves = times.flatMap(t => beatAt(t).slice(0, 4));
    const voltage = sampled(waves, 30 * 250, 250).map((value, i) => {
      const t = i / 250;
      const sinceR = t - (times.findLast(time => time <= t) ?? Number.NEGATIVE_INFINITY);
      const rise = (sinceR - 0.2) / (peak - 0.2);
      const fall = (peak + 0.1 - sinceR) / 0.1;
      return value + 3.3 * sign * Math.max(0, Math.min(rise, fall)) + 0.1 * noise[i]!;
    });
    const rPeaks = times.map(t => Math.round(t * 250));
    expect(hasQrsComplexes([complexProminences(voltage, 250, rPeaks)])).toBe(true);
  }
});
