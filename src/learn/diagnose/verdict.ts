/**
 * What a training came to, in one word and one piece of advice: the loss diverged, stalled, oscillates, has settled, or
 * is still going down; and where nothing was learned, why. Rules are tried in order and the first that holds speaks, so
 * that no two contradict each other.
 */
import { InputError } from '../../input-error.ts';
import { short } from './format-number.ts';
import { causeOfNoGain, chanceLevel, imbalanced, oneClass, worseShare } from './stalled-training.ts';
import {
  type GradientNorms,
  settledShare,
  stallGain,
  type TrainingEvidence,
  type TrainingHistory,
  type Verdict,
} from './training-evidence.ts';

export type { GradientNorms, TrainingEvidence, Verdict, VerdictKind } from './training-evidence.ts';

/** More than this many times the loss before training, or not finite: the steps overshoot. */
const divergenceFactor = 2;
/** Ups in the second half of the run of more than this share of the loss at the start … */
const oscillationSize = 0.05;
/** … that downs make good again, up to this share of both: it goes to and fro. */
const oscillationNet = 0.2;
/** Less than this share of the loss at the start an epoch is the noise of minibatches. */
const leastSwing = 0.005;
/** A loss that no longer falls while the gradient still has this share of its first size has not arrived. */
const plateauGradient = 0.1;
/** A loss of less than this share of that at the start has nowhere to go. */
const leftOver = 0.01;
/** A validation loss this many times its lowest has turned up for good. */
const overfittingRise = 1.1;
/** A schedule that leaves less than this share of the rate for the last quarter of the epochs has decayed early. */
const earlyDecay = 0.01;

/** Ends training early: the loss is not finite, or rises twice in a row from over twice that before training. */
export function isRunningAway(losses: readonly number[]): boolean {
  const [twoBefore, before, last] = [
    losses.at(-3) ?? Number.NaN,
    losses.at(-2) ?? Number.NaN,
    losses.at(-1)!,
  ];
  if (!Number.isFinite(last)) return true;
  return before > divergenceFactor * losses[0]! && before > twoBefore && last > before;
}

type Rule = (history: TrainingHistory) => Verdict | undefined;

const lowerRate = ({ hasRate }: TrainingHistory, by: string): string =>
  hasRate ? ` Try ${by} of the rate.` : '';

/** Said only of a loss that grew over all the rows, or that is no longer finite. */
const diverged: Rule = history => {
  const { losses, start, last, best, story, optimizer, evidence } = history;
  const advice = lowerRate(history, 'a tenth');
  if (losses.some(loss => !Number.isFinite(loss)) || !Number.isFinite(evidence.fullLoss?.after ?? 0)) {
    return { kind: 'diverged', words: `Diverged: ${optimizer}, the loss is no longer finite.${advice}` };
  }
  const { fullLoss } = evidence;
  const rose = start - best < stallGain * start && last > 1.1 * start;
  const grown =
    fullLoss === undefined
      ? last > divergenceFactor * start && last >= losses.at(-2)!
      : fullLoss.after > (rose ? 1.1 : divergenceFactor) * fullLoss.before;
  if (!grown) return undefined;
  const over = fullLoss === undefined ? '' : `; over all rows it is ${short(fullLoss.after)}`;
  return { kind: 'diverged', words: `Diverged: ${story}${over}.${advice}` };
};

const stopped: Rule = history => {
  const { evidence, story } = history;
  if (!evidence.cut || evidence.fullLoss === undefined) return undefined;
  return {
    kind: 'stopped',
    words:
      `Stopped as the loss rose: ${story}, though over all rows it ended at ${short(evidence.fullLoss.after)}.` +
      lowerRate(history, 'a third'),
  };
};

/** Units that are all alike stay alike: the layer is no more than one unit, whatever it gained. */
const unitsAlike: Rule = ({ story, evidence: { alike } }) =>
  alike && {
    kind: 'saddle',
    words: `Saddle point: ${story}; all ${alike.units} units of ${alike.name} have the same weights and get the same gradient, so they stay alike. Start from random weights.`,
  };

/** The validation loss has turned up while the training loss went on falling. */
const overfitting: Rule = ({ losses, story, evidence: { validationLosses = [], keptEpoch } }) => {
  if (validationLosses.length < 3) return undefined;
  const lowest = Math.min(...validationLosses);
  const epoch = validationLosses.indexOf(lowest) + 1;
  const end = validationLosses.at(-1)!;
  if (!(end > overfittingRise * lowest) || !(losses.at(-1)! <= losses[epoch]!)) return undefined;
  if (keptEpoch !== undefined) {
    return {
      kind: 'converged',
      words: `Stopped early: ${story}; the validation loss was lowest, ${short(lowest)}, after epoch ${keptEpoch}, and the parameters of that epoch are kept.`,
    };
  }
  return {
    kind: 'overfitting',
    words:
      `Overfitting: ${story}, but the validation loss was lowest, ${short(lowest)}, after epoch ${epoch} and is ${short(end)} now. ` +
      'Stop there (patience), use more rows, a smaller network or a larger l2.',
  };
};

