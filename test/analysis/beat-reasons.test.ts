/** Reasons on real beats of the sample recording: complete contributions, changes that do flip the class. */
import { beforeAll, describe, expect, test } from 'vitest';
import { beatReasons, lowPassed } from '../../src/analysis/beat-reasons.ts';
import type { ClassifiedBeats } from '../../src/analysis/classify.ts';
import type { LeadBeats } from '../../src/analysis/lead-beats.ts';
import { describeBeat, windowOf } from '../../src/beat/features/beat-features.ts';
import type { Tensor } from '../../src/diff/tensor.ts';
import type { BeatContext } from '../../src/learn/decision.ts';
import { beatProbabilities } from '../../src/learn/explain.ts';
import { classifiedExcerpt, model } from './classified-excerpt.ts';

let beats: LeadBeats;
let classified: ClassifiedBeats;
beforeAll(async () => {
  ({ beats, classified } = await classifiedExcerpt());
});

/** The class of a beat with these features in its context. */
function calledOf(features: Tensor, context: BeatContext): string {
  const p = beatProbabilities(model, features, context).data;
  return model.classes[p.indexOf(Math.max(...p))]!;
}

describe('reasons of ten beats of the sample recording', () => {
  test('are complete within 1 %, and the changes found do flip the class, within their bounds', () => {
    let flipped = 0;
    for (let beat = 100; beat < 110; beat++) {
      const reasons = beatReasons(model, beats, classified, beat);
      expect(reasons.integrated.completenessError, `beat ${beat}`).toBeLessThan(0.01);
      const { voltage, features: changed } = reasons.counterfactual;
      const { features, contexts } = classified;
      const described = describeBeat(features, beat)(windowOf(beats.voltage, features, beat));
      for (const { name, to, deviations } of changed?.changes ?? []) {
        expect(Math.abs(deviations)).toBeLessThanOrEqual(5 + 1e-9);
        described.data[model.features.findIndex(feature => feature.name === name)] = to;
      }
      if (changed) expect(calledOf(described, contexts![beat]!)).toBe(changed.to);
      if (voltage === undefined) continue;
      flipped++;
      const window = windowOf(beats.voltage, features, beat);
      const moved = { ...window, data: window.data.map((v, k) => v + voltage.change[k]!) };
      expect(calledOf(describeBeat(features, beat)(moved), contexts![beat]!)).toBe(voltage.to);
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
