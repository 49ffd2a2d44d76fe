/** Rows to learn from: what they hold, whether they make sense, and how much each class weighs. */

import type { FeatureDefinition } from '../../beat/features/feature-definition.ts';
import { formatShape, full, type Tensor } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';
import type { FeatureName } from '../model/classifier.ts';

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
  /** Weight of each row in the loss, on top of its class's; all 1 when absent. */
  readonly weights?: Float64Array;
  /** What the features are, where they are beat features. */
  readonly definition?: FeatureDefinition;
  /** Probability of atrial fibrillation or flutter at each row's beat; NaN where unknown. */
  readonly fibrillation?: Float64Array;
  /** Time of each row's beat in its record, s. */
  readonly times?: Float64Array;
}

/**
 * Class weights (n / (classes · n_c))^power, scaled to mean 1 over the rows; a class without rows gets 0. Power 0
 * weighs all rows alike, power 1 all classes alike.
 *
 * @example inverseFrequencyWeights(Int32Array.of(0, 0, 0, 1), 2, 1) // => [0.6666…, 2]
 */
export function inverseFrequencyWeights(labels: Int32Array, classes: number, power: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]!++;
  const raw = counts.map(count => (count === 0 ? 0 : (labels.length / (classes * count)) ** power));
  const mean = counts.reduce((total, count, k) => total + count * raw[k]!, 0) / labels.length;
  return raw.map(weight => weight / mean);
}

/**
 * Row weights that keep one group from speaking for its class: a row weighs n^−power, n being the rows of its group
 * and class; each class keeps its total weight. Power 0 weighs all rows alike, power 1 all groups alike.
 *
 * @example groupBalancedWeights(Int32Array.of(0, 0, 0), ['101', '101', '106'], 1) // => [0.75, 0.75, 1.5]
 */
export function groupBalancedWeights(
  labels: Int32Array,
  groups: readonly string[],
  power: number,
): Float64Array {
  const cell = (row: number): string => `${labels[row]} ${groups[row]}`;
  const sizes = new Map<string, number>();
  for (let row = 0; row < labels.length; row++) sizes.set(cell(row), (sizes.get(cell(row)) ?? 0) + 1);
  const raw = Float64Array.from(labels, (_, row) => sizes.get(cell(row))! ** -power);
  const totals = new Map<number, { rows: number; weight: number }>();
  labels.forEach((label, row) => {
    const { rows, weight } = totals.get(label) ?? { rows: 0, weight: 0 };
    totals.set(label, { rows: rows + 1, weight: weight + raw[row]! });
  });
  return raw.map((weight, row) => {
    const total = totals.get(labels[row]!)!;
    return (weight * total.rows) / total.weight;
  });
}

/** One row of targets for each row of data: the weight of class and row at the class, 0 elsewhere. */
export function weightedTargets(
  { labels, weights }: Pick<Dataset, 'labels' | 'weights'>,
  classWeights: readonly number[],
): Tensor {
  const targets = full([labels.length, classWeights.length], 0);
  labels.forEach((label, row) => {
    targets.data[row * classWeights.length + label] = classWeights[label]! * (weights?.[row] ?? 1);
  });
  return targets;
}

/** Throws `RangeError` unless there are names, each a text and no two alike: a model tells classes and features by them. */
export function checkNames(what: 'class' | 'feature' | 'output', names: readonly string[]): void {
  if (names.length === 0) throw new InputError(`train: no ${what} is named`);
  const seen = new Set<string>();
  for (const name of names) {
    if (typeof name !== 'string' || seen.has(name)) {
      throw new InputError(
        `train: each ${what} takes a name of its own, and ${JSON.stringify(name)} is ${seen.has(name) ? 'there twice' : 'none'}`,
      );
    }
    seen.add(name);
  }
}

/** Throws `RangeError` with the place when shapes do not match, a value is not finite or a label has no class. */
export function checkDataset(data: Dataset, what: string): void {
  const { x, labels, groups, classes, features, weights } = data;
  checkNames('class', classes);
  checkNames(
    'feature',
    features.map(({ name }) => name),
  );
  requireColumns(what, x, features);
  if (labels.length !== x.shape[0] || groups.length !== x.shape[0]) {
    throw new InputError(
      `train: ${x.shape[0]} ${what} rows, ${labels.length} labels and ${groups.length} groups`,
    );
  }
  checkFeatures(what, x, features);
  checkRowWeights(what, weights, labels.length);
  const wrong = labels.findIndex(label => label < 0 || label >= classes.length);
  if (wrong >= 0) {
    throw new InputError(`train: ${what} row ${wrong} has class ${labels[wrong]} of ${classes.length}`);
  }
}

function requireColumns(what: string, x: Tensor, features: readonly FeatureName[]): void {
  if (x.shape.length !== 2 || x.shape[1] !== features.length || x.shape[0] === 0) {
    throw new InputError(
      `train: the ${what} rows have the shape ${formatShape(x.shape)}, not [1 or more, ${features.length}]`,
    );
  }
}

/** Throws `RangeError` with the place when rows have not these columns, or a value is not finite. */
export function checkFeatures(what: string, x: Tensor, features: readonly FeatureName[]): void {
  requireColumns(what, x, features);
  const bad = x.data.findIndex(value => !Number.isFinite(value));
  if (bad >= 0) {
    const name = features[bad % features.length]!.name;
    throw new InputError(
      `train: ${what} row ${Math.floor(bad / features.length)} has ${name} = ${x.data[bad]}`,
    );
  }
}

/** Throws `RangeError` unless weights, where there are any, are as many as rows, positive and finite. */
export function checkRowWeights(what: string, weights: Float64Array | undefined, rows: number): void {
  if (weights === undefined) return;
  const wrong = weights.findIndex(weight => !(weight > 0 && weight < Number.POSITIVE_INFINITY));
  if (wrong >= 0 || weights.length !== rows) {
    throw new InputError(
      `train: ${rows} ${what} rows take as many positive weights, not ${weights.length}` +
        (wrong >= 0 ? ` with ${weights[wrong]} at row ${wrong}` : ''),
    );
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
    throw new InputError(
      `train: ${classes} class weights, positive where the class has rows, not [${classWeights.join(', ')}]`,
    );
  }
}
