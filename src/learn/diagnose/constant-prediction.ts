/** The loss of the best constant prediction: what a network that ignores its inputs can reach. */
import { broadcastTo } from '../../diff/broadcast.ts';
import { createProgram } from '../../diff/compile.ts';
import { vjp } from '../../diff/grad.ts';
import { full, type Tensor } from '../../diff/tensor.ts';
import { median } from '../../statistics.ts';
import { minimize } from '../train/lbfgs.ts';
import type { TrainingLoss } from '../train/losses.ts';

/** Iterations: a convex loss of a few outputs needs fewer. */
const maxIterations = 50;

/**
 * The mean loss of the best constant `outputs` on these targets: in closed form, or as the least that L-BFGS reaches from
 * zero and from the medians of the target columns, since a loss such as |error| is not smooth. Undefined when the loss
 * becomes negative, as it then has no scale on which to compare.
 */
export function constantPredictionLoss(
  trainingLoss: TrainingLoss,
  outputs: number,
  targets: Tensor,
): number | undefined {
  const known = trainingLoss.constantLoss(targets.data);
  if (known !== undefined) return known;
  const weight = trainingLoss.weightOf(targets.data);
  const rows = targets.shape[0]!;
  const program = createProgram(
    (constant, all) => {
      const { value, pullback } = vjp(
        c => trainingLoss.rows(broadcastTo(c!, [rows, outputs]), all!),
        constant!,
      );
      return [value, ...pullback(full(value.shape, 1))];
    },
    [full([1, outputs], 0), targets],
  );
  const [constant] = program.inputs;
  const [losses, slope] = program.outputs;
  let least = Number.POSITIVE_INFINITY;
  const objective = (at: Float64Array, gradient: Float64Array): number => {
    constant!.data.set(at);
    program.run();
    for (let k = 0; k < outputs; k++) gradient[k] = slope!.data[k]! / weight;
    let loss = 0;
    for (let row = 0; row < rows; row++) loss += losses!.data[row]!;
    if (loss / weight < least) least = loss / weight;
    return loss / weight;
  };
  for (const start of [new Float64Array(outputs), mediansOf(targets, outputs)]) {
    minimize(objective, start, { maxIterations });
  }
  return least >= 0 && Number.isFinite(least) ? least : undefined;
}

/** The median of each of the first columns. */
function mediansOf({ shape, data }: Tensor, columns: number): Float64Array {
  const [rows, width] = shape as [number, number];
  return Float64Array.from({ length: columns }, (_, k) => {
    const column = Float64Array.from({ length: rows }, (_unused, row) => data[row * width + k]!);
    return median(column);
  });
}
