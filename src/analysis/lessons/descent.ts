/** Going down a landscape with one of the library's optimisers. */
import { valueAndGrad } from '../../diff/grad.ts';
import { type Tensor, tensor } from '../../diff/tensor.ts';
import { type OptimizerName, optimizerStep, startOptimizer } from '../../learn/train/optimizers.ts';

export interface Descent {
  /** Where it was: the start, then after each step. It ends early where the loss is no number. */
  readonly points: readonly (readonly [number, number])[];
  readonly losses: readonly number[];
}

export interface DescentOptions {
  readonly optimizer: OptimizerName;
  readonly rate: number;
  readonly steps: number;
}

/** Steps of an optimiser from `start` on a loss of two parameters, by the full gradient. */
export function descend(
  loss: (w: Tensor) => Tensor,
  start: readonly [number, number],
  { optimizer, rate, steps }: DescentOptions,
): Descent {
  const lossAndGradient = valueAndGrad(loss);
  const state = startOptimizer(optimizer, [2]);
  const w = Float64Array.from(start);
  const points: [number, number][] = [];
  const losses: number[] = [];
  for (let step = 0; ; step++) {
    const { value, gradients } = lossAndGradient(tensor(w.slice()));
    if (!Number.isFinite(value.data[0]!)) break;
    points.push([w[0]!, w[1]!]);
    losses.push(value.data[0]!);
    if (step === steps) break;
    optimizerStep(state, [w], [gradients[0]!.data], rate);
  }
  return { points, losses };
}
