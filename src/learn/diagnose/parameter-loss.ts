/** The training loss as a function of all parameters of a network in one vector, for Hessians. */
import { add, div } from '../../diff/arithmetic.ts';
import { squaredPenalty } from '../../diff/loss.ts';
import { sum } from '../../diff/reduction.ts';
import { reshape } from '../../diff/reshape.ts';
import { slice } from '../../diff/slice.ts';
import { sizeOf, type Tensor, tensor } from '../../diff/tensor.ts';
import { logits, type Network, parametersOf, withParameters } from '../model/network.ts';
import { penalised } from '../train/loss-gradient.ts';
import { classificationLoss, type TrainingLoss } from '../train/losses.ts';
import type { InspectedRows } from '../train/training-rows.ts';

/** The settings of the training loss. */
export interface LossOptions {
  readonly l2: number;
  readonly focalGamma?: number;
  /** Used instead of the cross-entropy or focal loss. */
  readonly trainingLoss?: TrainingLoss;
}

/** The training loss that these options define for a network. */
export const lossOf = (network: Network, { focalGamma, trainingLoss }: LossOptions): TrainingLoss =>
  trainingLoss ?? classificationLoss(network.layers.at(-1)!.bias.data.length, focalGamma);

/** The penalised loss over standardised rows as a function of a parameter vector, and the network's own vector. */
export function lossOfParameterVector(
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
