/** Reasons on real beats of the sample recording: complete contributions, changes that do flip the class. */
import { beforeAll, describe, expect, test } from 'vitest';
import { beatReasons, lowPassed } from '../../src/analysis/beat-reasons.ts';
import type { ClassifiedBeats } from '../../src/analysis/classify.ts';
import type { LeadBeats } from '../../src/analysis/lead-beats.ts';
import { describeBeat, windowOf } from '../../src/beat/features/beat-features.ts';
import { beatProbabilities } from '../../src/learn/explain.ts';
import { classifiedExcerpt, model } from './classified-excerpt.ts';

let beats: LeadBeats;
let classified: ClassifiedBeats;
beforeAll(async () => {
  ({ beats, classified } = await classifiedExcerpt());
});

describe('reasons of ten beats of the sample recording', () => {
  test('are complete within 1 %, and the voltage found does flip the class below 40 Hz', () => {
    let flipped = 0;
    for (let beat = 100; beat < 110; beat++) {
      const reasons = beatReasons(model, beats, classified, beat);
      expect(reasons.integrated.completenessError, `beat ${beat}`).toBeLessThan(0.01);
      const { voltage, features: changed } = reasons.counterfactual;
      for (const { deviations } of changed?.changes ?? []) {
        expect(Math.abs(deviations)).toBeLessThanOrEqual(5 + 1e-9);
      }
      if (voltage === undefined) continue;
      flipped++;
      const { features, contexts } = classified;
      const window = windowOf(beats.voltage, features, beat);
      const moved = { ...window, data: window.data.map((v, k) => v + voltage.change[k]!) };
      const p = beatProbabilities(model, describeBeat(features, beat)(moved), contexts![beat]!).data;
      expect(model.classes[p.indexOf(Math.max(...p))]).toBe(voltage.to);
      expect(voltage.to).not.toBe(classified.classes[beat]);
      expect(Math.max(...voltage.change.map(Math.abs))).toBeLessThanOrEqual(0.5 + 1e-9);
      const kept = lowPassed(voltage.change, 360, 40);
      voltage.change.forEach((value, k) => {
        expect(kept[k]).toBeCloseTo(value, 9);
      });
    }
    expect(flipped).toBeGreaterThan(4);
  }, 120_000);

  test('log-odds are those of the probability, and their gradient is finite where p is near 1', () => {
    const { probabilities, classes, target, logOdds, logOddsGradient } = beatReasons(
      model,
      beats,
      classified,
      100,
    );
    const p = probabilities[classes.indexOf(target)]!;
    expect(logOdds).toBeCloseTo(Math.log(p / (1 - p)), 6);
    expect(logOddsGradient.every(Number.isFinite)).toBe(true);
  });
});
