/** Rows of beats in the two contexts: equal where a record is short, blind to the future where it is asked for. */
import { describe, expect, test } from 'vitest';
import { beatRows } from '../../src/analysis/beat-rows.ts';
import { beatInputNames } from '../../src/beat/beat-inputs.ts';
import { beatFeatureNames } from '../../src/beat/features/beat-features.ts';
import { createRandom } from '../../src/random.ts';
import { beatAt, sampled } from '../beat/gaussian-waves.ts';

const samplingFrequency = 120;

/** A lead of `seconds`, whose beats are 1.5 times as large and faster from `change` on. */
function lead(seconds: number, change: number) {
  const random = createRandom(2);
  const times: number[] = [];
  for (let t = 1; t < seconds - 1; t += t < change ? 0.85 : 0.6) times.push(t + 0.02 * random.normal());
  const voltage = new Float64Array(seconds * samplingFrequency);
  for (const t of times) {
    const start = Math.floor((t - 0.5) * samplingFrequency);
    const waves = sampled(
      beatAt(t - start / samplingFrequency, t < change ? 1 : 1.5),
      130,
      samplingFrequency,
    );
    waves.forEach((value, k) => {
      if (start + k >= 0 && start + k < voltage.length) voltage[start + k]! += value;
    });
  }
  const rPeaks = Int32Array.from(times, t => Math.round(t * samplingFrequency));
  return { voltage, samplingFrequency, rPeaks, times };
}

describe('the context past', () => {
  const [steady, changed] = [lead(420, 1e9), lead(420, 240)];
  const width = beatInputNames.length;
  const rowsBefore = (seconds: number): number => steady.times.filter(t => t < seconds).length;

  test('rows do not depend on what comes more than a block later', () => {
    const [a, b] = [steady, changed].map(beats => beatRows(beats, beatInputNames, 'past'));
    const known = rowsBefore(210) * width;
    expect(a!.x.data.subarray(0, known)).toEqual(b!.x.data.subarray(0, known));
    expect(a!.fibrillation.subarray(0, rowsBefore(210))).toEqual(
      b!.fibrillation.subarray(0, rowsBefore(210)),
    );
  });

  test('those of the whole record do', () => {
    const [a, b] = [steady, changed].map(beats => beatRows(beats, beatFeatureNames, 'record'));
    const column = beatFeatureNames.findIndex(({ name }) => name === 'rrBeforeToRecordMean');
    expect(Math.abs(a!.x.data[column]! - b!.x.data[column]!)).toBeGreaterThan(0.02);
  });

  test('nor on what is more than five minutes and a block before', () => {
    const late = lead(420, 60);
    const all = beatRows(late, beatFeatureNames, 'past');
    // The same lead without its first minute, which no block from 390 s on reaches.
    const cut = 60 * samplingFrequency;
    const dropped = late.rPeaks.filter(sample => sample < cut).length;
    const rest = {
      samplingFrequency,
      voltage: late.voltage.subarray(cut),
      rPeaks: late.rPeaks.slice(dropped).map(sample => sample - cut),
    };
    const later = beatRows(rest, beatFeatureNames, 'past');
    const from = late.times.findIndex(t => t >= 391);
    const end = late.times.length - 2;
    const count = beatFeatureNames.length;
    for (let i = from * count; i < end * count; i++) {
      expect(later.x.data[i - dropped * count]!).toBeCloseTo(all.x.data[i]!, 9);
    }
  });

  test('a record within one block has the same rows in both contexts', () => {
    const { times: _, ...short } = lead(28, 1e9);
    const [past, whole] = (['past', 'record'] as const).map(context =>
      beatRows(short, beatFeatureNames, context),
    );
    past!.x.data.forEach((value, i) => {
      if (i < past!.x.data.length - beatFeatureNames.length) expect(value).toBeCloseTo(whole!.x.data[i]!, 9);
    });
  });
});
