/** Ratios of counts as ANSI/AAMI EC57 defines them: fractions from 0 to 1, undefined where the denominator is 0. */

/** `part / whole`; undefined where the whole is 0. */
export const ratio = (part: number, whole: number): number | undefined =>
  whole === 0 ? undefined : part / whole;

/** Sensitivity Se = TP / (TP + FN). */
export const sensitivity = (truePositives: number, falseNegatives: number): number | undefined =>
  ratio(truePositives, truePositives + falseNegatives);

/** Positive predictivity +P = TP / (TP + FP). */
export const positivePredictivity = (truePositives: number, falsePositives: number): number | undefined =>
  ratio(truePositives, truePositives + falsePositives);

/** False positive rate FP / (FP + TN). */
export const falsePositiveRate = (falsePositives: number, trueNegatives: number): number | undefined =>
  ratio(falsePositives, falsePositives + trueNegatives);
