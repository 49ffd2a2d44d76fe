import { describe, expect, test } from 'vitest';
import {
  type BoundaryModel,
  boundaryFeatures,
  boundaryFinder,
  candidateTimes,
  estimateBoundary,
} from '../../../src/beat/delineate/boundary-model.ts';
import {
  type ChoiceExample,
  choiceScores,
  fitChoice,
} from '../../../src/beat/delineate/conditional-logit.ts';
import { qrsBounds } from '../../../src/beat/delineate/qrs-bounds.ts';
import { markedWaves } from '../../../src/beat/score/marked-waves.ts';
import { createRandom } from '../../../src/random.ts';
import { beatAt, sampled } from '../gaussian-waves.ts';

const model: BoundaryModel = {
  lineMs: 16,
  first: -60,
  last: 60,
  step: 4,
  unitFrom: -80,
  unitQuantile: 1,
  unitTo: 80,
  edges: [-24, -8, 8, 24],
  weights: [0, 0, 0, 0, 0],
};

/** |slope| that is `low` before and 1 from `onset` seconds on. */
const stepAt = (onset: number, fs: number, low: number): Float64Array =>
  Float64Array.from({ length: fs }, (_, i) => (i / fs < onset ? low : 1));

describe('boundaryFeatures', () => {
  test('are the mean of log slope² over each bin, in units of the steepest', () => {
    const slope = stepAt(0.5, 1000, 0.1).map(v => -3 * v);
    const values = boundaryFeatures(model, slope, 499.5, 1000)!;
    expect(values).toHaveLength(31 * 5);
    expect([...candidateTimes(model)]).toEqual(Array.from({ length: 31 }, (_, c) => 4 * c - 60));
    const low = Math.log(0.01 + 0.0004);
    const high = Math.log(1 + 0.0004);
    // The candidate at the step itself: all low, half of each, all high; then its place and place².
    const row = [...values.subarray(15 * 5, 16 * 5)];
    for (const [j, v] of [low, (low + high) / 2, high, 0, 0].entries()) expect(row[j]).toBeCloseTo(v, 6);
    expect([...values.subarray(3, 5)]).toEqual([-0.6, 0.36]);
  });

  test('do not change with gain, polarity or sampling frequency', () => {
    const at1000 = boundaryFeatures(model, stepAt(0.5, 1000, 0.1), 499.5, 1000)!;
    const scaled = boundaryFeatures(
      model,
      stepAt(0.5, 1000, 0.1).map(v => -40 * v),
      499.5,
      1000,
    )!;
    const at250 = boundaryFeatures(model, stepAt(0.5, 250, 0.1), 124.5, 250)!;
    for (const [k, v] of at1000.entries()) {
      expect(scaled[k]).toBeCloseTo(v, 6);
      expect(at250[k]).toBeCloseTo(v, 6);
    }
  });

  test('there are none outside the signal, over an invalid sample or on a flat line', () => {
    expect(boundaryFeatures(model, stepAt(0.5, 1000, 0.1), 80, 1000)).toBeUndefined();
    expect(boundaryFeatures(model, stepAt(0.5, 1000, 0.1), 930, 1000)).toBeUndefined();
    expect(boundaryFeatures(model, new Float64Array(1000), 500, 1000)).toBeUndefined();
    const broken = stepAt(0.5, 1000, 0.1);
    broken[530] = Number.NaN;
    expect(boundaryFeatures(model, broken, 500, 1000)).toBeUndefined();
  });
});

describe('estimateBoundary', () => {
  const scores = boundaryFinder(model, 1000)(stepAt(0.5, 1000, 0.1), 490)!;

  test('without weights all candidates are alike: the middle, and the deviation of an even spread', () => {
    const { time, deviation } = estimateBoundary(model, scores, -1000, 1000)!;
    expect(time).toBeCloseTo(0, 10);
    expect(deviation).toBeCloseTo(4 * Math.sqrt((31 ** 2 - 1) / 12), 8);
  });

  test('keeps to the candidates it is given', () => {
    expect(estimateBoundary(model, scores, 20, 40)!.time).toBeCloseTo(30, 10);
    expect(estimateBoundary(model, scores, 21, 23)).toBeUndefined();
  });

  test('is the mean and deviation of the probabilities', () => {
    const random = createRandom(3);
    const times = candidateTimes(model);
    for (const spread of [0.01, 1, 10, 100]) {
      const scored = times.map(() => spread * random.normal());
      const highest = Math.max(...scored);
      const probable = scored.map(score => Math.exp(score - highest));
      const total = probable.reduce((sum, p) => sum + p, 0);
      const mean = probable.reduce((sum, p, c) => sum + (p / total) * times[c]!, 0);
      const variance = probable.reduce((sum, p, c) => sum + (p / total) * (times[c]! - mean) ** 2, 0);
      const { time, deviation } = estimateBoundary(model, scored, -1000, 1000)!;
      expect(time).toBeCloseTo(mean, 8);
      expect(deviation).toBeCloseTo(Math.sqrt(variance), 3);
    }
  });
});

