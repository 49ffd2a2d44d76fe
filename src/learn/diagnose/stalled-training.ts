/** Why a training learned nothing, or no more than the frequencies of the classes: the first cause that holds. */
import { short } from './format-number.ts';
import { type ParameterHealth, vanishingRatio } from './network-health.ts';
import {
  type ClassShare,
  settledShare,
  stallGain,
  type TrainingHistory,
  type Verdict,
} from './training-evidence.ts';

/** A loss of at least this share of the best constant answer's is at chance level. */
const chanceShare = 0.97;
/** A loss of more than this many times the best constant answer's is worse than chance. */
export const worseShare = 1.1;
/** A loss at chance level that fell by more than this share of it in the last quarter of the epochs is on its way. */
const stillFalling = 0.005;
/** A class of fewer rows than this share is rare. */
const rareShare = 0.1;

const rareAndUnpredicted = ({ share, predicted }: ClassShare): boolean =>
  share > 0 && share < rareShare && !predicted;

const atChance = ({ evidence: { dataLoss, constantLoss } }: TrainingHistory): boolean =>
  dataLoss !== undefined &&
  constantLoss !== undefined &&
  dataLoss >= chanceShare * constantLoss &&
  dataLoss <= worseShare * constantLoss;

/** One class alone: nothing to tell apart, whatever the loss. */
export function oneClass({ evidence: { classes = [] } }: TrainingHistory): Verdict | undefined {
  const present = classes.filter(({ share }) => share > 0);
  if (present.length !== 1 || classes.length < 2) return undefined;
  return {
    kind: 'one-class',
    words: `One class: every row is of class ${present[0]!.name}, so there is nothing to tell apart. Add rows of the others.`,
  };
}

/** A rare class that no row is predicted to be of, however low the loss, once the loss no longer falls. */
export function imbalanced({
  losses,
  start,
  best,
  last,
  story,
  evidence,
}: TrainingHistory): Verdict | undefined {
  const rare = (evidence.classes ?? []).find(rareAndUnpredicted);
  const quarter = losses[Math.floor(losses.length * 0.75) - 1] ?? start;
  if (rare === undefined || quarter - last >= settledShare * (start - best)) return undefined;
  return {
    kind: 'imbalanced',
    words:
      `Imbalanced: ${story}, but no row is predicted to be of class ${rare.name}, which has ${short(100 * rare.share)} % of them. ` +
      'Give rare classes more weight (inverseFrequencyWeights).',
  };
}

/** From so many layers on, a gradient that is small beside that of the last bias has vanished on its way. */
const deep = 4;

/** The first layer's weights whose gradient has all but vanished beside the last layer's. */
function vanishedAt(parameters: readonly ParameterHealth[]): ParameterHealth | undefined {
  const weights = parameters.filter(({ name }) => name.endsWith('weights'));
  const last = weights.length >= deep ? parameters.slice(-2) : weights.slice(-1);
  const most = Math.max(...last.map(({ gradientNorm }) => gradientNorm));
  return weights.find(({ gradientNorm }) => gradientNorm < vanishingRatio * most);
}

/** What holds the gradient back, where little or nothing was gained. */
export function causeOfNoGain(history: TrainingHistory): Verdict | undefined {
  const { start, best, story, gradient, hasRate, evidence } = history;
  const blocked = evidence.layers?.find(({ units, deadUnits }) => units === deadUnits);
  if (blocked !== undefined) {
    return {
      kind: 'dead-units',
      words:
        `Dead units: ${story}; all ${blocked.units} units of ${blocked.name} give the same for every row, so no gradient passes them. ` +
        'Start again from other weights, with a smaller rate.',
    };
  }
  const gained = start - best;
  const stuck = gained < stallGain * start;
  if (!stuck && !atChance(history)) return undefined;
  const { clipNorm } = evidence;
  if (stuck && clipNorm !== undefined && gradient !== undefined && clipNorm < 0.01 * gradient.after) {
    return {
      kind: 'stalled',
      words: `Stalled: ${story}; the gradient, of norm ${short(gradient.after)}, is clipped to ${short(clipNorm)}. Raise clipNorm.`,
    };
  }
  const vanished = vanishedAt(evidence.parameters ?? []);
  if (vanished !== undefined) {
    return {
      kind: 'vanishing-gradient',
      words: `Vanishing gradient: ${story}; at ${vanished.name} its norm is ${short(vanished.gradientNorm)}. Use fewer layers, relu, or larger weights to start from.`,
    };
  }
  const unpredicted = atChance(history) ? imbalanced(history) : undefined;
  if (unpredicted !== undefined) return unpredicted;
  const saddle = evidence.saddle?.();
  if (saddle !== undefined) {
    return { kind: 'saddle', words: `Saddle point: ${story}; ${saddle.words}` };
  }
  if (!stuck) return undefined;
  // To first order, moving the parameters by as much as they are gains no more than this.
  if (gradient !== undefined && gradient.after * gradient.parameters < stallGain * start) {
    if (atChance(history)) return chanceLevel(history);
    return { kind: 'converged', words: `Converged: ${story}: there was next to nothing to gain.` };
  }
  if (gradient !== undefined && gradient.after > 2 * gradient.before) return undefined;
  // A gain in proportion to the rate: how many times the rate would gain a tenth of the loss.
  const factor = gained > 0 ? 10 ** Math.ceil(Math.log10((0.1 * start) / gained)) : 10;
  const times = factor <= 10 ? 'ten' : short(Math.min(factor, 1e6));
  return { kind: 'stalled', words: `Stalled: ${story}.${hasRate ? ` Try ${times} times the rate.` : ''}` };
}

/** Settled where the best constant answer is as good: the penalty forbids more, or the features do not tell. */
export function chanceLevel(history: TrainingHistory): Verdict | undefined {
  if (!atChance(history)) return undefined;
  const { losses, last, story, gradient, evidence } = history;
  const { constantLoss, l2 = 0, layers = [], classes } = evidence;
  const quarter = losses[Math.floor(losses.length * 0.75) - 1] ?? losses[0]!;
  const held = l2 > 0 && gradient !== undefined && gradient.parameters < 0.1;
  if (!held && quarter - last > stillFalling * constantLoss!) return undefined;
  const [constant, uninformative] =
    classes === undefined
      ? [
          'the best constant answer gives',
          'nothing in these features tells the targets. Look at features and targets.',
        ]
      : [
          'the frequencies of the classes alone give',
          'nothing in these features tells the classes apart. Look at features and labels.',
        ];
  return {
    kind: 'chance-level',
    words:
      `At chance level: ${story}; ${constant} ${short(constantLoss!)}. ` +
      (held
        ? `The penalty holds the weights at nearly 0. Try a hundredth of l2 = ${short(l2)}.`
        : layers.length === 0
          ? `For this model ${uninformative}`
          : `Train longer or from other weights; if that does not help, ${uninformative}`),
  };
}
