/**
 * Explains a patient's predicted risk: its partial derivative with respect to each covariate, checked numerically;
 * the contribution of each covariate relative to a typical patient; and the smallest change that moves the risk
 * across a threshold.
 */
import { grad } from '../../diff/grad.ts';
import { type Tensor, tensor } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';
import { type IntegratedGradients, integratedGradients } from '../../learn/integrated-gradients.ts';
import { filledRows, type RiskModel, riskOf } from './risk-model.ts';
import type { Covariate, RiskTask } from './risk-task.ts';

/** One covariate of one patient. */
export interface PartialDerivative {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** Whether the value was missing and replaced by the median of the training rows. */
  readonly isFilled: boolean;
  /** ∂risk/∂covariate, signed, in 1/unit. */
  readonly perUnit: number;
  /** `perUnit` times the covariate's standard deviation over the training rows. */
  readonly perDeviation: number;
  /** The same derivative by central differences: (r(x + h) − r(x − h)) / 2h. */
  readonly byChanging: number;
  /**
   * Contribution relative to the typical patient, by integrated gradients; the contributions sum to the difference of
   * the two risks.
   */
  readonly contribution: number;
}

/** One step of the search for the threshold. */
export interface DescentStep {
  /** Values of all covariates after the step. */
  readonly values: Float64Array;
  readonly risk: number;
  /** Risk predicted by the linear approximation: the risk before the step plus gradient times change. */
  readonly predicted: number;
}

export interface CrossingChange {
  readonly threshold: number;
  /** The covariates that change, with the values before and after. */
  readonly changes: readonly {
    readonly name: string;
    readonly unit: string;
    readonly from: number;
    readonly to: number;
    readonly deviations: number;
  }[];
  readonly risk: number;
  /** Euclidean length of the change in standard deviations. */
  readonly deviations: number;
  readonly steps: readonly DescentStep[];
}

export interface PatientRisk {
  readonly risk: number;
  /** Risk of the typical patient, with every covariate at its mean over the training rows. */
  readonly typicalRisk: number;
  readonly derivatives: readonly PartialDerivative[];
  /** Norm of the gradient per standard deviation of every covariate: the steepest possible increase of the risk. */
  readonly steepest: number;
  readonly integrated: Pick<IntegratedGradients, 'completenessError' | 'steps'>;
  readonly heldFixed: readonly string[];
  /** Undefined if no change within the range of the patients crosses the threshold. */
  readonly crossing: CrossingChange | undefined;
}

export interface PatientRiskOptions {
  /** Risk threshold, between 0 and 1. Default 0.5. */
  readonly threshold?: number;
  /** Columns held constant. Default: age, sex and other unmodifiable columns, and all binary covariates. */
  readonly fixed?: readonly string[];
}

/** Covariates that treatment cannot change. */
const unchangeable = /^(age|sex|gender|height|race|ethnicity|年齢|性別|身長)$/i;

/**
 * Explains the risk of the patient in row `row` of the task (from 0). Throws `InputError` if there is no such row or
 * the threshold is not between 0 and 1.
 *
 * @example
 * const table = parseClinicalTable(new TextDecoder().decode(await source.read('heart_failure_clinical_records_dataset.csv')));
 * const task = riskTask(table, { target: 'DEATH_EVENT' });
 * const model = fitRisk(task, [...task.outcomes.keys()], { kind: 'logistic', l2: 0.1, seed: 1 });
 * explainRisk(model, task, 0).derivatives[4].perUnit.toFixed(4) // => '-0.0090'
 */
export function explainRisk(
  model: RiskModel,
  task: RiskTask,
  row: number,
  { threshold = 0.5, fixed }: PatientRiskOptions = {},
): PatientRisk {
  if (!(row >= 0 && row < task.outcomes.length)) {
    throw new InputError(`there are patients 1 to ${task.outcomes.length}, not ${row + 1}`);
  }
  if (!(threshold > 0 && threshold < 1)) {
    throw new InputError(`the threshold is a risk between 0 and 1, not ${threshold}`);
  }
  const { mean, scale } = model.classifier.standardization;
  const x = filledRows(task, [row], model.fill);
  const width = task.covariates.length;
  const risk = (at: Tensor): Tensor => riskOf(model, at);
  const gradient = grad(risk)(x).data;
  const integrated = integratedGradients(risk, x, tensor(mean.slice(), [1, width]));
  const isFixed = task.covariates.map(({ name, column, isBinary }) =>
    fixed === undefined
      ? isBinary || unchangeable.test(column)
      : fixed.includes(column) || fixed.includes(name),
  );
  return {
    risk: integrated.score,
    typicalRisk: integrated.baselineScore,
    derivatives: task.covariates.map(({ name, unit }, k) => ({
      ...{ name, unit, value: x.data[k]! },
      isFilled: Number.isNaN(task.x.data[row * width + k]!),
      perUnit: gradient[k]!,
      perDeviation: gradient[k]! * scale[k]!,
      byChanging: slopeByChanging(risk, x, k, scale[k]!),
      contribution: integrated.contributions[k]!,
    })),
    steepest: Math.hypot(...gradient.map((g, k) => g * scale[k]!)),
    integrated: { completenessError: integrated.completenessError, steps: integrated.steps },
    heldFixed: task.covariates.filter((_, k) => isFixed[k]).map(({ name }) => name),
    crossing: smallestCrossing(risk, x, threshold, {
      covariates: task.covariates,
      scale,
      isFixed,
      range: rangeOf(task),
    }),
  };
}

