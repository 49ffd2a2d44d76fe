/** Rows to learn from: what they hold, whether they make sense, and how much each class weighs. */
import { formatShape, full, type Tensor } from '../diff/tensor.ts';
import type { FeatureName } from './classifier.ts';

/** Rows to learn from or to be tested on. */
export interface Dataset {
  readonly classes: readonly string[];
  readonly features: readonly FeatureName[];
  /** Raw features, `[rows, features]`. */
  readonly x: Tensor;
  /** Class index of each row. */
  readonly labels: Int32Array;
  /** Group (record, patient) of each row. */
  readonly groups: readonly string[];
}

/**
 * Class weights (n / (classes · n_c))^power, scaled to mean 1 over the rows; a class without rows gets 0. Power 0
 * weighs all rows alike, power 1 all classes alike.
 */
export function inverseFrequencyWeights(labels: Int32Array, classes: number, power: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]!++;
  const raw = counts.map(count => (count === 0 ? 0 : (labels.length / (classes * count)) ** power));
  const mean = counts.reduce((total, count, k) => total + count * raw[k]!, 0) / labels.length;
  return raw.map(weight => weight / mean);
}

/** One row of targets for each label: the class's weight at the class, 0 elsewhere. */
export function weightedTargets(labels: Int32Array, classWeights: readonly number[]): Tensor {
  const targets = full([labels.length, classWeights.length], 0);
  labels.forEach((label, row) => {
    targets.data[row * classWeights.length + label] = classWeights[label]!;
  });
  return targets;
}

/** Throws `RangeError` with the place when shapes do not match, a value is not finite or a label has no class. */
export function checkDataset({ x, labels, groups, classes, features }: Dataset, what: string): void {
  if (x.shape.length !== 2 || x.shape[1] !== features.length || x.shape[0] === 0) {
    throw new RangeError(
      `train: the ${what} rows have the shape ${formatShape(x.shape)}, not [1 or more, ${features.length}]`,
    );
  }
  if (labels.length !== x.shape[0] || groups.length !== x.shape[0]) {
    throw new RangeError(
      `train: ${x.shape[0]} ${what} rows, ${labels.length} labels and ${groups.length} groups`,
    );
  }
  const bad = x.data.findIndex(value => !Number.isFinite(value));
  if (bad >= 0) {
    const name = features[bad % features.length]!.name;
    throw new RangeError(
      `train: ${what} row ${Math.floor(bad / features.length)} has ${name} = ${x.data[bad]}`,
    );
  }
  const wrong = labels.findIndex(label => label < 0 || label >= classes.length);
  if (wrong >= 0) {
    throw new RangeError(`train: ${what} row ${wrong} has class ${labels[wrong]} of ${classes.length}`);
  }
}

/** Throws `RangeError` unless there is a weight a class, positive where the class has rows. */
export function checkClassWeights(
  classWeights: readonly number[],
  classes: number,
  present: ReadonlySet<number>,
): void {
  if (
    classWeights.length !== classes ||
    classWeights.some((weight, k) => !(present.has(k) ? weight > 0 : weight >= 0))
  ) {
    throw new RangeError(
      `train: ${classes} class weights, positive where the class has rows, not [${classWeights.join(', ')}]`,
    );
  }
}
