/** The training loss as a function of all the parameters of a network in one vector: what a Hessian is taken of. */
import { add } from '../../diff/arithmetic.ts';
import { reshape, slice } from '../../diff/arrangement.ts';
import { squaredPenalty, weightedMean } from '../../diff/loss.ts';
import { sizeOf, type Tensor, tensor } from '../../diff/tensor.ts';
import { logits, type Network, parametersOf, withParameters } from '../model/network.ts';
import { penalised, rowLosses } from '../train/learner.ts';
import type { InspectedRows } from '../train/training-rows.ts';

/** What the loss is made of besides rows and network. */
export interface LossOptions {
  readonly l2: number;
  readonly focalGamma?: number;
}

/** The loss with its penalty over standardised rows, of a vector of parameters; and the network's own vector. */
export function flatLoss(
  network: Network,
  { x, targets }: InspectedRows,
  { l2, focalGamma }: LossOptions,
): { readonly loss: (w: Tensor) => Tensor; readonly start: Tensor } {
  const parameters = parametersOf(network);
  const loss = (w: Tensor): Tensor => {
    let from = 0;
    const parts = parameters.map(({ shape }) => {
      from += sizeOf(shape);
      return reshape(slice(w, [from - sizeOf(shape)], [from]), shape);
    });
    const moved = withParameters(network, parts);
    const mean = weightedMean(rowLosses(logits(moved, x), targets, focalGamma), targets);
    return l2 === 0 ? mean : add(mean, squaredPenalty(penalised(moved), l2));
  };
  return { loss, start: tensor(Float64Array.from(parameters.flatMap(p => [...p.data]))) };
}
