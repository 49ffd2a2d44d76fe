/** Datasets for training: their structure, validation, and class and row weights. */

import type { FeatureDefinition } from '../../beat/features/feature-definition.ts';
import { formatShape, full, type Tensor } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';
import type { FeatureName } from '../model/classifier.ts';

/** Labelled rows for training or testing. */
export interface Dataset {
  readonly classes: readonly string[];
  readonly features: readonly FeatureName[];
  /** Raw features, `[rows, features]`. */
  readonly x: Tensor;
  /** Class index of each row. */
  readonly labels: Int32Array;
  /** Group (record, patient) of each row. */
  readonly groups: readonly string[];
  /** Weight of each row in the loss, multiplied by that of its class; all 1 when absent. */
  readonly weights?: Float64Array;
  /** The definition of the features, when they are beat features. */
  readonly definition?: FeatureDefinition;
  /** Probability of atrial fibrillation or flutter at each row's beat; NaN where unknown. */
  readonly fibrillation?: Float64Array;
  /** Time of each row's beat in its record, s. */
  readonly times?: Float64Array;
}

/**
 * Class weights (n / (classes · n_c))^power, scaled to mean 1 over the rows; a class without rows gets 0. Power 0
 * weights all rows equally, power 1 all classes equally.
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
 * Row weights that limit the influence of large groups: a row has the weight n^−power, n being the number of rows of
 * its group and class; the total weight of each class is unchanged. Power 0 weights all rows equally, power 1 all
 * groups equally.
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

/** The weighted one-hot targets `[rows, classes]`: the product of class and row weight at the class, 0 elsewhere. */
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

/** Throws `RangeError` unless the names are non-empty and distinct: a model identifies classes and features by them. */
export function checkNames(what: 'class' | 'feature' | 'output', names: readonly string[]): void {
  if (names.length === 0) throw new InputError(`train: no ${what} is named`);
  const seen = new Set<string>();
  for (const name of names) {
    if (typeof name !== 'string' || seen.has(name)) {
      throw new InputError(
        `train: each ${what} needs a distinct, non-empty name, and ${JSON.stringify(name)} ${seen.has(name) ? 'occurs twice' : 'is empty'}`,
      );
    }
    seen.add(name);
  }
}

/**
 * Throws `RangeError`, with the position, when shapes do not match, a value is not finite or a label is out of range.
 */
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

/** Throws `RangeError`, with the position, when the columns are not those of the features or a value is not finite. */
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

/** Throws `RangeError` unless the row weights, if any, are positive and finite, one per row. */
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

/** Throws `RangeError` unless there is one weight per class, positive for every class that has rows. */
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
