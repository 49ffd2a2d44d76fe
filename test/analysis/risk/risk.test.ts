/** The risk model against closed forms and finite differences; its validation against another program's figures. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseClinicalTable } from '../../../src/analysis/risk/clinical-table.ts';
import { validateRisk } from '../../../src/analysis/risk/nested-validation.ts';
import { explainRisk } from '../../../src/analysis/risk/patient-risk.ts';
import { filledRows, fitRisk, riskOf } from '../../../src/analysis/risk/risk-model.ts';
import { riskTask } from '../../../src/analysis/risk/risk-task.ts';
import { tensor } from '../../../src/diff/tensor.ts';

const root = resolve(import.meta.dirname, '../../..');
const table = parseClinicalTable(
  readFileSync(join(root, 'samples/heart_failure_clinical_records_dataset.csv'), 'utf8'),
);
const task = riskTask(table, { target: 'DEATH_EVENT' });
const rows = [...task.outcomes.keys()];

describe.each(['logistic', 'mlp'] as const)('%s', kind => {
  const model = fitRisk(task, rows, { kind, l2: 0.03, seed: 1 });
  test('each partial derivative is the slope by changing that cell', () => {
    for (const row of [0, 1, 17, 200]) {
      for (const { perUnit, byChanging, perDeviation, name } of explainRisk(model, task, row).derivatives) {
        expect(Math.abs(perUnit - byChanging), name).toBeLessThan(1e-6 * Math.abs(perUnit) + 1e-12);
        expect(Math.sign(perDeviation)).toBe(Math.sign(perUnit));
      }
    }
  });
  test('integrated contributions sum to the risk less the typical risk', () => {
    const { risk, typicalRisk, derivatives } = explainRisk(model, task, 3);
    const sum = derivatives.reduce((all, { contribution }) => all + contribution, 0);
    expect(sum).toBeCloseTo(risk - typicalRisk, 2);
  });
  test('the smallest change crosses, holds what is fixed, and no random change of its length does better', () => {
    const threshold = 0.5;
    const { crossing, heldFixed, risk } = explainRisk(model, task, 0, { threshold });
    expect(risk).toBeGreaterThan(threshold);
    expect(crossing!.risk).toBeLessThan(threshold);
    for (const fixed of ['age', 'sex']) expect(heldFixed).toContain(fixed);
    expect(crossing!.changes.map(({ name }) => name).filter(name => heldFixed.includes(name))).toEqual([]);
    const last = crossing!.steps.at(-1)!;
    expect(riskOf(model, tensor(last.values.slice(), [1, 11])).data[0]).toBeCloseTo(crossing!.risk, 12);
    // Along any other direction of the free covariates nine tenths of the way are not enough.
    const { scale } = model.classifier.standardization;
    const x = filledRows(task, [0], model.fill).data;
    const free = task.covariates.map(({ name }) => !heldFixed.includes(name));
    for (let k = 0; k < 200; k++) {
      const way = free.map((isFree, j) => (isFree ? Math.sin(7.3 * k + 2.1 * j * (k + 1)) : 0));
      const length = Math.hypot(...way);
      const moved = x.map((value, j) => value + (0.9 * crossing!.deviations * way[j]! * scale[j]!) / length);
      expect(riskOf(model, tensor(moved, [1, 11])).data[0]!).toBeGreaterThan(threshold);
    }
  });
});

test('what is fixed can be chosen; with everything fixed there is no way across', () => {
  const model = fitRisk(task, rows, { kind: 'logistic', l2: 0.1, seed: 1 });
  const all = task.covariates.map(({ name }) => name);
  expect(explainRisk(model, task, 0, { fixed: all }).crossing).toBeUndefined();
  const onlyCreatinine = all.filter(name => name !== 'serum_creatinine');
  const { crossing } = explainRisk(model, task, 0, { fixed: onlyCreatinine, threshold: 0.7 });
  expect(crossing!.changes.map(({ name }) => name)).toEqual(['serum_creatinine']);
});

test('the logistic model is at the minimum of the penalised loss', () => {
  const l2 = 0.1;
  const model = fitRisk(task, rows, { kind: 'logistic', l2, seed: 1 });
  const { standardization, network } = model.classifier;
  const weights = network.layers[0]!.weights.data;
  const risks = riskOf(model, filledRows(task, rows, model.fill)).data;
  // At the optimum the residuals are uncorrelated with each covariate but for the penalty's pull.
  for (let k = 0; k < 11; k++) {
    const slope =
      rows.reduce((sum, row) => {
        const z = (task.x.data[row * 11 + k]! - standardization.mean[k]!) / standardization.scale[k]!;
        return sum + (risks[row]! - task.outcomes[row]!) * z;
      }, 0) / rows.length;
    expect(slope + l2 * weights[2 * k + 1]!).toBeCloseTo(0, 5);
  }
});

describe('nested cross-validation', () => {
  // Another program's nested cross-validation of this table: .763 [.71, .82]; .777; .876 with follow-up time.
  test('all eleven covariates', () => {
    const { auroc, brier, brierOfEventRate, risks, calibrationSlope } = validateRisk(task, {
      ...{ kind: 'logistic', seed: 1, repeats: 1 },
    });
    expect(auroc.value).toBeGreaterThan(0.74);
    expect(auroc.value).toBeLessThan(0.8);
    expect(auroc.low! + 0.05).toBeLessThan(auroc.value!);
    expect(brier.value!).toBeLessThan(brierOfEventRate);
    expect(calibrationSlope.low!).toBeLessThan(1);
    expect(calibrationSlope.high!).toBeGreaterThan(1);
    // The AUROC by comparing every pair.
    let [wins, pairs] = [0, 0];
    for (const a of rows.filter(row => task.outcomes[row] === 1)) {
      for (const b of rows.filter(row => task.outcomes[row] === 0)) {
        pairs++;
        wins += risks[a]! > risks[b]! ? 1 : risks[a] === risks[b] ? 0.5 : 0;
      }
    }
    expect(auroc.value).toBeCloseTo(wins / pairs, 12);
  });
  test('random outcomes are not predicted', () => {
    const shuffled = { ...task, outcomes: task.outcomes.map((_, k) => task.outcomes[(k * 97) % 299]!) };
    const { auroc } = validateRisk(shuffled, { kind: 'logistic', seed: 1, repeats: 1 });
    expect(auroc.value).toBeGreaterThan(0.35);
    expect(auroc.value).toBeLessThan(0.62);
  });
  test('a patient is never on both sides: rows of one patient give nothing away', () => {
    // Each patient twice, the outcome noise: only a leak between folds could predict it.
    const outcomes = Int32Array.from({ length: 120 }, (_, k) =>
      Number(Math.sin(57.3 * Math.floor(k / 2)) > 0),
    );
    const data = Float64Array.from({ length: 120 * 12 }, (_, k) =>
      Math.sin(91.7 * (Math.floor(k / 24) * 12 + (k % 12))),
    );
    const twice = {
      ...task,
      covariates: Array.from({ length: 12 }, (_, k) => ({
        name: `x${k}`,
        unit: '',
        column: `x${k}`,
        isBinary: false,
      })),
      x: tensor(data, [120, 12]),
      outcomes,
      groups: Array.from({ length: 120 }, (_, k) => `p${Math.floor(k / 2)}`),
    };
    const { auroc } = validateRisk(twice, { kind: 'logistic', seed: 1, repeats: 1 });
    expect(auroc.value).toBeLessThan(0.75);
    const leaking = { ...twice, groups: Array.from({ length: 120 }, (_, k) => `row${k}`) };
    expect(validateRisk(leaking, { kind: 'logistic', seed: 1, repeats: 1 }).auroc.value!).toBeGreaterThan(
      auroc.value! + 0.05,
    );
  });
  test('too few patients are refused', () => {
    const few = { ...task, groups: task.groups.map(() => 'one') };
    expect(() => validateRisk(few, { kind: 'logistic', seed: 1 })).toThrow(
      /5 folds need at least 5 patients/,
    );
  });
});
