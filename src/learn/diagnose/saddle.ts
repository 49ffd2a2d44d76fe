/**
 * Whether a network that learned nothing sits at a saddle point: units that are all alike and so stay alike, weights so
 * near 0 that layers cancel each other's gradient, or a direction in which the loss curves down more than it slopes.
 */
import { neg } from '../../diff/arithmetic.ts';
import { type Tensor, tensor } from '../../diff/tensor.ts';
import { createRandom } from '../../random.ts';
import type { Network } from '../model/network.ts';
import type { InspectedRows } from '../train/training-rows.ts';
import { largestCurvature } from './curvature.ts';
import { short } from './format-number.ts';
import { usualNorm } from './network-health.ts';
import { flatLoss, type LossOptions } from './parameter-loss.ts';

export interface Saddle {
  /** What makes it one, and what to try. */
  readonly words: string;
}

/** Weights of less than this share of the norm that a network starts with count as 0. */
const nearZero = 0.25;
/** A penalty of less than this does not hold weights at 0 by itself. */
const holdingPenalty = 0.01;
/** Rows that the curvature is worked out on, and products that it may take. */
const most = { rows: 256, iterations: 40 };

/**
 * The saddle point that a network with hidden layers is at, as far as it shows on these rows. `gradientNorm` is that of
 * the loss there. Undefined for a network without hidden layers, whose loss has none.
 */
export function findSaddle(
  network: Network,
  rows: InspectedRows,
  options: LossOptions,
  gradientNorm: number,
): Saddle | undefined {
  if (network.layers.length < 2) return undefined;
  const small = network.layers.findIndex(
    ({ weights }) => normOf(weights.data) < nearZero * usualNorm(weights.shape),
  );
  if (small >= 0 && options.l2 < holdingPenalty) {
    return {
      words: `the weights of layers[${small}] are nearly 0, where layers cancel each other's gradient. Start from larger random weights, or train longer with momentum.`,
    };
  }
  const curvature = descentCurvature(network, rows, options);
  if (!(curvature > 2 * gradientNorm)) return undefined;
  return {
    words: `the loss curves down where it hardly slopes (curvature −${short(curvature)}, gradient ${short(gradientNorm)}). Start from other random weights, or train longer with momentum.`,
  };
}

const normOf = (data: Float64Array): number => Math.sqrt(data.reduce((sum, w) => sum + w * w, 0));

/** The first hidden layer of two or more units that all have the same incoming weights, biases and outgoing weights. */
export function layerOfEqualUnits({
  layers,
}: Network): { readonly name: string; readonly units: number } | undefined {
  const k = layers.findIndex(({ weights, bias }, at) => {
    const next = layers[at + 1]?.weights;
    const units = bias.data.length;
    if (next === undefined || units < 2) return false;
    const outgoing = next.shape[1]!;
    return (
      weights.data.every((w, i) => w === weights.data[i - (i % units)]) &&
      bias.data.every(b => b === bias.data[0]) &&
      next.data.every((w, i) => w === next.data[i % outgoing])
    );
  });
  return k < 0 ? undefined : { name: `layers[${k}]`, units: layers[k]!.bias.data.length };
}

/** How steeply the loss curves down where it does so most: minus the smallest eigenvalue of its Hessian, or less. */
function descentCurvature(network: Network, { x, targets }: InspectedRows, options: LossOptions): number {
  const count = Math.min(most.rows, x.shape[0]!);
  const some = ({ shape, data }: Tensor): Tensor =>
    tensor(data.slice(0, count * shape[1]!), [count, shape[1]!]);
  const { loss, start } = flatLoss(network, { x: some(x), targets: some(targets) }, options);
  const limits = { maxIterations: most.iterations, tolerance: 0.05 };
  return largestCurvature(w => neg(loss(w)), start, createRandom(1), limits).eigenvalue;
}
