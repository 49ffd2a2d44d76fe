/** Each broken training gets the one right word and advice, and no second word that contradicts it. */
import { describe, expect, test } from 'vitest';
import { tensor } from '../../../src/diff/tensor.ts';
import { diagnose, isDiverging } from '../../../src/learn/diagnose/verdict.ts';
import { blobs, outcome, trainings } from './broken-trainings.ts';

test.each(Object.entries(trainings))('%s', (_, training) => {
  const { verdict, health } = outcome(training);
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
