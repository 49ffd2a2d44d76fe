/** Gradient descent on a two-parameter loss with one of the library's optimisers. */
import { createProgram } from '../../diff/compile.ts';
import { valueAndGrad } from '../../diff/grad.ts';
import { type Tensor, tensor } from '../../diff/tensor.ts';
import { type OptimizerName, optimizerStep, startOptimizer } from '../../learn/train/optimizers.ts';

export interface Descent {
  /** The start and the point after each step, with the loss at each. Ends early if the loss is not finite. */
  readonly points: readonly (readonly [number, number])[];
  readonly losses: readonly number[];
}

export interface DescentOptions {
  readonly optimizer: OptimizerName;
  readonly rate: number;
  readonly steps: number;
}

/** Runs an optimiser with the full gradient on a loss of two parameters, starting at `start`. */
export function descend(
  loss: (w: Tensor) => Tensor,
  start: readonly [number, number],
  { optimizer, rate, steps }: DescentOptions,
): Descent {
  const w = Float64Array.from(start);
  const program = createProgram(
    at => {
      const { value, gradients } = valueAndGrad(loss)(at!);
      return [value, gradients[0]!];
    },
    [tensor(w)],
  );
  const [at] = program.inputs;
  const [value, gradient] = program.outputs;
  const state = startOptimizer(optimizer, [2]);
  const points: [number, number][] = [];
  const losses: number[] = [];
  for (let step = 0; ; step++) {
    at!.data.set(w);
    program.run();
    if (!Number.isFinite(value!.data[0]!)) break;
    points.push([w[0]!, w[1]!]);
    losses.push(value!.data[0]!);
    if (step === steps) break;
    optimizerStep(state, [w], [gradient!.data], rate);
  }
  return { points, losses };
}
