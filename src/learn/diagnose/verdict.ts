/**
 * The verdict on a training, in one word and one piece of advice: the loss diverged, stalled, oscillates, has
 * converged, or is still decreasing; and where nothing was learned, why. The rules are tried in order and the first
 * that applies gives the verdict, so that verdicts never contradict each other.
 */
import { InputError } from '../../input-error.ts';
import { short } from './format-number.ts';
import {
  atChance,
  causeOfNoGain,
  chanceLevel,
  constantTarget,
  imbalanced,
  oneClass,
  outlier,
  worseShare,
} from './stalled-training.ts';
import {
  type GradientNorms,
  lossScale,
  settledShare,
  stallGain,
  type TrainingEvidence,
  type TrainingHistory,
  type Verdict,
} from './training-evidence.ts';

export type { GradientNorms, TrainingEvidence, Verdict, VerdictKind } from './training-evidence.ts';

/** Oscillating: the increases in the second half of the training exceed this fraction of the initial loss … */
const oscillationSize = 0.05;
/** … and are compensated by decreases up to this fraction of both. */
const oscillationNet = 0.2;
/** Changes per epoch below this fraction of the initial loss are minibatch noise. */
const leastSwing = 0.005;
/** About the level of chance, changes below this fraction are minibatch noise. */
const chanceSwing = 0.02;
/** Plateau: the loss no longer decreases, but the gradient norm is still this fraction of its initial value. */
const plateauGradient = 0.1;
/** A loss below this fraction of the initial loss cannot improve much further. */
const leftOver = 0.01;
/** Overfitting: the validation loss exceeds its minimum by this fraction of it. */
const overfittingRise = 0.1;
/** Unbounded: the norm of the parameters has grown to this many times its initial value. */
const manyTimes = 5;
const noNorms: GradientNorms = { before: Number.NaN, after: Number.NaN, parameters: Number.NaN };
/** A schedule that has reduced the rate below this fraction before the last quarter of the epochs decays too early. */
const earlyDecay = 0.01;

/**
 * Whether to stop training early: the loss is not finite, or has risen twice in a row and exceeds twice its initial
 * value
 * (for a loss that is negative at times, by more than its scale).
 */
export function isDiverging(losses: readonly number[]): boolean {
  const [twoBefore, before, last] = [
    losses.at(-3) ?? Number.NaN,
    losses.at(-2) ?? Number.NaN,
    losses.at(-1)!,
  ];
  if (!Number.isFinite(last)) return true;
  return before > losses[0]! + lossScale(losses) && before > twoBefore && last > before;
}

type Rule = (history: TrainingHistory) => Verdict | undefined;

const lowerRate = ({ hasRate }: TrainingHistory, by: string): string =>
  hasRate ? ` Try ${by} of the rate.` : '';

/** Only for a loss that increased over all rows, or is no longer finite. */
const diverged: Rule = history => {
  const { losses, start, last, best, scale, summary, optimizer, evidence } = history;
  const advice = lowerRate(history, 'a tenth');
  if (losses.some(loss => !Number.isFinite(loss)) || !Number.isFinite(evidence.fullLoss?.after ?? 0)) {
    return { kind: 'diverged', text: `Diverged: ${optimizer}, the loss is no longer finite.${advice}` };
  }
  const { fullLoss } = evidence;
  const rose = start - best < stallGain * scale && last > start + 0.1 * scale;
  const size = best < 0 ? scale : (fullLoss?.before ?? scale);
  const grown =
    fullLoss === undefined
      ? last > start + size && last >= losses.at(-2)!
      : fullLoss.after > fullLoss.before + (rose ? 0.1 : 1) * size;
  if (!grown) return undefined;
  const over = fullLoss === undefined ? '' : `; over all rows it is ${short(fullLoss.after)}`;
  return { kind: 'diverged', text: `Diverged: ${summary}${over}.${advice}` };
};