/**
 * Central difference of the risk with respect to covariate `k`, with a step of 10⁻⁴ of its standard deviation
 * `scale`.
 */
function slopeByChanging(risk: (x: Tensor) => Tensor, x: Tensor, k: number, scale: number): number {
  const h = 1e-4 * scale;
  const at = (change: number): number => {
    const moved = x.data.slice();
    moved[k]! += change;
    return risk({ ...x, data: moved }).data[0]!;
  };
  return (at(h) - at(-h)) / (2 * h);
}

const mostSteps = 50;
/** Amount by which a step aims beyond the threshold, in log-odds. */
const overshoot = 1e-3;

interface Allowed {
  readonly covariates: readonly Covariate[];
  readonly scale: Float64Array;
  readonly isFixed: readonly boolean[];
  readonly range: readonly (readonly [number, number])[];
}

/**
 * Each step solves for the point nearest to the patient, in standard deviations, at which the log-odds, linearised at
 * the end of the last step, reach the threshold (sequential linearisation; Nocedal & Wright 2006, chapter 18). Fixed
 * covariates do not change, and all stay within the range of the patients. Returns the nearest point that crossed the
 * threshold.
 */
function smallestCrossing(
  risk: (x: Tensor) => Tensor,
  x: Tensor,
  threshold: number,
  allowed: Allowed,
): CrossingChange | undefined {
  const { covariates, scale } = allowed;
  const slopes = grad(risk);
  const start = risk(x).data[0]!;
  const side = start >= threshold ? -1 : 1;
  const aim = logit(threshold) + side * overshoot;
  const lengthOf = (values: Float64Array): number =>
    Math.hypot(...values.map((value, k) => (value - x.data[k]!) / scale[k]!));
  const steps: DescentStep[] = [];
  let values: Float64Array = x.data.slice();
  let now = start;
  let nearest: DescentStep | undefined;
  while (steps.length < mostSteps) {
    const gradient = slopes({ ...x, data: values }).data;
    const perLogOdds = gradient.map(g => g / (now * (1 - now)));
    const gone = perLogOdds.reduce((sum, g, k) => sum + g * (values[k]! - x.data[k]!), 0);
    const next = nearestPoint(x.data, perLogOdds, aim - logit(now) + gone, allowed);
    if (next === undefined) break;
    const predicted = now + gradient.reduce((sum, g, k) => sum + g * (next[k]! - values[k]!), 0);
    const moved = Math.hypot(...next.map((value, k) => (value - values[k]!) / scale[k]!));
    values = next;
    now = risk({ ...x, data: values }).data[0]!;
    const step = { values, risk: now, predicted };
    steps.push(step);
    const hasCrossed = side < 0 ? now < threshold : now >= threshold;
    if (hasCrossed && (!nearest || lengthOf(values) < lengthOf(nearest.values))) nearest = step;
    if (moved < 1e-3) break;
  }
  if (nearest === undefined) return undefined;
  const found = nearest;
  const deviations = found.values.map((value, k) => (value - x.data[k]!) / scale[k]!);
  return {
    threshold,
    risk: found.risk,
    deviations: Math.hypot(...deviations),
    steps: steps.slice(0, steps.indexOf(found) + 1),
    changes: covariates.flatMap(({ name, unit }, k) =>
      deviations[k] === 0
        ? []
        : [{ name, unit, from: x.data[k]!, to: found.values[k]!, deviations: deviations[k]! }],
    ),
  };
}

const logit = (p: number): number => Math.log(p / (1 - p));

/**
 * The point nearest to `from` at which a linear function with this gradient has increased by `rise`; undefined if it
 * cannot be reached within the allowed ranges. A covariate that would leave its range is held at the limit.
 */
function nearestPoint(
  from: Float64Array,
  gradient: Float64Array,
  rise: number,
  { scale, isFixed, range }: Allowed,
): Float64Array | undefined {
  const values = from.slice();
  const held = [...isFixed];
  for (;;) {
    const free = gradient.map((g, k) => (held[k] ? 0 : g * scale[k]!));
    const steepness = free.reduce((sum, g) => sum + g * g, 0);
    if (!(steepness > 1e-18)) return undefined;
    const done = gradient.reduce((sum, g, k) => sum + (held[k] ? g * (values[k]! - from[k]!) : 0), 0);
    let isInside = true;
    for (let k = 0; k < values.length; k++) {
      if (held[k]) continue;
      const wanted = from[k]! + ((rise - done) * free[k]! * scale[k]!) / steepness;
      values[k] = Math.min(Math.max(wanted, range[k]![0]), range[k]![1]);
      if (values[k] === wanted) continue;
      held[k] = true;
      isInside = false;
    }
    if (isInside) return values;
  }
}

/** Minimum and maximum of each covariate over the patients. */
function rangeOf({ x, covariates }: RiskTask): (readonly [number, number])[] {
  const width = covariates.length;
  return covariates.map((_, k) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let at = k; at < x.data.length; at += width) {
      const value = x.data[at]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return [low, high] as const;
  });
}
