/** Names of the optimisers as written in the literature. */
import type { OptimizerName } from '../../learn/train/optimizers.ts';

const labels: Readonly<Record<OptimizerName, string>> = {
  sgd: 'SGD',
  momentum: 'Momentum',
  nesterov: 'Nesterov',
  rmsprop: 'RMSprop',
  adam: 'Adam',
  adamw: 'AdamW',
};

export const optimizerLabel = (name: OptimizerName): string => labels[name];
