/** Problems of a regression that its targets alone show: an output is constant, or one row dominates the loss. */
import type { Tensor } from '../../diff/tensor.ts';

export interface TargetEvidence {
  /** Every output is the same for all rows: the name and value of the first. */
  readonly constant?: { readonly name: string; readonly value: number };
  /** A row that holds most of the weighted squared deviations of an output from its mean. */
  readonly outlier?: {
    readonly name: string;
    readonly row: number;
    readonly value: number;
    /** The fraction that it holds. */
    readonly share: number;
  };
}

/** A row with more than this fraction of the squared deviations is an outlier … */
const outlierShare = 0.5;
/** … unless there are so few rows that one may well hold it. */
const fewestRows = 20;

/** Evidence from targets `[rows, outputs]`, whose rows may have weights. */
export function targetEvidence(
  { shape, data }: Tensor,
  names: readonly string[],
  weights: Float64Array | undefined,
): TargetEvidence {
  const [rows, outputs] = shape as [number, number];
  const weightOf = (row: number): number => weights?.[row] ?? 1;
  let varies = false;
  let outlier: TargetEvidence['outlier'];
  for (let k = 0; k < outputs; k++) {
    let [weight, mean] = [0, 0];
    for (let row = 0; row < rows; row++) {
      weight += weightOf(row);
      mean += (weightOf(row) / weight) * (data[row * outputs + k]! - mean);
      varies ||= data[row * outputs + k] !== data[k];
    }
    let [total, most, at] = [0, 0, 0];
    for (let row = 0; row < rows; row++) {
      const own = weightOf(row) * (data[row * outputs + k]! - mean) ** 2;
      total += own;
      if (own > most) [most, at] = [own, row];
    }
    if (rows >= fewestRows && most > outlierShare * total) {
      outlier ??= { name: names[k]!, row: at, value: data[at * outputs + k]!, share: most / total };
    }
  }
  return {
    ...(varies ? {} : { constant: { name: names[0]!, value: data[0]! } }),
    ...(outlier === undefined ? {} : { outlier }),
  };
}
