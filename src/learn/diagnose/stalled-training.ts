/** The reason why a training did not improve on the class frequencies: the first cause that applies. */
import { short } from './format-number.ts';
import { isWithoutInput, type ParameterHealth, vanishingRatio } from './network-health.ts';
import {
  type ClassShare,
  settledShare,
  stallGain,
  type TrainingHistory,
  type Verdict,
} from './training-evidence.ts';

/** A loss of at least this fraction of the best constant prediction's loss is at chance level. */
const chanceShare = 0.97;
/** A loss above this multiple of the best constant prediction's loss is worse than chance. */
export const worseShare = 1.1;
/** A loss at chance level that fell by more than this fraction in the last quarter of the epochs is still improving. */
const stillFalling = 0.005;
/** A class with less than this fraction of the rows is rare. */
const rareShare = 0.1;

const rareAndUnpredicted = ({ share, predicted }: ClassShare): boolean =>
  share > 0 && share < rareShare && !predicted;

export const atChance = ({ evidence: { dataLoss, constantLoss } }: TrainingHistory): boolean =>
  dataLoss !== undefined &&
  constantLoss !== undefined &&
  dataLoss >= chanceShare * constantLoss &&
  dataLoss <= worseShare * constantLoss;

/** A single class: there is nothing to distinguish, whatever the loss. */
export function oneClass({ evidence: { classes = [] } }: TrainingHistory): Verdict | undefined {
  const present = classes.filter(({ share }) => share > 0);
  if (present.length !== 1 || classes.length < 2) return undefined;
  return {
    kind: 'one-class',
    text: `One class: every row is of class ${present[0]!.name}, so there is nothing to distinguish. Add rows of the other classes.`,
  };
}

/** All targets are equal: there is nothing to predict, however the loss fell. */
export function constantTarget({ evidence: { targets } }: TrainingHistory): Verdict | undefined {
  return (
    targets?.constant && {
      kind: 'constant-target',
      text: `Constant target: every row has ${targets.constant.name} = ${short(targets.constant.value)}, so there is nothing to predict. Check the targets.`,
    }
  );
}

/** One target holds most of the variance: the scale of the targets and the loss are that row's. */
export function outlier({ summary, evidence: { targets } }: TrainingHistory): Verdict | undefined {
  if (targets?.outlier === undefined) return undefined;
  const { name, row, value, share } = targets.outlier;
  return {
    kind: 'outlier',
    text:
      `Outlier: ${summary}, but row ${row} with ${name} = ${short(value)} alone makes up ${short(100 * share)} % of the variance of ${name}, so the other rows hardly count. ` +
      'Check that row; if it is right, predict the logarithm or leave it out.',
  };
}

/** A rare class that is never predicted although the loss has converged. */
export function imbalanced({
  losses,
  start,
  best,
  last,
  summary,
  evidence,
}: TrainingHistory): Verdict | undefined {
  const rare = (evidence.classes ?? []).find(rareAndUnpredicted);
  const quarter = losses[Math.floor(losses.length * 0.75) - 1] ?? start;
  if (rare === undefined || quarter - last >= settledShare * (start - best)) return undefined;
  return {
    kind: 'imbalanced',
    text:
      `Imbalanced: ${summary}, but no row is predicted to be of class ${rare.name}, which has ${short(100 * rare.share)} % of them. ` +
      'Give rare classes more weight (inverseFrequencyWeights).',
  };
}

/** From this number of layers on, a gradient that is small compared with that of the last bias has vanished. */
const deep = 4;

/** The parameters of the first layer whose gradient has vanished compared with the last layer's. */
function vanishedAt(parameters: readonly ParameterHealth[]): ParameterHealth | undefined {
  const weights = parameters.filter(({ name }) => name.endsWith('weights'));
  const last = weights.length >= deep ? parameters.slice(-2) : weights.slice(-1);
  const most = Math.max(...last.map(({ gradientNorm }) => gradientNorm));
  const candidates = isWithoutInput(parameters) ? weights.slice(1) : weights;
  return candidates.find(({ gradientNorm }) => gradientNorm < vanishingRatio * most);
}

