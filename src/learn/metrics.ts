/** Metrics of a classifier from its confusion matrix. Definitions of ANSI/AAMI EC57. */
import { falsePositiveRate, positivePredictivity, ratio, sensitivity } from '../beat/score/sensitivity.ts';
import { InputError } from '../input-error.ts';

/** `counts[truth][predicted]`, both indexing `classes`. */
export interface Confusion {
  readonly classes: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

/**
 * Metrics of one class against the rest. A ratio with a zero denominator is undefined. As in EC57, FP excludes F and Q
 * called V, and Q called S: such a beat contains part of a ventricular beat, or is of unknown kind, so it is not a
 * false positive.
 */
export interface ClassMetrics {
  /** TP / (TP + FN) */
  readonly sensitivity: number | undefined;
  /** TP / (TP + FP) */
  readonly positivePredictivity: number | undefined;
  /** FP / (FP + TN) */
  readonly falsePositiveRate: number | undefined;
  /** 2 TP / (2 TP + FP + FN) */
  readonly f1: number | undefined;
  /** The number of rows that truly belong to the class: TP + FN. */
  readonly support: number;
}

/**
 * The confusion matrix of true and predicted class indices. Throws `RangeError` when the lists differ in length or
 * contain an index outside `classes`.
 *
 * @example confusionMatrix(['N', 'V'], [0, 0, 1, 1], [0, 0, 1, 0]).counts // => [[2, 0], [1, 1]]
 */
export function confusionMatrix(
  classes: readonly string[],
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
): Confusion {
  if (truth.length !== predicted.length) {
    throw new InputError(`confusionMatrix: ${truth.length} true classes for ${predicted.length} predicted`);
  }
  const counts = classes.map(() => classes.map(() => 0));
  for (let i = 0; i < truth.length; i++) {
    const row = counts[truth[i]!];
    if (row === undefined || row[predicted[i]!] === undefined) {
      throw new InputError(
        `confusionMatrix: row ${i} has class ${truth[i]}, predicted ${predicted[i]}; there are ${classes.length} classes`,
      );
    }
    row[predicted[i]!]!++;
  }
  return { classes, counts };
}

/** By class, the true classes that are not false positives of it. */
const notFalse: Readonly<Partial<Record<string, readonly string[]>>> = { V: ['F', 'Q'], S: ['Q'] };

/**
 * Sensitivity, positive predictivity, false positive rate and F1 of the class at `index`.
 *
 * @example
 * classMetrics(confusionMatrix(['N', 'V'], [0, 0, 1, 1], [0, 0, 1, 0]), 1) // => { sensitivity: 0.5, positivePredictivity: 1, falsePositiveRate: 0, f1: 0.6666…, support: 2 }
 */
export function classMetrics({ classes, counts }: Confusion, index: number): ClassMetrics {
  const forgiven = notFalse[classes[index]!] ?? [];
  let total = 0;
  let predicted = 0;
  counts.forEach((row, truth) => {
    const isForgiven = forgiven.includes(classes[truth]!);
    for (const [called, count] of row.entries()) {
      if (isForgiven && called === index) continue;
      total += count;
      if (called === index) predicted += count;
    }
  });
  const support = counts[index]!.reduce((sum, count) => sum + count, 0);
  const truePositives = counts[index]![index]!;
  const falsePositives = predicted - truePositives;
  return {
    sensitivity: sensitivity(truePositives, support - truePositives),
    positivePredictivity: positivePredictivity(truePositives, falsePositives),
    falsePositiveRate: falsePositiveRate(falsePositives, total - support - falsePositives),
    f1: ratio(2 * truePositives, support + predicted),
    support,
  };
}

/**
 * The fraction of correct predictions, 0 to 1; undefined without predictions.
 *
 * @example accuracy(confusionMatrix(['N', 'V'], [0, 0, 1, 1], [0, 0, 1, 0])) // => 0.75
 */
export function accuracy({ counts }: Confusion): number | undefined {
  let right = 0;
  let total = 0;
  counts.forEach((row, truth) => {
    right += row[truth]!;
    for (const count of row) total += count;
  });
  return ratio(right, total);
}

/**
 * Cohen's kappa (1960): agreement beyond chance; undefined when the expected agreement is 1.
 *
 * @example cohensKappa(confusionMatrix(['N', 'V'], [0, 0, 1, 1], [0, 0, 1, 0])) // => 0.5
 */
export function cohensKappa({ counts }: Confusion): number | undefined {
  const rows = counts.map(row => row.reduce((sum, count) => sum + count, 0));
  const total = rows.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let agreed = 0;
  let chance = 0;
  counts.forEach((row, k) => {
    const column = counts.reduce((sum, other) => sum + other[k]!, 0);
    agreed += row[k]! / total;
    chance += (rows[k]! / total) * (column / total);
  });
  return ratio(agreed - chance, 1 - chance);
}