describe('boundaryFinder', () => {
  test.each([2, 3, 4, 5, 6, 7, 8, 9, 10])('are the weighted features, for %i bin edges', count => {
    const random = createRandom(count);
    const shape = { ...model, edges: Array.from({ length: count }, (_, j) => 8 * (j - (count >> 1))) };
    const weighted = { ...shape, weights: Array.from({ length: count + 1 }, () => random.normal()) };
    const slope = stepAt(0.5, 360, 0.3).map((v, i) => v * Math.cos(0.1 * i));
    const scores = boundaryFinder(weighted, 360)(slope, 180.3)!;
    const features = boundaryFeatures(shape, slope, 180.3, 360)!;
    const expected = choiceScores(weighted.weights, features);
    expect(scores).toHaveLength(31);
    for (const [c, v] of expected.entries()) expect(scores[c]).toBeCloseTo(v, 9);
  });
});

test('fitted to marks, a model finds a step in noise', () => {
  const random = createRandom(11);
  const times = candidateTimes(model);
  const exampleAt = (): ChoiceExample => {
    const onset = 0.5 + 0.03 * (random.uniform() - 0.5);
    const slope = stepAt(onset, 1000, 0.15).map(v => v * Math.abs(random.normal()));
    return { features: boundaryFeatures(model, slope, 500, 1000)!, times, time: 1000 * (onset - 0.5) };
  };
  const { weights } = fitChoice(Array.from({ length: 300 }, exampleAt));
  let square = 0;
  for (let k = 0; k < 100; k++) {
    const { features, time } = exampleAt();
    const estimate = estimateBoundary(model, choiceScores(weights, features), -1000, 1000)!;
    square += (estimate.time - time) ** 2 / 100;
  }
  expect(Math.sqrt(square)).toBeLessThan(4);
});

describe('qrsBounds', () => {
  const at = [0.7, 1.5, 2.3];
  const record = (fs: number): Float64Array =>
    sampled(
      at.flatMap(t => beatAt(t)),
      3 * fs,
      fs,
    );

  test('are at one time at every rate from 128 to 2000 Hz, to 8 ms', () => {
    const reference = qrsBounds(
      record(1000),
      1000,
      at.map(t => Math.round(t * 1000)),
    );
    for (const fs of [128, 250, 360, 500, 2000]) {
      for (const [k, { onset, offset }] of qrsBounds(
        record(fs),
        fs,
        at.map(t => Math.round(t * fs)),
      ).entries()) {
        expect(Math.abs(onset! / fs - reference[k]!.onset! / 1000)).toBeLessThan(0.008);
        expect(Math.abs(offset! / fs - reference[k]!.offset! / 1000)).toBeLessThan(0.008);
      }
    }
  });

  test('move by less than 6 ms when the R peak is marked 10 ms off', () => {
    const peaks = at.map(t => Math.round(t * 1000));
    const reference = qrsBounds(record(1000), 1000, peaks);
    for (const shift of [-10, 10]) {
      for (const [k, { onset, offset }] of qrsBounds(
        record(1000),
        1000,
        peaks.map(p => p + shift),
      ).entries()) {
        expect(Math.abs(onset! - reference[k]!.onset!)).toBeLessThan(6);
        expect(Math.abs(offset! - reference[k]!.offset!)).toBeLessThan(6);
      }
    }
  });
});

describe('markedWaves', () => {
  test('joins each peak with the brackets next to it', () => {
    const marks = '( p ) ( N ) t ) ( u ) N'.split(' ').map((symbol, k) => ({ sample: 10 * k, symbol }));
    expect(markedWaves(marks)).toEqual([
      { kind: 'P', onset: 0, peak: 10, offset: 20 },
      { kind: 'QRS', onset: 30, peak: 40, offset: 50 },
      { kind: 'T', onset: undefined, peak: 60, offset: 70 },
      { kind: 'QRS', onset: undefined, peak: 110, offset: undefined },
    ]);
  });
});
