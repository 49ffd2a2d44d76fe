/** Each broken training gets the one right word and advice, and no second word that contradicts it. */
import { describe, expect, test } from 'vitest';
import { sub } from '../../../src/diff/arithmetic.ts';
import { abs } from '../../../src/diff/elementwise.ts';
import { softmaxCrossEntropy } from '../../../src/diff/loss.ts';
import { tensor } from '../../../src/diff/tensor.ts';
import { constantPredictionLoss } from '../../../src/learn/diagnose/constant-prediction.ts';
import { targetEvidence } from '../../../src/learn/diagnose/target-evidence.ts';
import { diagnose, isDiverging } from '../../../src/learn/diagnose/verdict.ts';
import { classificationLoss, regressionLoss } from '../../../src/learn/train/losses.ts';
import type { TrainingResult } from '../../../src/learn/train/train.ts';
import { regressionOutcome, regressions } from './broken-regressions.ts';
import { type BrokenTraining, outcome, trainings } from './broken-trainings.ts';
import { blobs } from './small-datasets.ts';

type Outcome = Pick<TrainingResult, 'verdict' | 'health'>;

function expectVerdict(
  { verdict, health }: Outcome,
  training: Pick<BrokenTraining, 'kind' | 'advice'>,
): void {
  expect(verdict.kind, verdict.text).toBe(training.kind);
  const advised = /\b(Try|Start|Stop there|Use|Raise|Give|Add|Check|Train longer|More epochs|let it decay)\b/;
  if (training.advice === undefined) {
    if (verdict.kind !== 'improving') expect(verdict.text).not.toMatch(advised);
  } else {
    expect(verdict.text).toMatch(advised);
    expect(verdict.text).toMatch(training.advice);
  }
  // Only a loss that runs away or swings goes with a gradient that explodes; findings give no advice of their own.
  const findings = health.findings.join(' ');
  if (!['diverged', 'stopped', 'oscillating'].includes(verdict.kind))
    expect(findings).not.toMatch(/explodes/);
  if (verdict.kind !== 'vanishing-gradient') expect(findings).not.toMatch(/vanishes/);
  expect(findings).not.toMatch(/lower|larger|raise|clip it/i);
}

test.each(Object.entries(trainings))('%s', (_, training) => expectVerdict(outcome(training), training));

describe('regressions and losses of one’s own', () => {
  test.each(Object.entries(regressions))('%s', (_, regression) =>
    expectVerdict(regressionOutcome(regression), regression),
  );
});

describe('what the targets say', () => {
  const outlierOf = (values: readonly number[], weights?: Float64Array) =>
    targetEvidence(tensor(values, [values.length, 1]), ['y'], weights).outlier;
  test('the row that holds most of the squared deviations, and its share by hand', () => {
    // 24 zeros and a 10: the mean is 0.4, and 9.6² of 9.6² + 24·0.4² is 96 %.
    const values: number[] = Array.from({ length: 25 }, (_, row) => (row === 3 ? 10 : 0));
    const found = outlierOf(values)!;
    expect(found).toMatchObject({ name: 'y', row: 3, value: 10 });
    expect(found.share).toBeCloseTo(0.96, 12);
    const light = Float64Array.from(values, (_, row) => (row === 3 ? 1e-4 : 1));
    light[7] = 1;
    expect(outlierOf(values.with(7, 1), light)).toMatchObject({ row: 7 });
  });
  test('few rows, or two that share it, are no outlier', () => {
    expect(outlierOf([0, 0, 0, 0, 10])).toBeUndefined();
    expect(outlierOf(Array.from({ length: 25 }, (_, row) => (row < 2 ? 10 : 0)))).toBeUndefined();
  });
});

