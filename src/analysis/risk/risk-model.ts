/** The risk of an event as a function of a patient's covariates: logistic regression, or a small multilayer perceptron. */
import { slice } from '../../diff/slice.ts';
import { type Tensor, tensor } from '../../diff/tensor.ts';
import { type Classifier, classProbabilities } from '../../learn/model/classifier.ts';
import { train } from '../../learn/train/train.ts';
import { quantile } from '../../statistics.ts';
import type { RiskTask } from './risk-task.ts';

export type RiskModelKind = 'logistic' | 'mlp';

export interface RiskModel {
  readonly kind: RiskModelKind;
  /** Replacement of a missing value of each covariate: the median of the training rows. */
  readonly fill: Float64Array;
  /** Classifier with the classes `no` and `yes`. */
  readonly classifier: Classifier;
}

export interface RiskModelOptions {
  readonly kind: RiskModelKind;
  /** L2 penalty: weight of ½·Σw² added to the mean loss. */
  readonly l2: number;
  readonly seed: number;
}

const hiddenUnits = 8;

/**
 * Trains on the given rows by L-BFGS, minimising the mean cross-entropy plus the penalty. Standardisation and
 * replacement of missing values are derived from these rows only. Throws `RangeError` as `train` does.
 *
 * @example
 * const table = parseClinicalTable(new TextDecoder().decode(await source.read('heart_failure_clinical_records_dataset.csv')));
 * const task = riskTask(table, { target: 'DEATH_EVENT' });
 * fitRisk(task, [...task.outcomes.keys()], { kind: 'logistic', l2: 0.1, seed: 1 }).classifier.features.length // => 11
 */
export function fitRisk(task: RiskTask, rows: readonly number[], options: RiskModelOptions): RiskModel {
  const { kind, l2, seed } = options;
  const width = task.covariates.length;
  const fill = Float64Array.from({ length: width }, (_, k) => {
    const middle = quantile(
      rows.map(row => task.x.data[row * width + k]!),
      0.5,
    );
    return Number.isNaN(middle) ? 0 : middle;
  });
  const { model } = train(
    {
      classes: ['no', 'yes'],
      features: task.covariates.map(({ name, unit }) => ({ name, unit })),
      x: filledRows(task, rows, fill),
      labels: Int32Array.from(rows, row => task.outcomes[row]!),
      groups: rows.map(row => task.groups[row]!),
    },
    {
      ...{ hidden: kind === 'mlp' ? [hiddenUnits] : [], activation: 'tanh', optimizer: 'lbfgs' },
      ...{ learningRate: 1, epochs: 60, batchSize: rows.length, l2, classWeights: [1, 1], seed },
    },
  );
  return { kind, fill, classifier: model };
}

/** The covariates of the rows, `[rows, covariates]`, with missing values replaced by `fill`. */
export function filledRows(task: RiskTask, rows: readonly number[], fill: Float64Array): Tensor {
  const width = task.covariates.length;
  const data = new Float64Array(rows.length * width);
  rows.forEach((row, at) => {
    for (let k = 0; k < width; k++) {
      const value = task.x.data[row * width + k]!;
      data[at * width + k] = Number.isNaN(value) ? fill[k]! : value;
    }
  });
  return tensor(data, [rows.length, width]);
}

/**
 * Predicted risk, `[rows, 1]`, between 0 and 1, for covariates in their original units, `[rows, covariates]`.
 * Differentiable.
 *
 * @example
 * const table = parseClinicalTable(new TextDecoder().decode(await source.read('heart_failure_clinical_records_dataset.csv')));
 * const task = riskTask(table, { target: 'DEATH_EVENT' });
 * const model = fitRisk(task, [...task.outcomes.keys()], { kind: 'logistic', l2: 0.1, seed: 1 });
 * riskOf(model, tensor(task.x.data.slice(0, 11), [1, 11])).data[0].toFixed(3) // => '0.741'
 */
export const riskOf = ({ classifier }: RiskModel, x: Tensor): Tensor =>
  slice(classProbabilities(classifier, x), [0, 1], [x.shape[0]!, 2]);
