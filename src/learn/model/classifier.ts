/**
 * A trained classifier as plain data: its features with units, their standardisation, the network, the classes, and the
 * provenance of its training.
 */

import type { FeatureDefinition } from '../../beat/features/feature-definition.ts';
import { add, div, mul, sub } from '../../diff/arithmetic.ts';
import { softmax } from '../../diff/reduction.ts';
import { formatShape, type Tensor, tensor } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';
import type { Decision } from '../decision.ts';
import { logits, type Network } from './network.ts';

/** The name and unit of a feature; the unit is empty for a dimensionless number. */
export interface FeatureName {
  readonly name: string;
  readonly unit: string;
}

/** Standardisation of each feature f to (f − mean) / scale, estimated on the training set only. */
export interface Standardization {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

/** The provenance of a trained model. */
export interface TrainingProvenance {
  /** The groups (records, patients) of the training rows. */
  readonly trainedOn: readonly string[];
  readonly rows: number;
  readonly optimizer: string;
  readonly learningRate: number;
  readonly epochs: number;
  readonly seed: number;
}

export interface Classifier {
  readonly classes: readonly string[];
  readonly features: readonly FeatureName[];
  readonly standardization: Standardization;
  readonly network: Network;
  /** The definition of the features, when they are beat features; without it a model cannot be applied to beats. */
  readonly definition?: FeatureDefinition;
  /** How rhythm and record adjust the network's probabilities; not adjusted when absent. */
  readonly decision?: Decision;
  readonly training: TrainingProvenance;
}

/**
 * Mean and standard deviation of each column of `[rows, features]`; a constant column gets scale 1. Throws `RangeError`
 * without rows, or when a column's range overflows.
 */
export function standardizationOf(x: Tensor): Standardization {
  const [rows, columns] = x.shape as [number, number];
  if (rows === 0) throw new InputError('standardizationOf: there are no rows');
  const mean = new Float64Array(columns);
  const scale = new Float64Array(columns);
  for (let i = 0; i < x.data.length; i++) mean[i % columns]! += x.data[i]! / rows;
  for (let i = 0; i < x.data.length; i++)
    scale[i % columns]! += (x.data[i]! - mean[i % columns]!) ** 2 / rows;
  for (let k = 0; k < columns; k++) {
    const safe = scale[k]! > 1e-280 && scale[k]! < 1e280;
    scale[k] = safe ? Math.sqrt(scale[k]!) : deviationOf(x, k, mean[k]!);
    // Rounding gives a constant column a standard deviation of some ulps, which is no scale to divide by.
    if (!(scale[k]! > 1e-12 * Math.abs(mean[k]!))) scale[k] = 1;
  }
  return { mean, scale };
}

/** The standard deviation of a column whose squares would overflow or underflow; NaN when it contains NaN. */
function deviationOf({ shape, data }: Tensor, column: number, mean: number): number {
  const [rows, columns] = shape as [number, number];
  const away = (row: number): number => data[row * columns + column]! - mean;
  let most = 0;
  for (let row = 0; row < rows; row++) most = Math.max(most, Math.abs(away(row)));
  if (most === Number.POSITIVE_INFINITY) {
    throw new InputError(`standardizationOf: column ${column} has a range that overflows; scale it down`);
  }
  if (most === 0) return 0;
  let squares = 0;
  for (let row = 0; row < rows; row++) squares += (away(row) / most) ** 2 / rows;
  return most * Math.sqrt(squares);
}

/** x with infinities replaced by NaN, since a network would turn them into a confident prediction. Differentiable. */
export const finiteOrNaN = (x: Tensor): Tensor => add(x, mul(x, 0));

/** Standardised features `[rows, features]`. Differentiable. */
export function standardize(x: Tensor, { mean, scale }: Standardization): Tensor {
  return div(sub(x, tensor(mean)), tensor(scale));
}

/**
 * Class probabilities `[rows, classes]` of raw (unstandardised) features `[rows, features]`. Differentiable. A row with
 * a feature that is not finite gets NaN. Throws `RangeError` when the number of features is not that of the model.
 *
 * @example classProbabilities(model, data.x).shape // => [416, 5]
 */
export function classProbabilities(model: Classifier, x: Tensor): Tensor {
  if (x.shape.length !== 2 || x.shape[1] !== model.features.length) {
    throw new InputError(
      `classProbabilities: the model takes ${model.features.length} features a row, the shape is ${formatShape(x.shape)}`,
    );
  }
  return softmax(logits(model.network, finiteOrNaN(standardize(x, model.standardization))));
}

/**
 * The most probable class of each row, as an index into `classes`; −1 for a row with NaN.
 *
 * @example predictedClasses(tensor([[0.9, 0.1], [0.2, 0.8], [NaN, NaN]])) // => [0, 1, -1]
 */
export function predictedClasses(probabilities: Tensor): Int32Array {
  const [rows, classes] = probabilities.shape as [number, number];
  const predicted = new Int32Array(rows).fill(-1);
  for (let row = 0; row < rows; row++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k++) {
      const p = probabilities.data[row * classes + k]!;
      if (p > largest) {
        largest = p;
        predicted[row] = k;
      }
    }
  }
  return predicted;
}
