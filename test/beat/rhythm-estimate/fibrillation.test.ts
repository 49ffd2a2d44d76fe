/** Rhythms made to order: regular with P waves, fibrillation without, bigeminy, flutter with fixed block. */
import { describe, expect, test } from 'vitest';
import { beatFeatures } from '../../../src/beat/features/beat-features.ts';
import { fibrillationProbability } from '../../../src/beat/rhythm-estimate/fibrillation.ts';
import { createRandom } from '../../../src/random.ts';

const samplingFrequency = 250;
const wave = (t: number, at: number, size: number, width: number): number =>
  size * Math.exp(-((t - at) ** 2) / (2 * width ** 2));

/** Beats after these intervals, s; `atrial` adds what the atria do at a time. */
function lead(intervals: readonly number[], pWave: number, atrial: (t: number) => number) {
  const random = createRandom(5);
  const times: number[] = [];
  intervals.reduce((t, interval) => {
    times.push(t + interval);
    return t + interval;
  }, 0.5);
  const voltage = Float64Array.from({ length: (times.at(-1)! + 1) * samplingFrequency }, (_, i) => {
    const t = i / samplingFrequency;
    return atrial(t) + 0.01 * random.normal();
  });
  for (const at of times) {
    for (let i = Math.floor((at - 0.4) * samplingFrequency); i < (at + 0.6) * samplingFrequency; i++) {
      if (i < 0 || i >= voltage.length) continue;
      const t = i / samplingFrequency;
      voltage[i]! +=
        wave(t, at - 0.16, pWave, 0.02) + wave(t, at, 1.1, 0.011) + wave(t, at + 0.27, 0.25, 0.05);
    }
  }
  return { voltage, rPeaks: Int32Array.from(times, at => Math.round(at * samplingFrequency)) };
}

const meanProbability = ({ voltage, rPeaks }: ReturnType<typeof lead>): number => {
  const features = beatFeatures(voltage, samplingFrequency, rPeaks);
  const p = fibrillationProbability(voltage, rPeaks, features);
  return p.reduce((sum, value) => sum + value, 0) / p.length;
};
const random = createRandom(2);
const beats = 120;
const regular = Array.from({ length: beats }, (_, k) => 0.8 + 0.02 * Math.sin(k / 3));
const irregular = Array.from({ length: beats }, () => 0.45 + 0.5 * random.uniform());
const fibrillatoryWaves = (t: number): number =>
  0.04 * Math.sin(2 * Math.PI * 6.1 * t + 2 * Math.sin(2.2 * t)) + 0.03 * Math.sin(2 * Math.PI * 7.3 * t);
const flutterWaves = (t: number): number => 0.12 * Math.sin(2 * Math.PI * 5 * t) ** 3;

describe('the probability of atrial fibrillation or flutter', () => {
  test('is low in sinus rhythm', () => {
    expect(meanProbability(lead(regular, 0.12, () => 0))).toBeLessThan(0.1);
  });
  test('is high where intervals are irregular and no P waves stand before the beats', () => {
    expect(meanProbability(lead(irregular, 0, fibrillatoryWaves))).toBeGreaterThan(0.9);
  });
  test('stays low in bigeminy: irregular from beat to beat, regular from pair to pair', () => {
    const bigeminy = Array.from({ length: beats }, (_, k) => (k % 2 === 0 ? 0.55 : 1));
    expect(meanProbability(lead(bigeminy, 0.12, () => 0))).toBeLessThan(0.3);
  });
  test('rises with flutter waves under the same irregular beats', () => {
    const without = meanProbability(lead(irregular, 0.12, () => 0));
    const withFlutter = meanProbability(lead(irregular, 0, flutterWaves));
    expect(withFlutter).toBeGreaterThan(without);
    expect(withFlutter).toBeGreaterThan(0.9);
  });
  test('does not depend on gain, and is finite for three beats', () => {
    const { voltage, rPeaks } = lead(irregular.slice(0, 60), 0, fibrillatoryWaves);
    const once = meanProbability({ voltage, rPeaks });
    const three = lead([0.8, 0.8, 0.8], 0.1, () => 0);
    expect(meanProbability({ voltage: voltage.map(v => 2 * v), rPeaks })).toBeCloseTo(once, 1);
    expect(Number.isFinite(meanProbability(three))).toBe(true);
  });
});
