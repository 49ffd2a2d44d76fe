/** How rhythm and record reweigh probabilities: closed forms, and simulated records whose share of S is known. */
import { describe, expect, test } from 'vitest';
import { gradientCheck } from '../../src/diff/gradient-check.ts';
import { tensor } from '../../src/diff/tensor.ts';
import { type Decision, decide, noContext, recordContexts } from '../../src/learn/decision.ts';
import { createRandom } from '../../src/random.ts';

const classes = ['N', 'S', 'V'];
const decision: Decision = {
  rhythmGate: { from: 'S', to: 'N', exponent: 1 },
  operatingPoint: { class: 'S', share: 0.1, strength: 100 },
};
/** Rows that a decision without smoothing does not look at. */
const noRows = { x: tensor([0], [1, 1]), features: [{ name: 'none' }] };
const p = tensor([0.2, 0.7, 0.1, 0.1, 0.2, 0.7], [2, 3]);

test('without a context nothing changes', () => {
  decide(p, classes, decision, [noContext]).data.forEach((value, i) => {
    expect(value).toBeCloseTo(p.data[i]!, 14);
  });
});

test('the gate moves p(S) to N, the odds scale what is left; a row still sums to 1', () => {
  const { data } = decide(p, classes, decision, [
    { kept: 0.25, odds: 1, similar: 1 },
    { kept: 1, odds: 4, similar: 1 },
  ]);
  [0.2 + 0.75 * 0.7, 0.25 * 0.7, 0.1].forEach((value, k) => {
    expect(data[k]).toBeCloseTo(value, 14);
  });
  // p(S) 0.2: odds 0.25 become 1.
  [0.1 / 1.6, 0.5, 0.7 / 1.6].forEach((value, k) => {
    expect(data[3 + k]).toBeCloseTo(value, 14);
  });
});

test('is differentiable in the probabilities', () => {
  const check = gradientCheck(
    x => decide(x, classes, decision, [{ kept: 0.3, odds: 2.5, similar: 1 }]),
    [p],
    {
      weights: tensor([1, -2, 3, 0.5, 1, -1], [2, 3]),
    },
  );
  expect(check.worstError).toBeLessThan(1e-7);
});

describe('the operating point', () => {
  /** A calibrated score at a share of 0.1, seen in a record of another share. */
  function simulated(share: number, beats: number) {
    const random = createRandom(7);
    const rows = Array.from({ length: beats }, () => {
      const isS = random.uniform() < share;
      const score = random.normal() + (isS ? 2 : 0);
      // Likelihood ratio of the two normals: exp(2·score − 2).
      const odds = (0.1 / 0.9) * Math.exp(2 * score - 2);
      return odds / (1 + odds);
    });
    return tensor(
      rows.flatMap(s => [1 - s, s, 0]),
      [beats, 3],
    );
  }
  const weak = { ...decision, operatingPoint: { ...decision.operatingPoint, strength: 1e-3 } };
  const unknown = (beats: number): number[] => new Array<number>(beats).fill(Number.NaN);

  test.each([0.02, 0.1, 0.5, 0.8])('finds a share of %f from the scores alone', share => {
    const { odds } = recordContexts(simulated(share, 4000), classes, weak, unknown(4000), noRows)[0]!;
    const found = (odds * (0.1 / 0.9)) / (1 + odds * (0.1 / 0.9));
    expect(Math.abs(found - share)).toBeLessThan(0.03);
  });
  test('with few beats stays near the share expected', () => {
    const { odds } = recordContexts(simulated(0.8, 5), classes, decision, unknown(5), noRows)[0]!;
    expect(odds).toBeLessThan(1.6);
  });
  test('an unknown rhythm gates nothing, fibrillation gates all, and invalid rows do not count', () => {
    const rows = tensor([0.2, 0.7, 0.1, Number.NaN, Number.NaN, Number.NaN, 0.5, 0.5, 0], [3, 3]);
    const contexts = recordContexts(rows, classes, decision, [Number.NaN, 0.5, 1], noRows);
    expect(contexts.map(({ kept }) => kept)).toEqual([1, 0.5, 0]);
    expect(contexts.every(({ odds }) => Number.isFinite(odds))).toBe(true);
  });
  test('a class that is not there is refused', () => {
    expect(() => recordContexts(p, ['N', 'X', 'V'], decision, [0, 0], noRows)).toThrow(/class S.*N, X, V/);
  });
});