const stopped: Rule = history => {
  const { evidence, summary } = history;
  if (!evidence.cut || evidence.fullLoss === undefined) return undefined;
  return {
    kind: 'stopped',
    text:
      `Stopped as the loss rose: ${summary}, though over all rows it ended at ${short(evidence.fullLoss.after)}.` +
      lowerRate(history, 'a third'),
  };
};

/** Identical units stay identical: the layer is equivalent to a single unit, whatever was learned. */
const identicalUnits: Rule = ({ summary, evidence: { alike } }) =>
  alike && {
    kind: 'saddle',
    text: `Saddle point: ${summary}; all ${alike.units} units of ${alike.name} have the same weights and get the same gradient, so they remain identical. Start from random weights.`,
  };

/** The validation loss increases while the training loss still decreases. */
const overfitting: Rule = ({ losses, summary, evidence: { validationLosses = [], keptEpoch } }) => {
  if (validationLosses.length < 3) return undefined;
  const lowest = Math.min(...validationLosses);
  const epoch = validationLosses.indexOf(lowest) + 1;
  const end = validationLosses.at(-1)!;
  if (!(end - lowest > overfittingRise * Math.abs(lowest)) || !(losses.at(-1)! <= losses[epoch]!))
    return undefined;
  if (keptEpoch !== undefined) {
    return {
      kind: 'converged',
      text: `Stopped early: ${summary}; the validation loss was lowest, ${short(lowest)}, after epoch ${keptEpoch}, and the parameters of that epoch are kept.`,
    };
  }
  return {
    kind: 'overfitting',
    text:
      `Overfitting: ${summary}, but the validation loss was lowest, ${short(lowest)}, after epoch ${epoch} and is ${short(end)} now. ` +
      'Stop there (patience), use more rows, a smaller network or a larger l2.',
  };
};

/**
 * The mean change per epoch in the second half, where the loss oscillates without net progress; undefined elsewhere.
 */
function swingOf({ losses, scale }: TrainingHistory): number | undefined {
  const half = losses.slice(Math.floor(losses.length / 2));
  if (half.length < 4) return undefined;
  let up = 0;
  let down = 0;
  for (let k = 1; k < half.length; k++) {
    const change = half[k]! - half[k - 1]!;
    if (change > 0) up += change;
    else down -= change;
  }
  const toAndFro = up > oscillationSize * scale && Math.abs(up - down) < oscillationNet * (up + down);
  const swing = (up + down) / (half.length - 1);
  return toAndFro && swing > leastSwing * scale ? swing : undefined;
}

const oscillating: Rule = history => {
  const { losses, last, best, scale, summary, hasRate, evidence } = history;
  const swing = swingOf(history);
  const rebound = last - best > 0.5 * Math.abs(best) && last - best > oscillationSize * scale;
  if (swing === undefined && !rebound) return undefined;
  // About the level of the best constant prediction, where no rate would find more.
  if (!rebound && atChance(history) && swing! < chanceSwing * scale) return undefined;
  const how =
    swing === undefined
      ? `with a minimum of ${short(best)} after epoch ${losses.indexOf(best)}`
      : `oscillating by ${short(swing)} per epoch`;
  const larger = (evidence.batchSize ?? Number.POSITIVE_INFINITY) <= 8 ? ', or a larger batch' : '';
  return {
    kind: 'oscillating',
    text: `Oscillating: ${summary}, ${how}.${hasRate ? ` Try a third of the rate${larger}.` : ''}`,
  };
};

/** The loss no longer decreases, but is above that of the best constant prediction. */
const worseThanConstant: Rule = ({
  losses,
  start,
  best,
  last,
  summary,
  evidence: { dataLoss, constantLoss },
}) => {
  const quarter = losses[Math.floor(losses.length * 0.75) - 1] ?? start;
  if (quarter - last >= settledShare * (start - best)) return undefined;
  if (dataLoss === undefined || constantLoss === undefined || dataLoss <= worseShare * constantLoss)
    return undefined;
  return {
    kind: 'plateau',
    text:
      `Plateau: ${summary} and no longer falls, though the best constant prediction gives ${short(constantLoss)}: steps that overshoot in some directions are too short in others. ` +
      'Standardise the features, or use an adaptive optimiser (adam, rmsprop).',
  };
};

