/** Features in their units against measurements of the beat, and derivatives against small changes of what is measured. */
import { beforeAll, expect, test } from 'vitest';
import { beatReasons } from '../../../src/analysis/beat-reasons.ts';
import type { ClassifiedBeats } from '../../../src/analysis/classify.ts';
import { measuredFeature, withMeasured } from '../../../src/analysis/explanations/natural-units.ts';
import type { LeadBeats } from '../../../src/analysis/lead-beats.ts';
import { describeBeat, windowOf } from '../../../src/beat/features/beat-features.ts';
import { featureMeanings } from '../../../src/beat/features/feature-meanings.ts';
import { differentiator, parseScheme } from '../../../src/diff/scheme.ts';
import { tensor } from '../../../src/diff/tensor.ts';
import { beatProbabilities } from '../../../src/learn/explain.ts';
import { classifiedExcerpt, model } from '../classified-excerpt.ts';

const beat = 104;
let beats: LeadBeats;
let classified: ClassifiedBeats;
beforeAll(async () => {
  ({ beats, classified } = await classifiedExcerpt());
});

const measuredBy = (): Map<string, ReturnType<typeof withMeasured>[number]> => {
  const { features } = beatReasons(model, beats, classified, beat, 'V');
  const found = withMeasured(features, classified.features, beats.rPeaks, beat);
  return new Map(found.map(feature => [feature.name, feature]));
};

test('are the slopes of the QRS complex, and the RR intervals', () => {
  const of = measuredBy();
  const { voltage, samplingFrequency, rPeaks } = beats;
  const slope = differentiator(parseScheme('sg:12ms:1'), voltage.length, samplingFrequency).apply(voltage);
  const at = classified.features.aligned[beat]!;
  const [from, to] = [-0.11, 0.13].map(t => at + Math.round(t * samplingFrequency)) as [number, number];
  const qrs = slope.subarray(from, to + 1);
  // Within the floor of 0.2 mV/s.
  expect(of.get('upstroke')!.measured!.value / Math.max(...qrs)).toBeCloseTo(1, 1);
  expect(of.get('downstroke')!.measured!.value / -Math.min(...qrs)).toBeCloseTo(1, 1);
  expect(of.get('upstroke')!.measured!.value - Math.max(...qrs)).toBeCloseTo(0.2, 6);
  const rr = (k: number): number => (rPeaks[k]! - rPeaks[k - 1]!) / samplingFrequency;
  expect(of.get('rrBeforeToRecordMean')!.measured!.value).toBeCloseTo(rr(beat), 12);
  expect(of.get('rrAfterToBefore')!.measured!.value).toBeCloseTo(rr(beat + 1), 12);
  expect(of.get('slopeCorrelation')!.measured).toBeUndefined();
});

test('have the derivative of the probability by a small change of what is measured', () => {
  const described = describeBeat(
    classified.features,
    beat,
  )(windowOf(beats.voltage, classified.features, beat));
  const v = model.classes.indexOf('V');
  const p = (x: Float64Array): number =>
    beatProbabilities(model, tensor(x), classified.contexts![beat]!).data[v]!;
  // The feature as documented: the logarithm of a ratio to the typical beat, a difference from it, or a multiple of it.
  const { peakToPeak, slopeRms } = classified.features.typical;
  const featureOf: Readonly<Record<string, (value: number, typical: number) => number>> = {
    upstroke: (value, typical) => Math.log(value / typical),
    downstrokePerAmplitude: (value, typical) => Math.log(value / typical),
    slopeWidth: (value, typical) => Math.log(value / typical),
    pWaveRise: value => value / slopeRms,
    tWaveFall: (value, typical) => (value - typical) / slopeRms,
    stLevel: (value, typical) => (value - typical) / peakToPeak,
    pWaveHeight: (value, typical) => (value - typical) / peakToPeak,
  };
  const of = measuredBy();
  for (const [name, feature] of Object.entries(featureOf)) {
    const { value, typical, gradient } = of.get(name)!.measured!;
    const column = model.features.findIndex(one => one.name === name);
    expect(feature(value, typical!), name).toBeCloseTo(described.data[column]!, 9);
    const step = 1e-5 * Math.abs(value);
    const moved = [1, -1].map(sign => {
      const x = Float64Array.from(described.data);
      x[column] = feature(value + sign * step, typical!);
      return p(x);
    }) as [number, number];
    expect((moved[0] - moved[1]) / (2 * step) / gradient, name).toBeCloseTo(1, 5);
  }
});

test('have a unit for slopes, voltages, durations and intervals, and none for shares and correlations', () => {
  const influence = { value: 0.1, gradient: 1 };
  const unitOf = (name: string): string | undefined =>
    measuredFeature({ name, ...influence }, classified.features, beats.rPeaks, beat)?.unit;
  const withoutUnit = Object.keys(featureMeanings).filter(name => unitOf(name) === undefined);
  expect(withoutUnit).toEqual([
    ...['earlySlopeShare', 'lateSlopeShare', 'area', 'logArea', 'slopeCorrelation', 'slopeResidual'],
    ...['slopeGain', 'pWaveCorrelation', 'rrIrregularity'],
  ]);
  expect(unitOf('voltage at 216.7 ms')).toBe('mV');
});
