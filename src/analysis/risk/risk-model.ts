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
  /** What a missing value is taken for: the median of the rows trained on. */
  readonly fill: Float64Array;
  /** Of the classes `no` and `yes`. */
  readonly classifier: Classifier;
}

export interface RiskModelOptions {
  readonly kind: RiskModelKind;
  /** Weight of ½·Σw² in the mean loss. */
  readonly l2: number;
  readonly seed: number;
}

const hiddenUnits = 8;

/**
 * Trains on the rows given, by L-BFGS on the mean cross-entropy plus the penalty. Covariates are standardised, and
 * missing ones filled, by these rows alone.
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

/** The rows' covariates `[rows, covariates]`, nothing missing. */
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
 * The risk `[rows, 1]`, 0 to 1, of raw covariates `[rows, covariates]`. Differentiable.
 *
 * @example
 * const table = parseClinicalTable(new TextDecoder().decode(await source.read('heart_failure_clinical_records_dataset.csv')));
 * const task = riskTask(table, { target: 'DEATH_EVENT' });
 * const model = fitRisk(task, [...task.outcomes.keys()], { kind: 'logistic', l2: 0.1, seed: 1 });
 * riskOf(model, tensor(task.x.data.slice(0, 11), [1, 11])).data[0].toFixed(3) // => '0.741'
 */
export const riskOf = ({ classifier }: RiskModel, x: Tensor): Tensor =>
  slice(classProbabilities(classifier, x), [0, 1], [x.shape[0]!, 2]);
