/** Smoothing over similar beats: closed forms with few beats, and its place in a decision. */
import { describe, expect, test } from 'vitest';
import { full, tensor } from '../../src/diff/tensor.ts';
import { type Decision, decide, recordContexts } from '../../src/learn/decision.ts';
import { type SimilarBeats, similarBeatShifts } from '../../src/learn/similar-beats.ts';
import { createRandom } from '../../src/random.ts';

const settings: SimilarBeats = {
  class: 'V',
  features: [{ name: 'shape', scale: 2 }],
  width: 0.5,
  reach: 10,
  share: 1,
};
const features = [{ name: 'other' }, { name: 'shape' }];
/** Rows whose second feature is given. */
const rowsOf = (shapes: readonly number[]) => ({
  x: tensor(
    shapes.flatMap(shape => [99, shape]),
    [shapes.length, 2],
  ),
  features,
});
const logOdds = (p: number): number => Math.log(p / (1 - p));

describe('similarBeatShifts', () => {
  test('of two beats is the kernel mean of their log-odds', () => {
    const p = [0.2, 0.9];
    // 1 apart in scaled features: weight exp(−1/(2·0.25)).
    const weight = Math.exp(-2);
    const mean = (logOdds(0.2) + weight * logOdds(0.9)) / (1 + weight);
    const [first] = similarBeatShifts(p, rowsOf([0, 2]), settings);
    expect(first).toBeCloseTo(mean - logOdds(0.2), 12);
    const [half] = similarBeatShifts(p, rowsOf([0, 2]), { ...settings, share: 0.5 });
    expect(half).toBeCloseTo((mean - logOdds(0.2)) / 2, 12);
  });

  test('a beat unlike all others, beyond reach, or invalid, stays as it is and moves none', () => {
    expect([...similarBeatShifts([0.2, 0.9], rowsOf([0, 50]), settings)]).toEqual([0, 0]);
    expect([...similarBeatShifts([0.2, 0.5, 0.9], rowsOf([0, 50, 0]), { ...settings, reach: 1 })]).toEqual([
      0, 0, 0,
    ]);
    expect([...similarBeatShifts([0.2, Number.NaN], rowsOf([0, 0]), settings)]).toEqual([0, 0]);
    expect([...similarBeatShifts([0.2, 0.9], rowsOf([0, Number.NaN]), settings)]).toEqual([0, 0]);
  });

  test('a certain beat counts as log-odds of 8', () => {
    const [first] = similarBeatShifts([0.5, 1], rowsOf([0, 0]), settings);
    expect(first).toBeCloseTo(4, 12);
  });

  test('refuses a feature that the rows do not have', () => {
    expect(() =>
      similarBeatShifts([0.5], { x: full([1, 1], 0), features: [{ name: 'x' }] }, settings),
    ).toThrow(/by shape, which the model does not take/);
  });
});

test('in a record of two shapes an unsure classifier becomes right about both', () => {
  const classes = ['N', 'S', 'V'];
  const decision: Decision = {
    rhythmGate: { from: 'S', to: 'N', exponent: 1 },
    operatingPoint: { class: 'S', share: 0.05, strength: 1e12 },
    similarBeats: { ...settings, reach: 300 },
  };
  const random = createRandom(3);
  const beats = 200;
  const isV = Array.from({ length: beats }, (_, k) => k % 4 === 0);
  const rows = rowsOf(isV.map(v => (v ? 5 : 0) + 0.3 * random.normal()));
  const probabilities = full([beats, 3], 0);
  isV.forEach((v, k) => {
    const p = 1 / (1 + Math.exp(-(random.normal() + (v ? 0.8 : -0.8))));
    probabilities.data.set([0.95 * (1 - p), 0.05 * (1 - p), p], 3 * k);
  });
  const wrong = (of: Float64Array): number => isV.filter((v, k) => of[3 * k + 2]! > of[3 * k]! !== v).length;
  const unknown = new Array<number>(beats).fill(Number.NaN);
  const contexts = recordContexts(probabilities, classes, decision, unknown, rows);
  const { data } = decide(probabilities, classes, decision, contexts);
  expect(wrong(probabilities.data)).toBeGreaterThan(20);
  expect(wrong(data)).toBe(0);
  for (let k = 0; k < beats; k++)
    expect(data[3 * k]! + data[3 * k + 1]! + data[3 * k + 2]!).toBeCloseTo(1, 12);
});
