/** The training loss as a function of all the parameters of a network in one vector: what a Hessian is taken of. */
import { add, div } from '../../diff/arithmetic.ts';
import { squaredPenalty } from '../../diff/loss.ts';
import { sum } from '../../diff/reduction.ts';
import { reshape } from '../../diff/reshape.ts';
import { slice } from '../../diff/slice.ts';
import { sizeOf, type Tensor, tensor } from '../../diff/tensor.ts';
import { logits, type Network, parametersOf, withParameters } from '../model/network.ts';
import { penalised } from '../train/learner.ts';
import { classificationLoss, type TrainingLoss } from '../train/losses.ts';
import type { InspectedRows } from '../train/training-rows.ts';

/** What the loss is made of besides rows and network. */
export interface LossOptions {
  readonly l2: number;
  readonly focalGamma?: number;
  /** In place of the cross-entropy or focal loss. */
  readonly trainingLoss?: TrainingLoss;
}

/** The loss that these options tell of, for the outputs of a network. */
export const lossOf = (network: Network, { focalGamma, trainingLoss }: LossOptions): TrainingLoss =>
  trainingLoss ?? classificationLoss(network.layers.at(-1)!.bias.data.length, focalGamma);

/** The loss with its penalty over standardised rows, of a vector of parameters; and the network's own vector. */
export function flatLoss(
  network: Network,
  { x, targets }: InspectedRows,
  options: LossOptions,
): { readonly loss: (w: Tensor) => Tensor; readonly start: Tensor } {
  const { l2 } = options;
  const trainingLoss = lossOf(network, options);
  const parameters = parametersOf(network);
  const loss = (w: Tensor): Tensor => {
    let from = 0;
    const parts = parameters.map(({ shape }) => {
      from += sizeOf(shape);
      return reshape(slice(w, [from - sizeOf(shape)], [from]), shape);
    });
    const moved = withParameters(network, parts);
    const mean = div(sum(trainingLoss.rows(logits(moved, x), targets)), trainingLoss.totalWeight(targets));
    return l2 === 0 ? mean : add(mean, squaredPenalty(penalised(moved), l2));
  };
  return { loss, start: tensor(Float64Array.from(parameters.flatMap(p => [...p.data]))) };
}
