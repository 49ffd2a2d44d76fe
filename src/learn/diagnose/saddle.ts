/**
 * Detection of saddle points in a network that did not learn: units that are identical and therefore stay so, weights
 * so close to 0 that layers cancel each other's gradient, or a direction of negative curvature at a small gradient.
 */
import { neg } from '../../diff/arithmetic.ts';
import { type Tensor, tensor } from '../../diff/tensor.ts';
import { createRandom } from '../../random.ts';
import type { Network } from '../model/network.ts';
import type { InspectedRows } from '../train/training-rows.ts';
import { largestCurvature } from './curvature.ts';
import { short } from './format-number.ts';
import { usualNorm } from './network-health.ts';
import { type LossOptions, lossOfParameterVector } from './parameter-loss.ts';

export interface Saddle {
  /** The reason, and what to try. */
  readonly text: string;
}

/** Weights whose norm is below this fraction of the usual initial norm count as 0. */
const nearZero = 0.25;
/** A penalty below this does not by itself keep weights at 0. */
const holdingPenalty = 0.01;
/** Rows used for the curvature, and the limit of Hessian–vector products. */
const most = { rows: 256, iterations: 40 };

/**
 * The saddle point that a network with hidden layers is at, as far as these rows show; `gradientNorm` is the norm of
 * the loss gradient there. Undefined when none is found, and for a network without hidden layers, whose loss is convex.
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
      text: `the weights of layers[${small}] are nearly 0, where layers cancel each other's gradient. Start from larger random weights, or train longer with momentum.`,
    };
  }
  const curvature = descentCurvature(network, rows, options);
  if (!(curvature > 2 * gradientNorm)) return undefined;
  return {
    text: `the loss has negative curvature at a small gradient (curvature −${short(curvature)}, gradient ${short(gradientNorm)}). Start from other random weights, or train longer with momentum.`,
  };
}

const normOf = (data: Float64Array): number => Math.sqrt(data.reduce((sum, w) => sum + w * w, 0));

/** The first hidden layer with at least two units whose incoming weights, biases and outgoing weights are all equal. */
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

/** The largest negative curvature of the loss: a lower bound of minus the smallest eigenvalue of its Hessian. */
function descentCurvature(network: Network, { x, targets }: InspectedRows, options: LossOptions): number {
  const count = Math.min(most.rows, x.shape[0]!);
  const some = ({ shape, data }: Tensor): Tensor =>
    tensor(data.slice(0, count * shape[1]!), [count, shape[1]!]);
  const { loss, start } = lossOfParameterVector(network, { x: some(x), targets: some(targets) }, options);
  const limits = { maxIterations: most.iterations, tolerance: 0.05 };
  return largestCurvature(w => neg(loss(w)), start, createRandom(1), limits).eigenvalue;
}
