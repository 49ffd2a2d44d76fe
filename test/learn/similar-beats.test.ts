/** Smoothing over similar beats: closed forms with few beats, and its place in a decision. */
import { describe, expect, test } from 'vitest';
import { full, tensor } from '../../src/diff/tensor.ts';
import { type Decision, decide, recordContexts } from '../../src/learn/decision.ts';
import type { Classifier } from '../../src/learn/model/classifier.ts';
import { formatModel, parseModel } from '../../src/learn/model/model-json.ts';
import { createNetwork } from '../../src/learn/model/network.ts';
import { type SimilarBeats, similarBeatShifts, withLabelledBeats } from '../../src/learn/similar-beats.ts';
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

describe('withLabelledBeats', () => {
  const likeness = { features: settings.features, width: 0.5, prior: 2 };
  const labelled = (shapes: readonly number[], labels: readonly number[]) => ({
    ...rowsOf(shapes),
    labels: Int32Array.from(labels),
  });

  test('adds each labelled beat, by its weight, to the prior', () => {
    const p = tensor([0.5, 0.25, 0.25], [1, 3]);
    const { data } = withLabelledBeats(p, rowsOf([0]), labelled([0, 2], [2, 1]), likeness);
    const weight = Math.exp(-2);
    const total = 3 + weight;
    [1 / total, (0.5 + weight) / total, 1.5 / total].forEach((value, k) => {
      expect(data[k]).toBeCloseTo(value, 12);
    });
  });

  test('without labels, or with labels of unlike beats alone, changes nothing', () => {
    const p = tensor([0.5, 0.25, 0.25], [1, 3]);
    expect(
      withLabelledBeats(p, rowsOf([0]), { ...rowsOf([9]), labels: new Int32Array(0) }, likeness),
    ).toEqual(p);
    const far = withLabelledBeats(p, rowsOf([0]), labelled([500], [1]), likeness);
    far.data.forEach((value, k) => {
      expect(value).toBeCloseTo(p.data[k]!, 12);
    });
  });
});

test('is written with a model and read back; settings that mean nothing are refused', () => {
  const model: Classifier = {
    classes: ['N', 'S', 'V'],
    features: [{ name: 'shape', unit: '' }],
    standardization: { mean: Float64Array.of(0), scale: Float64Array.of(1) },
    network: createNetwork([1, 3], 'tanh', createRandom(1)),
    decision: {
      rhythmGate: { from: 'S', to: 'N', exponent: 1 },
      operatingPoint: { class: 'S', share: 0.05, strength: 100 },
      similarBeats: settings,
    },
    training: { trainedOn: [], rows: 1, optimizer: 'adam', learningRate: 0.1, epochs: 1, seed: 1 },
  };
  const text = formatModel(model);
  expect(parseModel(text).decision).toEqual(model.decision);
  for (const [from, to] of [
    ['"width":0.5', '"width":0'],
    ['"share":1', '"share":2'],
    ['"reach":10', '"reach":1.5'],
    ['"scale":2', '"scale":-2'],
    ['"class":"V"', '"class":"X"'],
  ] as const) {
    const compact = JSON.stringify(JSON.parse(text));
    expect(compact).toContain(from);
    expect(() => parseModel(compact.replace(from, to)), to).toThrow(/similarBeats/);
  }
});
