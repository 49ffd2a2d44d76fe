/** Rows as the steps of training take them: standardised, with weighted targets, in the precision of the steps. */
import { gatherRows } from '../diff/kernels.ts';
import type { Floats, Tensor } from '../diff/tensor.ts';
import { type Standardization, standardizationOf, standardize } from './classifier.ts';
import { type Dataset, weightedTargets } from './dataset.ts';
import type { Learner } from './learner.ts';
import type { TrainOptions } from './train-options.ts';

/** Standardised rows with their weighted targets, in the precision of the steps. */
export interface Rows {
  readonly x: Floats;
  readonly targets: Floats;
  readonly count: number;
  readonly columns: number;
  readonly classes: number;
}

export function rowsOf(data: Dataset, options: TrainOptions, standardization: Standardization): Rows {
  const x = standardize(data.x, standardization);
  const targets = weightedTargets(data, options.classWeights);
  const narrow = (t: Tensor): Floats =>
    options.precision === 'float32' ? Float32Array.from(t.data) : t.data;
  const [count, columns] = x.shape as [number, number];
  return { x: narrow(x), targets: narrow(targets), count, columns, classes: data.classes.length };
}

/** Puts the rows `order[from…]` into the learner's batch; rows past the end get weight 0 and so count for nothing. */
export function fillBatch(learner: Learner, rows: Rows, order: Int32Array, from: number): void {
  const { batchSize, x, targets } = learner;
  const present = Math.min(batchSize, order.length - from);
  gatherRows(x, rows.x, rows.columns, order, from, present);
  gatherRows(targets, rows.targets, rows.classes, order, from, present);
  if (present < batchSize) targets.fill(0, present * rows.classes);
}

/** Σ over an array. */
export function totalOf(numbers: Floats): number {
  let total = 0;
  for (let i = 0; i < numbers.length; i++) total += numbers[i]!;
  return total;
}

/** Loss over all rows at the learner's parameters: with the penalty, and without. */
export function lossOver(learner: Learner, rows: Rows): { whole: number; data: number } {
  const order = Int32Array.from({ length: rows.count }, (_, row) => row);
  const weight = totalOf(rows.targets);
  let total = 0;
  let penalty = 0;
  for (let from = 0; from < rows.count; from += learner.batchSize) {
    fillBatch(learner, rows, order, from);
    const loss = learner.evaluate();
    total += learner.lossSum();
    penalty = loss - learner.lossSum() / totalOf(learner.targets);
  }
  return { whole: total / weight + penalty, data: total / weight };
}

/** Statistics of all columns together when they are samples of one signal. */
export function scalingOf(data: Dataset, options: TrainOptions): Standardization {
  if (!options.standardizeTogether) return standardizationOf(data.x);
  const width = data.features.length;
  const { mean, scale } = standardizationOf({ shape: [data.x.data.length, 1], data: data.x.data });
  return {
    mean: new Float64Array(width).fill(mean[0]!),
    scale: new Float64Array(width).fill(scale[0]!),
  };
}
