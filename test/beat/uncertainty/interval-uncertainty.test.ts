import { describe, expect, test } from 'vitest';
import { measureWaves, rrBefore } from '../../../src/beat/intervals/measure-intervals.ts';
import {
  type IntervalQuantity,
  intervalQuantities,
} from '../../../src/beat/uncertainty/interval-quantities.ts';
import { measureIntervalUncertainty } from '../../../src/beat/uncertainty/interval-uncertainty.ts';
import { preciseWaves } from '../../../src/beat/uncertainty/precise-waves.ts';
import { createRandom } from '../../../src/random.ts';
import { standardLead, synthesize, withNoise } from '../../../src/synth.ts';

const rate = 500;
const names = ['II', 'V2'] as const;
const ecg = synthesize({ samplingFrequency: rate, seconds: 90, seed: 4, leads: names.map(standardLead) });
const rPeaks = ecg.beats
  .map(({ rPeak }) => rPeak.sample)
  .filter(sample => sample > 300 && sample < 89 * rate);

const clean = names.map((name, k) => ({ name, voltage: ecg.leads[k]!.voltage }));
const noisy = (level: number, seed: number) => {
  const random = createRandom(seed);
  return clean.map(({ name, voltage }) => ({ name, voltage: voltage.map(v => v + level * random.normal()) }));
};
const measured = (leads: typeof clean) => measureWaves(leads, rate, rPeaks, rrBefore(rPeaks, rate)).beats;
const sdOf = (values: readonly number[]): number => {
  const middle = values.reduce((sum, v) => sum + v, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - middle) ** 2, 0) / values.length);
};
const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1]!;

describe('measureIntervalUncertainty', () => {
  const level = 0.012;
  const leads = noisy(level, 1);
  const beats = measured(leads);
  const told = measureIntervalUncertainty(leads, rate, beats)!;
  const truths = preciseWaves(clean, rate, rPeaks);
  const draws = Array.from({ length: 6 }, (_, k) => preciseWaves(noisy(level, 50 + k), rate, rPeaks));

  test.each([
    'qrsOnset',
    'qrs',
    'pr',
    'qt',
    'tPeak',
    'rAmplitude',
    'stJ',
    'stJ60',
    'stSlope',
  ] as const satisfies IntervalQuantity[])('the error of %s is what draws of the noise show', quantity => {
    const of = intervalQuantities[quantity];
    for (const lead of [0, 1]) {
      const errors = draws.flatMap(all =>
        all.flatMap((beat, k) => {
          const [value, truth] = [of(beat.leads[lead]!, rate), of(truths[k]!.leads[lead]!, rate)];
          return value === undefined || truth === undefined ? [] : [value - truth];
        }),
      );
      // Without the rarest errors, as the stated interval leaves them out.
      const sorted = errors.sort((a, b) => a - b);
      const middle =
        (sorted[Math.floor(0.975 * sorted.length)]! - sorted[Math.floor(0.025 * sorted.length)]!) / 3.92;
      const se = medianOf(told.beats.flatMap(beat => beat.leads[lead]![quantity]?.se ?? []));
      expect(se / middle).toBeGreaterThan(0.8);
      expect(se / middle).toBeLessThan(1.25);
    }
  });

  test('the ST level: what a mean over a few samples less the mean before QRS has of white noise', () => {
    // J + 60: 5 samples of 8 ms, and 10 samples of 20 ms; both boundaries move little at this level.
    const expected = level * Math.sqrt(1 / 5 + 1 / 10);
    expect(told.firstOrder[0]!.stJ60! / expected).toBeGreaterThan(0.9);
    expect(told.firstOrder[0]!.stJ60! / expected).toBeLessThan(1.1);
  });

  test('what rounding added is in the bias of each beat', () => {
    const precise = preciseWaves(leads, rate, rPeaks);
    const known = told.beats.flatMap((beat, k) => {
      const bias = beat.leads[0]!.qrsOnset?.bias;
      const rounding = beats[k]!.leads[0]!.borders.qrsOnset! - precise[k]!.leads[0]!.borders.qrsOnset!;
      return bias === undefined ? [] : [bias - rounding / rate];
    });
    expect(known.length).toBeGreaterThan(60);
    expect(Math.max(...known) - Math.min(...known)).toBeLessThan(1e-9);
  });

  test('the median beat has less; little noise has what the first order says', () => {
    expect(told.median.leads[0]!.stJ60!.se).toBeLessThan(0.35 * told.beats[3]!.leads[0]!.stJ60!.se);
    const quiet = noisy(0.001, 2);
    const { beats: of, firstOrder } = measureIntervalUncertainty(quiet, rate, measured(quiet))!;
    for (const quantity of ['qrsOnset', 'qrsOffset', 'tPeak', 'qrs', 'stJ60', 'stSlope'] as const) {
      const se = medianOf(of.flatMap(beat => beat.leads[0]![quantity]?.se ?? []));
      expect(se / firstOrder[0]![quantity]!).toBeGreaterThan(0.7);
      expect(se / firstOrder[0]![quantity]!).toBeLessThan(1.5);
    }
  });

  test('two leads, one QRS duration: over the leads', () => {
    expect(told.beats[3]!.over.qrs!.se).toBeGreaterThan(0);
    expect(told.beats[3]!.over.stJ).toBeUndefined();
    expect(sdOf(told.beats.flatMap(beat => beat.over.qrs?.se ?? []))).toBeLessThan(1e-12);
  });

  test('the axis of leads that obey Einthoven’s law has one too', () => {
    const limb = synthesize({
      samplingFrequency: rate,
      seconds: 60,
      seed: 5,
      leads: ['I', 'II', 'III'].map(standardLead),
    });
    const peaks = limb.beats
      .map(({ rPeak }) => rPeak.sample)
      .filter(sample => sample > 300 && sample < 59 * rate);
    const axesOf = (ecg: typeof limb) => {
      const leads = ecg.leads.map(({ name, voltage }) => ({ name, voltage }));
      return { leads, beats: measureWaves(leads, rate, peaks, rrBefore(peaks, rate)).beats };
    };
    const noisyEcg = withNoise(limb, { white: 0.02 }, 6);
    const { leads, beats } = axesOf(noisyEcg);
    const truths = axesOf(limb).beats;
    const told = measureIntervalUncertainty(leads, rate, beats)!;
    const held = beats.filter((beat, k) => {
      const { se, bias } = told.beats[k]!.over.qrsAxis!;
      return Math.abs(beat.axes!.qrs! - bias - truths[k]!.axes!.qrs!) <= 1.96 * se;
    });
    expect(held.length / beats.length).toBeGreaterThan(0.85);
  });

  test('without noise or enough beats there is none', () => {
    const flat = [{ name: 'II', voltage: new Float64Array(5000) }];
    const few = measureWaves(flat, rate, [1000, 2000, 3000], rrBefore([1000, 2000, 3000], rate)).beats;
    expect(measureIntervalUncertainty(flat, rate, few)).toBeUndefined();
    expect(measureIntervalUncertainty(leads, rate, beats.slice(0, 1))).toBeUndefined();
    expect(measureIntervalUncertainty(leads, rate, [])).toBeUndefined();
  });
});