describe('the best constant prediction', () => {
  const targets = tensor([0, 1, 1, 1, 2, 1, 9, 1], [4, 2]); // values 0, 1, 2, 9, weights 1
  test('of the squared error it is the mean, of the absolute error the median', () => {
    expect(constantPredictionLoss(regressionLoss(1), 1, targets)).toBeCloseTo((9 + 4 + 1 + 36) / 4, 12);
    const absolute = regressionLoss(1, (y, t) => abs(sub(y, t)));
    expect(constantPredictionLoss(absolute, 1, targets)).toBeCloseTo(10 / 4, 9);
  });
  test('of an own cross-entropy it is the entropy, and of a loss below 0 there is none', () => {
    const labels = tensor([1, 0, 1, 0, 1, 0, 0, 1], [4, 2]);
    const entropy = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25);
    const own = classificationLoss(2, undefined, softmaxCrossEntropy);
    expect(constantPredictionLoss(own, 2, labels)).toBeCloseTo(entropy, 9);
    const below = regressionLoss(1, (y, t) => sub(abs(sub(y, t)), 20));
    expect(constantPredictionLoss(below, 1, targets)).toBeUndefined();
  });
});

describe('rows that no training can take are refused with row and feature', () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%d', value => {
    const data = blobs();
    data.x.data[13] = value;
    expect(() => outcome({ data, kind: 'diverged' })).toThrow(`training row 3 has f1 = ${value}`);
    const validation = { ...data, x: tensor(data.x.data, data.x.shape) };
    expect(() => outcome({ data: blobs(), options: { validation }, kind: 'diverged' })).toThrow(
      `validation row 3 has f1 = ${value}`,
    );
  });
});

describe('training is ended early only when the loss runs away', () => {
  test.each([
    [[1, 3], false],
    [[3.4, 15, 8.6, 0.04], false],
    [[1, 1, 5, 0.2, 5, 0.3], false],
    [[1, 1.5, 1.9], false],
    [[1, 3, 9], true],
    [[1, 0.5, Number.NaN], true],
    [[1, Number.POSITIVE_INFINITY], true],
    [[-4, -4.1, -4.2], false],
    [[-4, -3, -2], false],
    [[-4, 5, 90], true],
  ])('%j: %s', (losses, ends) => {
    expect(isDiverging(losses)).toBe(ends);
  });
});

describe('histories made by hand', () => {
  const gradient = { before: 1, after: 1, parameters: 1 };
  test('a loss cut while over all rows it is lower than at the start was stopped, not diverged', () => {
    const evidence = { cut: true, fullLoss: { before: 3.4, after: 0.9 } };
    expect(diagnose([3.4, 8, 15], 'momentum', 10, gradient, evidence).text).toMatch(
      /^Stopped .*ended at 0\.9\. Try a third/,
    );
    const grown = { cut: true, fullLoss: { before: 3.4, after: 20 } };
    expect(diagnose([3.4, 8, 15], 'momentum', 10, gradient, grown).kind).toBe('diverged');
  });
  test('a loss that has come down and gone up again is not called converged', () => {
    expect(diagnose([1, 0.5, 0.2, 0.1, 0.4, 0.6], 'sgd', 1).text).toMatch(/minimum of 0\.1 after epoch 3/);
  });
  test('a loss above its start is not called stalled', () => {
    expect(
      diagnose([1, 1.2, 1.3, 1.4, 1.5], 'sgd', 1, gradient, { fullLoss: { before: 1, after: 1.5 } }).kind,
    ).toBe('diverged');
  });
  test('a validation loss that only wavers is no overfitting', () => {
    const losses = [1, 0.5, 0.4, 0.35, 0.3];
    expect(diagnose(losses, 'sgd', 1, gradient, { validationLosses: [0.6, 0.5, 0.52, 0.51] }).kind).toBe(
      'improving',
    );
    expect(diagnose(losses, 'sgd', 1, gradient, { validationLosses: [0.6, 0.5, 0.6, 0.8] }).kind).toBe(
      'overfitting',
    );
  });
  test('without a learning rate none is advised', () => {
    for (const losses of [
      [1, 3, 9],
      [1, 0.9999],
      [1, 0.6, 0.8, 0.5, 0.75, 0.5, 0.74, 0.51, 0.73],
    ]) {
      expect(diagnose(losses, 'lbfgs', undefined).text).not.toMatch(/rate/);
    }
  });
});
