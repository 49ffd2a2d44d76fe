import { describe, expect, test } from 'vitest';
import { measureSlopes } from '../../../src/beat/slopes/measure-slopes.ts';
import { measureUncertainty } from '../../../src/beat/uncertainty/slope-uncertainty.ts';
import { strokeGradients } from '../../../src/beat/uncertainty/stroke-gradient.ts';
import { uncertainQuantities } from '../../../src/beat/uncertainty/uncertain-quantities.ts';
import { differentiator, parseScheme } from '../../../src/diff/scheme.ts';
import { createRandom } from '../../../src/random.ts';
import { standardLead, synthesize } from '../../../src/synth.ts';

const rate = 500;
const ecg = synthesize({ samplingFrequency: rate, seconds: 90, seed: 2, leads: [standardLead('II')] });
const clean = ecg.leads[0]!.voltage;
const rPeaks = ecg.beats
  .map(({ rPeak }) => rPeak.sample)
  .filter(sample => sample > 300 && sample < clean.length - 300);

describe.each(['sg:16ms:4', 'central4', 'pan-tompkins'])('gradients of %s', name => {
  const scheme = parseScheme(name);
  const gradients = strokeGradients(scheme, rate);
  const { beats } = measureSlopes(clean, rate, rPeaks, { scheme });
  const beat = beats[3]!;
  const step = 1e-6;
  /** By differences of the measurement itself, sample by sample. */
  const byDifferences = (of: (voltage: Float64Array) => number, centre: number, count: number): number[] =>
    Array.from({ length: count }, (_, i) => {
      const moved = (h: number): Float64Array => {
        const voltage = clean.slice();
        voltage[centre - (count >> 1) + i]! += h;
        return voltage;
      };
      return (of(moved(step)) - of(moved(-step))) / (2 * step);
    });

  test('the steepest slope and its time', () => {
    const { slope, time } = gradients.steepest(clean, beat.upstroke!.time * rate)!;
    const centre = Math.round(beat.upstroke!.time * rate);
    const measured = (voltage: Float64Array) =>
      measureSlopes(voltage, rate, [rPeaks[3]!], { scheme }).beats[0]!.upstroke!;
    const slopes = byDifferences(v => measured(v).slope, centre, slope.length);
    const times = byDifferences(v => measured(v).time, centre, slope.length);
    for (const [i, expected] of slopes.entries()) expect(slope[i]).toBeCloseTo(expected, 2);
    for (const [i, expected] of times.entries()) expect(time[i]).toBeCloseTo(expected, 4);
  });

  test('the time of the peak, implicitly: where dV/dt passes 0', () => {
    const peak = beat.peakSample!;
    const g = gradients.peakTime(clean, peak)!;
    const operator = differentiator(scheme, 101, rate);
    /** On the parabola's derivative: the value over the slope of dV/dt as it is without the change. */
    const cut = (voltage: Float64Array): Float64Array => operator.apply(voltage.slice(peak - 50, peak + 51));
    const curvature = ((cut(clean)[51]! - cut(clean)[49]!) / 2) * rate;
    const expected = byDifferences(v => -cut(v)[50]! / curvature, peak, g.length);
    for (const [i, value] of expected.entries()) expect(g[i]).toBeCloseTo(value, 6);
  });
});

describe('measureUncertainty', () => {
  const level = 0.008;
  const noisy = (seed: number): Float64Array => {
    const random = createRandom(seed);
    return clean.map(v => v + level * random.normal());
  };
  const voltage = noisy(1);
  const measurement = measureSlopes(voltage, rate, rPeaks);
  const told = measureUncertainty(voltage, rate, measurement)!;

  test('standard errors and bias are what many draws of the noise show', () => {
    const exact = measureSlopes(clean, rate, rPeaks).beats;
    const draws = Array.from({ length: 12 }, (_, k) => measureSlopes(noisy(100 + k), rate, rPeaks).beats);
    for (const name of [
      'upstrokeSlope',
      'downstrokeSlope',
      'upstrokeLineSlope',
      'rAmplitude',
      'peakToPeak',
    ] as const) {
      const value = (beat: (typeof exact)[number]): number =>
        uncertainQuantities[name]({ beat, peak: undefined, onset: undefined, offset: undefined })!;
      const errors = draws.flatMap(beats => beats.map((beat, k) => value(beat) - value(exact[k]!)));
      const bias = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      const sd = Math.sqrt(errors.reduce((sum, error) => sum + (error - bias) ** 2, 0) / errors.length);
      const se = told.beats.map(beat => beat[name]!.se).sort((a, b) => a - b)[told.beats.length >> 1]!;
      expect(se / sd).toBeGreaterThan(0.85);
      expect(se / sd).toBeLessThan(1.15);
      expect(Math.abs(told.beats[0]![name]!.bias - bias)).toBeLessThan(0.35 * sd);
    }
  });

  test('where the noise is small the first order is the bootstrap’s error', () => {
    const random = createRandom(6);
    const quiet = clean.map(v => v + 0.001 * random.normal());
    const found = measureUncertainty(quiet, rate, measureSlopes(quiet, rate, rPeaks))!;
    for (const name of ['upstrokeSlope', 'downstrokeSlope', 'upstrokeTime', 'downstrokeTime'] as const) {
      const ratio = found.beats[5]![name]!.se / found.firstOrder[name]!;
      expect(ratio).toBeGreaterThan(0.8);
      expect(ratio).toBeLessThan(1.25);
    }
  });

  test('the same seed, the same result; more noise, larger errors', () => {
    expect(measureUncertainty(voltage, rate, measurement)).toEqual(told);
    const random = createRandom(3);
    const louder = clean.map(v => v + 3 * level * random.normal());
    const more = measureUncertainty(louder, rate, measureSlopes(louder, rate, rPeaks))!;
    expect(more.beats[4]!.upstrokeSlope!.se).toBeGreaterThan(2 * told.beats[4]!.upstrokeSlope!.se);
    expect(more.beats[4]!.upstrokeSlope!.bias).toBeGreaterThan(told.beats[4]!.upstrokeSlope!.bias);
  });

  test('without noise, or beats to make a median of, there is none', () => {
    const flat = new Float64Array(5000);
    expect(measureUncertainty(flat, rate, measureSlopes(flat, rate, [1000, 2000, 3000]))).toBeUndefined();
    expect(
      measureUncertainty(voltage, rate, measureSlopes(voltage, rate, rPeaks.slice(0, 1))),
    ).toBeUndefined();
  });
});