/** The cause of a gradient too small to improve the loss. */
export function causeOfNoGain(history: TrainingHistory): Verdict | undefined {
  const { start, best, scale, summary, gradient, hasRate, evidence } = history;
  const blocked = evidence.layers?.find(({ units, deadUnits }) => units === deadUnits);
  if (blocked !== undefined) {
    return {
      kind: 'dead-units',
      text:
        `Dead units: ${summary}; all ${blocked.units} units of ${blocked.name} give the same for every row, so no gradient passes them. ` +
        'Start again from other weights, with a smaller rate.',
    };
  }
  const gained = start - best;
  const stuck = gained < stallGain * scale;
  if (!stuck && !atChance(history)) return undefined;
  const { clipNorm } = evidence;
  if (stuck && clipNorm !== undefined && gradient !== undefined && clipNorm < 0.01 * gradient.after) {
    return {
      kind: 'stalled',
      text: `Stalled: ${summary}; the gradient, of norm ${short(gradient.after)}, is clipped to ${short(clipNorm)}. Raise clipNorm.`,
    };
  }
  const vanished = vanishedAt(evidence.parameters ?? []);
  if (vanished !== undefined) {
    return {
      kind: 'vanishing-gradient',
      text: `Vanishing gradient: ${summary}; at ${vanished.name} its norm is ${short(vanished.gradientNorm)}. Use fewer layers, relu, or larger weights to start from.`,
    };
  }
  const unpredicted = atChance(history) ? imbalanced(history) : undefined;
  if (unpredicted !== undefined) return unpredicted;
  const saddle = evidence.saddle?.();
  if (saddle !== undefined) {
    return { kind: 'saddle', text: `Saddle point: ${summary}; ${saddle.text}` };
  }
  if (!stuck) return undefined;
  // To first order, a step as long as the parameter vector reduces the loss by no more than this.
  if (gradient !== undefined && gradient.after * gradient.parameters < stallGain * scale) {
    if (atChance(history)) return chanceLevel(history);
    return { kind: 'converged', text: `Converged: ${summary}: no further improvement was possible.` };
  }
  if (gradient !== undefined && gradient.after > 2 * gradient.before) return undefined;
  // The gain is proportional to the rate: the factor on the rate that would gain a tenth of the loss.
  const factor = gained > 0 ? 10 ** Math.ceil(Math.log10((0.1 * scale) / gained)) : 10;
  const times = factor <= 10 ? 'ten' : short(Math.min(factor, 1e6));
  return { kind: 'stalled', text: `Stalled: ${summary}.${hasRate ? ` Try ${times} times the rate.` : ''}` };
}

/**
 * Converged at the loss of the best constant prediction: the penalty is too strong, or the features are not
 * informative.
 */
export function chanceLevel(history: TrainingHistory): Verdict | undefined {
  if (!atChance(history)) return undefined;
  const { losses, last, summary, gradient, evidence } = history;
  const { constantLoss, l2 = 0, layers = [], classes } = evidence;
  const quarter = losses[Math.floor(losses.length * 0.75) - 1] ?? losses[0]!;
  const held = l2 > 0 && gradient !== undefined && gradient.parameters < 0.1;
  if (!held && quarter - last > stillFalling * constantLoss!) return undefined;
  const [constant, uninformative] =
    classes === undefined
      ? [
          'the best constant prediction gives',
          'these features carry no information on the targets. Check features and targets.',
        ]
      : [
          'the frequencies of the classes alone give',
          'these features do not separate the classes. Check features and labels.',
        ];
  return {
    kind: 'chance-level',
    text:
      `At chance level: ${summary}; ${constant} ${short(constantLoss!)}. ` +
      (held
        ? `The penalty holds the weights at nearly 0. Try a hundredth of l2 = ${short(l2)}.`
        : layers.length === 0
          ? `For this model ${uninformative}`
          : `Train longer or from other weights; if that does not help, ${uninformative}`),
  };
}
