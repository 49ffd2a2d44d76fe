/** Examples from a lead whose waves are known: what would be marked is among the candidates, at its place. */
import { describe, expect, test } from 'vitest';
import {
  leadLines,
  type MarkedLead,
  markExamples,
  presenceExamples,
} from '../../../scripts/fit-delineation/training-examples.ts';
import { choiceScores, fitChoice, mostProbable } from '../../../src/beat/delineate/conditional-logit.ts';
import { pPeakModel, qrsOnsetModel, tPeakModel } from '../../../src/beat/delineate/wave-models.ts';
import type { MarkedWave } from '../../../src/beat/score/marked-waves.ts';
import { createRandom } from '../../../src/random.ts';
import { beatAt, sampled } from '../../beat/gaussian-waves.ts';

const fs = 500;
const peakModels = { p: pPeakModel, t: tPeakModel };
const rPeaks = Array.from({ length: 10 }, (_, k) => 350 + 420 * k);
/** P is left out of the beats in `without`. */
const lead = (without: readonly number[] = []): MarkedLead => {
  const random = createRandom(7);
  const voltage = sampled(
    rPeaks.flatMap((r, k) => beatAt(r / fs).slice(without.includes(k) ? 1 : 0)),
    4700,
    fs,
  ).map(v => v + 0.002 * random.normal());
  const waves = rPeaks.flatMap((r, k): MarkedWave[] => [
    ...(without.includes(k) ? [] : [{ kind: 'P' as const, onset: r - 111, peak: r - 85, offset: r - 59 }]),
    { kind: 'QRS', onset: r - 22, peak: r, offset: r + 24 },
    { kind: 'T', onset: r + 75, peak: r + 130, offset: r + 185 },
  ]);
  return { voltage, samplingFrequency: fs, waves, rPeaks };
};

describe('markExamples', () => {
  test('of a border: every mark, seen from the marked and from the detected R peak', () => {
    const task = { wave: 'QRS', point: 'onset', anchor: 'R peak', shape: qrsOnsetModel } as const;
    const marked = lead();
    const examples = markExamples(task, marked, leadLines(marked), createRandom(1));
    expect(examples).toHaveLength(2 * rPeaks.length);
    for (const { time } of examples) expect(Math.abs(time + 44)).toBeLessThanOrEqual(12);
  });

  test('of a peak: one of the turning points is where the mark is', () => {
    const task = { wave: 'P', point: 'peak', anchor: 'QRS onset', shape: pPeakModel } as const;
    const marked = lead();
    const examples = markExamples(task, marked, leadLines(marked), createRandom(1));
    expect(examples).toHaveLength(rPeaks.length);
    for (const { times, time } of examples) {
      expect(Math.min(...times.map(t => Math.abs(t - time)))).toBeLessThanOrEqual(4);
    }
    const { weights } = fitChoice(examples);
    for (const { features, times, time } of examples) {
      expect(Math.abs(times[mostProbable(choiceScores(weights, features))]! - time)).toBeLessThanOrEqual(4);
    }
  });
});

describe('presenceExamples', () => {
  test('are one per beat, present where P is marked', () => {
    const absent = [3, 4];
    const examples = presenceExamples(peakModels, lead(absent));
    expect(examples).toHaveLength(rPeaks.length);
    expect(examples.map(({ time }) => time === 0)).toEqual(rPeaks.map((_, k) => !absent.includes(k)));
    // Support, and height beside what is around, are those of a wave.
    for (const [k, { features }] of examples.entries()) {
      const [support, height, size, distance, elevation, prominence, constant, ...zeros] = features;
      expect(constant).toBe(1);
      expect(zeros).toEqual([0, 0, 0, 0, 0, 0, 0]);
      expect(prominence).toBeLessThan(0);
      expect(elevation).toBeLessThan(0);
      expect(size).toBeLessThan(0);
      expect(distance).toBeGreaterThanOrEqual(0);
      if (!absent.includes(k)) {
        expect(support).toBeGreaterThan(0.7);
        expect(height).toBeGreaterThan(1.5);
      }
    }
    for (const k of absent) expect(examples[k]!.features[1]).toBeLessThan(examples[0]!.features[1]! - 1);
  });

  test('a lead without marks gives no examples', () => {
    expect(presenceExamples(peakModels, { ...lead(), waves: [] })).toEqual([]);
  });
});
