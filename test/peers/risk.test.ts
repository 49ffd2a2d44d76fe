/** The risk model and its nested cross-validation against scikit-learn, on the heart-failure table and the same folds. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseClinicalTable } from '../../src/analysis/risk/clinical-table.ts';
import { dealFolds, penalties, validateRisk } from '../../src/analysis/risk/nested-validation.ts';
import { filledRows, fitRisk, riskOf } from '../../src/analysis/risk/risk-model.ts';
import { riskTask } from '../../src/analysis/risk/risk-task.ts';
import { createRandom } from '../../src/random.ts';
import { callPeers, hasPeers, peerFolder } from './python.ts';

const sample = resolve(import.meta.dirname, '../../samples/heart_failure_clinical_records_dataset.csv');
const task = riskTask(parseClinicalTable(readFileSync(sample, 'utf8')), { target: 'DEATH_EVENT' });
const rows = [...task.outcomes.keys()];
const width = task.covariates.length;
const x = rows.map(row => [...task.x.data.subarray(row * width, (row + 1) * width)]);
const y = [...task.outcomes];

/** One call, and what it gave. */
function peer<T>(name: string, words: Readonly<Record<string, unknown>>): T {
  const [{ value, error }] = callPeers<T>(peerFolder(), [[name, words]]) as [{ value?: T; error?: string }];
  expect(error).toBeUndefined();
  return value!;
}

const largestDifference = (a: ArrayLike<number>, b: readonly number[]): number =>
  Math.max(...b.map((value, k) => Math.abs(value - a[k]!)));

describe.runIf(hasPeers)('risk', () => {
  test.each(penalties)('logistic regression with penalty %s: weights and risks', { timeout: 60_000 }, l2 => {
    const model = fitRisk(task, rows, { kind: 'logistic', l2, seed: 1 });
    const theirs = peer<{ weights: number[]; intercept: number; risks: number[] }>('logistic_regression', {
      ...{ x, y, penalty: l2 },
    });
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

  test('nested cross-validation: penalties chosen, risks, AUROC, Brier score, calibration', {
    timeout: 120_000,
  }, () => {
    const ours = validateRisk(task, { kind: 'logistic', seed: 1, repeats: 1 });
    // The folds are dealt in this order from one generator.
    const random = createRandom(1, 0);
    const outer = dealFolds(task, rows, 5, random);
    const inner = outer.map(tested =>
      dealFolds(
        task,
        rows.filter(row => !tested.includes(row)),
        5,
        random,
      ),
    );
    const theirs = peer<{ penalties: number[]; risks: number[] }>('nested_validation', {
      ...{ x, y, penalties, outer, inner },
    });
    expect(ours.penalties).toEqual(theirs.penalties);
    expect(largestDifference(ours.risks, theirs.risks)).toBeLessThan(1e-5);
    const metrics = peer<{ auroc: number; brier: number; intercept: number; slope: number }>('risk_metrics', {
      ...{ risks: [...ours.risks], y },
    });
    expect(ours.auroc.value).toBeCloseTo(metrics.auroc, 12);
    expect(ours.brier.value).toBeCloseTo(metrics.brier, 12);
    expect(ours.calibrationIntercept.value).toBeCloseTo(metrics.intercept, 4);
    expect(ours.calibrationSlope.value).toBeCloseTo(metrics.slope, 4);
  });
});
