/** The risk model and its nested cross-validation against scikit-learn, on the heart-failure table and the same folds. */
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseClinicalTable } from '../../src/analysis/risk/clinical-table.ts';
import { dealFolds, penalties, validateRisk } from '../../src/analysis/risk/nested-validation.ts';
import { filledRows, fitRisk, riskOf } from '../../src/analysis/risk/risk-model.ts';
import { riskTask } from '../../src/analysis/risk/risk-task.ts';
import { createRandom } from '../../src/random.ts';
import { type Answer, type Call, callPeers, hasPeers } from './python.ts';

const sample = resolve(import.meta.dirname, '../../samples/heart_failure_clinical_records_dataset.csv');
const task = riskTask(parseClinicalTable(readFileSync(sample, 'utf8')), { target: 'DEATH_EVENT' });
const rows = [...task.outcomes.keys()];
const width = task.covariates.length;
const x = rows.map(row => [...task.x.data.subarray(row * width, (row + 1) * width)]);
const y = [...task.outcomes];

/** The folds of `validateRisk`, which deals them in this order from one generator. */
function nestedFolds(): { readonly outer: number[][]; readonly inner: number[][][] } {
  const random = createRandom(1, 0);
  const outer = dealFolds(task, rows, 5, random);
  const inner = outer.map(tested => {
    const others = rows.filter(row => !tested.includes(row));
    return dealFolds(task, others, 5, random);
  });
  return { outer, inner };
}

const largestDifference = (a: ArrayLike<number>, b: readonly number[]): number =>
  Math.max(...b.map((value, k) => Math.abs(value - a[k]!)));

describe.runIf(hasPeers)('risk', () => {
  const folds = nestedFolds();
  let ours: ReturnType<typeof validateRisk>;
  let answers: readonly Answer<unknown>[];
  beforeAll(() => {
    ours = validateRisk(task, { kind: 'logistic', seed: 1, repeats: 1 });
    // In one Python: to import scikit-learn takes seconds.
    answers = callPeers(tmpdir(), [
      ...penalties.map((penalty): Call => ['logistic_regression', { x, y, penalty }]),
      ['nested_validation', { x, y, penalties, ...folds }],
      ['risk_metrics', { risks: [...ours.risks], y }],
    ]);
  }, 120_000);
  /** What the `k`-th call gave. */
  const answer = <T>(k: number): T => {
    const { value, error } = answers.at(k) as Answer<T>;
    expect(error).toBeUndefined();
    return value!;
  };

  test.each(penalties)('logistic regression with penalty %s: weights and risks', l2 => {
    const model = fitRisk(task, rows, { kind: 'logistic', l2, seed: 1 });
    const theirs = answer<{ weights: number[]; intercept: number; risks: number[] }>(penalties.indexOf(l2));
    const [layer] = model.classifier.network.layers;
    const ours = Array.from(
      { length: width },
      (_, k) => layer!.weights.data[2 * k + 1]! - layer!.weights.data[2 * k]!,
    );
    expect(largestDifference(ours, theirs.weights)).toBeLessThan(1e-5);
    expect(layer!.bias.data[1]! - layer!.bias.data[0]!).toBeCloseTo(theirs.intercept, 5);
    expect(
      largestDifference(riskOf(model, filledRows(task, rows, model.fill)).data, theirs.risks),
    ).toBeLessThan(1e-5);
  });

  test('nested cross-validation: penalties chosen, risks, AUROC, Brier score, calibration', () => {
    const theirs = answer<{ penalties: number[]; risks: number[] }>(-2);
    expect(ours.penalties).toEqual(theirs.penalties);
    expect(largestDifference(ours.risks, theirs.risks)).toBeLessThan(1e-5);
    const metrics = answer<{ auroc: number; brier: number; intercept: number; slope: number }>(-1);
    expect(ours.auroc.value).toBeCloseTo(metrics.auroc, 12);
    expect(ours.brier.value).toBeCloseTo(metrics.brier, 12);
    expect(ours.calibrationIntercept.value).toBeCloseTo(metrics.intercept, 4);
    expect(ours.calibrationSlope.value).toBeCloseTo(metrics.slope, 4);
  });
});
