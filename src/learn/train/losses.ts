/**
 * Training losses. Each returns one weighted loss per row, and the total weight of the rows; the quotient is the mean
 * that training minimises.
 */

import { div, mul, sub } from '../../diff/arithmetic.ts';
import { focalLoss, softmaxCrossEntropy } from '../../diff/loss.ts';
import { sum } from '../../diff/reduction.ts';
import { slice } from '../../diff/slice.ts';
import { type Floats, formatShape, type Tensor } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';

/** One loss per row, `[rows, 1]`, of outputs and targets `[rows, …]`, built from differentiable operations. */
export type RowLoss = (outputs: Tensor, targets: Tensor) => Tensor;

/** A loss without functions of the user, as plain data that can be sent to a worker thread. */
export interface LossDescription {
  readonly kind: 'classification' | 'regression';
  /** Number of outputs of the network. */
  readonly outputs: number;
  readonly focalGamma?: number;
}

/** The loss of a description. */
export const describedLoss = ({ kind, outputs, focalGamma }: LossDescription): TrainingLoss =>
  kind === 'regression' ? regressionLoss(outputs) : classificationLoss(outputs, focalGamma);

export interface TrainingLoss {
  /** Undefined for a user-defined loss. */
  readonly description: LossDescription | undefined;
  /** Whether the outputs are class scores and the targets weighted one-hot rows. */
  readonly classifies: boolean;
  /** Number of target columns for a network with this many outputs. */
  targetColumns(outputs: number): number;
  /** The weighted losses, `[rows, 1]`. */
  rows(outputs: Tensor, targets: Tensor): Tensor;
  /** The total weight of the rows, as a tensor and as a number. */
  totalWeight(targets: Tensor): Tensor;
  weightOf(targets: Floats): number;
  /** The loss of the best constant prediction, where it has a closed form. */
  constantLoss(targets: Floats): number | undefined;
}

/** Σ over an array. */
function totalOf(numbers: Floats): number {
  let total = 0;
  for (let i = 0; i < numbers.length; i++) total += numbers[i]!;
  return total;
}

function requireRowLosses(losses: Tensor, outputs: Tensor): Tensor {
  const { shape } = losses;
  if (shape.length !== 2 || shape[0] !== outputs.shape[0] || shape[1] !== 1) {
    throw new InputError(
      `train: a loss must return ${formatShape([outputs.shape[0]!, 1])}, one per row, not ${formatShape(shape)}`,
    );
  }
  return losses;
}

/**
 * The cross-entropy of `classes`, the focal loss when γ is given, or a user-defined loss of the same weighted targets.
 */
export function classificationLoss(classes: number, gamma: number | undefined, own?: RowLoss): TrainingLoss {
  const rows: RowLoss =
    own !== undefined
      ? (scores, targets) => requireRowLosses(own(scores, targets), scores)
      : gamma === undefined
        ? softmaxCrossEntropy
        : (scores, targets) => focalLoss(scores, targets, gamma);
  const described = {
    kind: 'classification',
    outputs: classes,
    ...(gamma === undefined ? {} : { focalGamma: gamma }),
  } as const;
  return {
    description: own === undefined ? described : undefined,
    classifies: true,
    targetColumns: outputs => outputs,
    rows,
    totalWeight: targets => sum(targets),
    weightOf: totalOf,
    constantLoss(targets) {
      if (gamma !== undefined || own !== undefined) return undefined;
      const weights = new Float64Array(classes);
      for (let i = 0; i < targets.length; i++) weights[i % classes]! += targets[i]!;
      const total = totalOf(weights);
      return weights.reduce((entropy, w) => entropy - (w === 0 ? 0 : (w / total) * Math.log(w / total)), 0);
    },
  };
}

/**
 * The mean over the outputs of (output − target)². For standardised targets a constant prediction of the mean has the
 * loss 1.
 */
const squaredError: RowLoss = (outputs, targets) => {
  const difference = sub(outputs, targets);
  return div(sum(mul(difference, difference), { axis: 1, keepDims: true }), outputs.shape[1]!);
};

/** A regression loss over `outputs` numbers per row; the last column of the targets is the weight of the row. */
export function regressionLoss(outputs: number, loss: RowLoss = squaredError): TrainingLoss {
  const columns = outputs + 1;
  const weightColumn = (targets: Tensor): Tensor =>
    slice(targets, [0, outputs], [targets.shape[0]!, columns]);
  return {
    description: loss === squaredError ? { kind: 'regression', outputs } : undefined,
    classifies: false,
    targetColumns: () => columns,
    rows(predicted, targets) {
      const values = slice(targets, [0, 0], [targets.shape[0]!, outputs]);
      return mul(requireRowLosses(loss(predicted, values), predicted), weightColumn(targets));
    },
    totalWeight: targets => sum(weightColumn(targets)),
    weightOf(targets) {
      let total = 0;
      for (let i = outputs; i < targets.length; i += columns) total += targets[i]!;
      return total;
    },
    constantLoss(targets) {
      if (loss !== squaredError) return undefined;
      let variance = 0;
      for (let k = 0; k < outputs; k++) {
        let [weight, mean, squares] = [0, 0, 0];
        for (let i = 0; i < targets.length; i += columns) {
          const own = targets[i + outputs]!;
          weight += own;
          const delta = targets[i + k]! - mean;
          if (own > 0) mean += (own / weight) * delta;
          squares += own * delta * (targets[i + k]! - mean);
        }
        variance += squares / weight / outputs;
      }
      return variance;
    },
  };
}