/** The loss falls below 0 as steeply as ever while the parameters grow: it has no minimum. */
const unbounded: Rule = ({ losses, best, last, scale, summary, gradient }) => {
  const { before, after, parameters, parametersBefore = Number.POSITIVE_INFINITY } = gradient ?? noNorms;
  const quarter = losses[Math.floor(losses.length * 0.75) - 1]!;
  const falls = best < 0 && last === best && quarter - last > 0.2 * scale;
  if (!falls || !(after > before / 2) || !(parameters > manyTimes * parametersBefore)) return undefined;
  return {
    kind: 'unbounded',
    text: `Unbounded: ${summary}, ever further below 0, while the parameters have grown to ${short(parameters / parametersBefore)} times their norm: this loss seems to have no minimum. Check the loss, or give it one (l2).`,
  };
};

/** The loss no longer decreases: at an optimum, or on a plateau. */
const settled: Rule = ({ losses, start, best, last, summary, gradient, hasRate, evidence }) => {
  const quarter = losses[Math.floor(losses.length * 0.75) - 1] ?? start;
  if (quarter - last >= settledShare * (start - best)) return undefined;
  // The loss is bounded below by 0: when hardly any is left, it cannot improve, whatever the gradient was initially.
  if (
    (best >= 0 && last < leftOver * start) ||
    gradient === undefined ||
    gradient.after <= plateauGradient * gradient.before
  ) {
    return { kind: 'converged', text: `Converged: ${summary} and the loss has converged.` };
  }
  if (gradient.after > 2 * gradient.before) {
    return {
      kind: 'improving',
      text: `Still improving: ${summary}, and the gradient has grown to ${short(gradient.after / gradient.before)} times what it was, as when leaving a saddle point. More epochs will help.`,
    };
  }
  const late = evidence.lateRateFactor ?? 1;
  const advice =
    late < earlyDecay
      ? ` The schedule had reduced the rate to ${short(late)} of its initial value with a quarter of the epochs left: let it decay later.`
      : hasRate
        ? ' Try another rate or schedule.'
        : '';
  const share = short((100 * gradient.after) / gradient.before);
  return {
    kind: 'plateau',
    text: `Plateau: ${summary} and no longer falls, though the gradient is still ${share} % of what it was.${advice}`,
  };
};

const improving: Rule = ({ summary }) => ({
  kind: 'improving',
  text: `Still improving: ${summary}. More epochs may help.`,
});

const rules: readonly Rule[] = [
  ...[diverged, stopped, oneClass, constantTarget, outlier, unbounded, identicalUnits, causeOfNoGain],
  ...[overfitting, oscillating, worseThanConstant, imbalanced, chanceLevel, settled, improving],
];

/**
 * The verdict on a training. `losses[0]` is the loss before training, followed by one per
 * epoch. Omit the learning rate for an optimiser without one. With the gradient norms a plateau is distinguished from
 * an optimum; with the evidence the reason is found why nothing was learned. Throws `RangeError` without an epoch.
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
  if (epochs < 1)
    throw new InputError(`diagnose: ${losses.length} losses are not enough; at least two are needed`);
  const start = losses[0]!;
  const last = losses.at(-1)!;
  const name =
    learningRate === undefined ? optimizer : `${optimizer} at learning rate ${short(learningRate)}`;
  const history: TrainingHistory = {
    ...{ losses, start, last, best: Math.min(...losses), scale: lossScale(losses) },
    ...{ gradient, evidence, optimizer: name },
    summary: `${name}, the loss went from ${short(start)} to ${short(last)} in ${epochs} epoch${epochs === 1 ? '' : 's'}`,
    hasRate: learningRate !== undefined,
  };
  for (const rule of rules) {
    const verdict = rule(history);
    if (verdict !== undefined) return verdict;
  }
  throw new Error('diagnose: no rule applied'); // the last rule always applies
}
