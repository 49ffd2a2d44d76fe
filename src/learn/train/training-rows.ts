/**
 * Training rows as the optimiser's steps use them: standardised, with weighted targets, in the precision of the
 * computation.
 */
import { gatherRows } from '../../diff/loops.ts';
import type { Floats, Tensor } from '../../diff/tensor.ts';
import { createRandom } from '../../random.ts';
import { type Standardization, standardizationOf, standardize } from '../model/classifier.ts';
import { type Dataset, weightedTargets } from './dataset.ts';
import type { Learner } from './learner.ts';
import type { CompleteTrainOptions } from './train-options.ts';

/** Standardised rows with their weighted targets, in the precision of the computation. */
export interface Rows {
  readonly x: Floats;
  readonly targets: Floats;
  readonly count: number;
  readonly columns: number;
  /** Number of columns of the targets. */
  readonly classes: number;
}

export function rowsOf(data: Dataset, options: CompleteTrainOptions, standardization: Standardization): Rows {
  const x = standardize(data.x, standardization);
  const targets = weightedTargets(data, options.classWeights);
  const narrow = (t: Tensor): Floats =>
    options.precision === 'float32' ? Float32Array.from(t.data) : t.data;
  const [count, columns] = x.shape as [number, number];
  return { x: narrow(x), targets: narrow(targets), count, columns, classes: data.classes.length };
}

/** Writes the rows `order[from…]` to the learner's batch; positions past the end get weight 0. */
export function fillBatch(learner: Learner, rows: Rows, order: Int32Array, from: number): void {
  const { batchSize, x, targets } = learner;
  const present = Math.min(batchSize, order.length - from);
  gatherRows(x, rows.x, rows.columns, order, from, present);
  gatherRows(targets, rows.targets, rows.classes, order, from, present);
  if (present < batchSize) targets.fill(0, present * rows.classes);
}

/** Accumulates the mean loss over a learner's batches at its current parameters, with and without the penalty. */
export function meanLoss(learner: Learner) {
  let total = 0;
  let weight = 0;
  let penalty = 0;
  return {
    /** Adds the rows of the batch. */
    add(): void {
      const loss = learner.evaluate();
      const own = learner.batchWeight();
      total += learner.lossSum();
      weight += own;
      penalty = loss - learner.lossSum() / own;
    },
    whole: () => total / weight + penalty,
    data: () => total / weight,
  };
}

/** The loss over all rows at the learner's parameters, with and without the penalty. */
export function lossOver(learner: Learner, rows: Rows): { whole: number; data: number } {
  const order = Int32Array.from({ length: rows.count }, (_, row) => row);
  const loss = meanLoss(learner);
  for (let from = 0; from < rows.count; from += learner.batchSize) {
    fillBatch(learner, rows, order, from);
    loss.add();
  }
  return { whole: loss.whole(), data: loss.data() };
}

/** A sample of rows for inspecting a network: enough to be representative, few enough to be fast. */
export interface InspectedRows {
  readonly x: Tensor;
  readonly targets: Tensor;
}

const most = 4096;

/** At most `count` rows, evenly spaced over the data. */
export function inspectedRows(rows: Rows, count = most): InspectedRows {
  const seen = Math.min(count, rows.count);
  const some = (numbers: Floats, columns: number): Tensor => {
    const data = new Float64Array(seen * columns);
    for (let k = 0; k < seen; k++) {
      const row = Math.floor((k * rows.count) / seen);
      data.set(numbers.subarray(row * columns, (row + 1) * columns), k * columns);
    }
    return { shape: [seen, columns], data };
  };
  return { x: some(rows.x, rows.columns), targets: some(rows.targets, rows.classes) };
}

/** A uniform random sample of the rows that pass through a learner's batch (Vitter 1985, algorithm R). */
export function reservoir(learner: Learner, seed: number) {
  const random = createRandom(seed);
  const [columns, classes] = [learner.x, learner.targets].map(array => array.length / learner.batchSize) as [
    number,
    number,
  ];
  const kept: { readonly x: Float64Array; readonly targets: Float64Array }[] = [];
  let seen = 0;
  const joined = (part: 'x' | 'targets', width: number): Tensor => {
    const data = new Float64Array(kept.length * width);
    kept.forEach((row, k) => {
      data.set(row[part], k * width);
    });
    return { shape: [kept.length, width], data };
  };
  return {
    /** Adds the first `present` rows of the batch. */
    add(present: number): void {
      for (let row = 0; row < present; row++) {
        const place = seen < most ? seen : Math.floor(random.uniform() * (seen + 1));
        seen++;
        if (place >= most) continue;
        kept[place] = {
          x: Float64Array.from(learner.x.subarray(row * columns, (row + 1) * columns)),
          targets: Float64Array.from(learner.targets.subarray(row * classes, (row + 1) * classes)),
        };
      }
    },
    rows: (): InspectedRows => ({ x: joined('x', columns), targets: joined('targets', classes) }),
  };
}

/**
 * The standardisation: of each column, or common to all when they are samples of one signal; mean 0 and scale 1 for raw
 * features.
 */
export function scalingOf(
  data: Pick<Dataset, 'x' | 'features'>,
  options: Pick<CompleteTrainOptions, 'standardizeTogether' | 'rawFeatures' | 'standardization'>,
): Standardization {
  if (options.standardization !== undefined) return options.standardization;
  if (options.rawFeatures) {
    const width = data.features.length;
    return { mean: new Float64Array(width), scale: new Float64Array(width).fill(1) };
  }
  if (!options.standardizeTogether) return standardizationOf(data.x);
  const width = data.features.length;
  const { mean, scale } = standardizationOf({ shape: [data.x.data.length, 1], data: data.x.data });
  return {
    mean: new Float64Array(width).fill(mean[0]!),
    scale: new Float64Array(width).fill(scale[0]!),
  };
}