/** How much the loss of the second half moves an epoch, when it goes up and down without getting anywhere. */
function swingOf(losses: readonly number[]): number | undefined {
  const half = losses.slice(Math.floor(losses.length / 2));
  if (half.length < 4) return undefined;
  let up = 0;
  let down = 0;
  for (let k = 1; k < half.length; k++) {
    const change = half[k]! - half[k - 1]!;
    if (change > 0) up += change;
    else down -= change;
  }
  const toAndFro = up > oscillationSize * losses[0]! && Math.abs(up - down) < oscillationNet * (up + down);
  const swing = (up + down) / (half.length - 1);
  return toAndFro && swing > leastSwing * losses[0]! ? swing : undefined;
}

const oscillating: Rule = history => {
  const { losses, start, last, best, story, hasRate, evidence } = history;
  const swing = swingOf(losses);
  const rebound = last > 1.5 * best && last - best > oscillationSize * start;
  if (swing === undefined && !rebound) return undefined;
  const how =
    swing === undefined
      ? `having been down to ${short(best)} after epoch ${losses.indexOf(best)}`
      : `going up and down by ${short(swing)} an epoch`;
  const larger = (evidence.batchSize ?? Number.POSITIVE_INFINITY) <= 8 ? ', or a larger batch' : '';
  return {
    kind: 'oscillating',
    words: `Oscillating: ${story}, ${how}.${hasRate ? ` Try a third of the rate${larger}.` : ''}`,
  };
};

/** The loss no longer falls where the best constant answer would already be better. */
const worseThanConstant: Rule = ({
  losses,
  start,
  best,
  last,
  story,
  evidence: { dataLoss, constantLoss },
}) => {
  const quarter = losses[Math.floor(losses.length * 0.75) - 1] ?? start;
  if (quarter - last >= settledShare * (start - best)) return undefined;
  if (dataLoss === undefined || constantLoss === undefined || dataLoss <= worseShare * constantLoss)
    return undefined;
  return {
    kind: 'plateau',
    words:
      `Plateau: ${story} and no longer falls, though the best constant answer gives ${short(constantLoss)}: steps that overshoot in some directions crawl in others. ` +
      'Standardise the features, or use an adaptive optimiser (adam, rmsprop).',
  };
};

/** The loss no longer falls: at an optimum, or before it. */
const settled: Rule = ({ losses, start, best, last, story, gradient, hasRate, evidence }) => {
  const quarter = losses[Math.floor(losses.length * 0.75) - 1] ?? start;
  if (quarter - last >= settledShare * (start - best)) return undefined;
  // A loss cannot go below 0: where hardly any is left, nothing is to be gained, whatever the gradient started from.
  if (
    last < leftOver * start ||
    gradient === undefined ||
    gradient.after <= plateauGradient * gradient.before
  ) {
    return { kind: 'converged', words: `Converged: ${story} and has settled.` };
  }
  if (gradient.after > 2 * gradient.before) {
    return {
      kind: 'improving',
      words: `Still improving: ${story}, and the gradient has grown to ${short(gradient.after / gradient.before)} times what it was, as when a saddle point is left. More epochs will help.`,
    };
  }
  const late = evidence.lateRateFactor ?? 1;
  const advice =
    late < earlyDecay
      ? ` The schedule had brought the rate down to ${short(late)} of its start with a quarter of the epochs to go: let it fall later.`
      : hasRate
        ? ' Try another rate or schedule.'
        : '';
  const share = short((100 * gradient.after) / gradient.before);
  return {
    kind: 'plateau',
    words: `Plateau: ${story} and no longer falls, though the gradient is still ${share} % of what it was.${advice}`,
  };
};

const improving: Rule = ({ story }) => ({
  kind: 'improving',
  words: `Still improving: ${story}. More epochs may help.`,
});

const rules: readonly Rule[] = [
  ...[diverged, stopped, oneClass, unitsAlike, causeOfNoGain],
  ...[overfitting, oscillating, worseThanConstant, imbalanced, chanceLevel, settled, improving],
];

/**
 * Judges a training by a loss that cannot go below 0. `losses[0]` is the loss before training, then one per epoch. No
 * learning rate: the optimiser finds its own steps. With the gradient a plateau is told from an optimum, and a training
 * that stalls from one that had nothing to gain; with the evidence, why nothing was learned. Throws `RangeError` when
 * there is no epoch.
 *
 * @example diagnose([1, 2, 8, 64], 'sgd', 10).kind // => 'diverged'
 */
export function diagnose(
  losses: readonly number[],
  optimizer: string,
  learningRate: number | undefined,
  gradient?: GradientNorms,
  evidence: TrainingEvidence = {},
): Verdict {
  const epochs = losses.length - 1;
  if (epochs < 1) throw new InputError(`diagnose: ${losses.length} losses tell nothing; give two or more`);
  const start = losses[0]!;
  const last = losses.at(-1)!;
  const name =
    learningRate === undefined ? optimizer : `${optimizer} at learning rate ${short(learningRate)}`;
  const history: TrainingHistory = {
    ...{ losses, start, last, best: Math.min(...losses), gradient, evidence, optimizer: name },
    story: `${name}, the loss went from ${short(start)} to ${short(last)} in ${epochs} epoch${epochs === 1 ? '' : 's'}`,
    hasRate: learningRate !== undefined,
  };
  for (const rule of rules) {
    const verdict = rule(history);
    if (verdict !== undefined) return verdict;
  }
  throw new Error('diagnose: no rule spoke'); // the last one always does
}
