/**
 * Why a patient's risk is what it is: the partial derivative by each covariate, checked by changing that covariate; what
 * each contributes against a typical patient; and the smallest change that takes the risk across a threshold.
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
  /** The value was missing and is the median of the others. */
  readonly isFilled: boolean;
  /** ∂risk/∂covariate, signed, in 1/unit. */
  readonly perUnit: number;
  /** Times the covariate's standard deviation over the patients. */
  readonly perDeviation: number;
  /** The same slope by changing the covariate a little both ways: (r(x + h) − r(x − h)) / 2h. */
  readonly byChanging: number;
  /** Contribution against the typical patient by integrated gradients; they sum to the difference of the two risks. */
  readonly contribution: number;
}

/** One step of the descent across the threshold. */
export interface DescentStep {
  /** Values of all covariates after it. */
  readonly values: Float64Array;
  readonly risk: number;
  /** What the gradient promised: the risk before plus gradient times change. */
  readonly promised: number;
}

export interface CrossingChange {
  readonly threshold: number;
  /** Each covariate that moves, from and to. */
  readonly changes: readonly {
    readonly name: string;
    readonly unit: string;
    readonly from: number;
    readonly to: number;
    readonly deviations: number;
  }[];
  readonly risk: number;
  /** Length of the change in standard deviations. */
  readonly deviations: number;
  readonly steps: readonly DescentStep[];
}

export interface PatientRisk {
  readonly risk: number;
  /** Risk of the typical patient: every covariate at its mean over the patients. */
  readonly typicalRisk: number;
  readonly derivatives: readonly PartialDerivative[];
  /** Length of the gradient per standard deviation of every covariate: the steepest that risk can rise. */
  readonly steepest: number;
  readonly integrated: Pick<IntegratedGradients, 'completenessError' | 'steps'>;
  readonly heldFixed: readonly string[];
  /** Undefined where no change within the range of the patients crosses. */
  readonly crossing: CrossingChange | undefined;
}

export interface PatientRiskOptions {
  /** Default 0.5. */
  readonly threshold?: number;
  /** Columns that can't change. Default age, sex, and all covariates of 0 and 1. */
  readonly fixed?: readonly string[];
}

/** Covariates that no treatment changes. */
const unchangeable = /^(age|sex|gender|height|race|ethnicity|年齢|性別|身長)$/i;

/**
 * Explains the risk of the patient in row `row` of the task (from 0). Throws `InputError` when there is no such row.
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

/** The central difference of the risk as covariate `k` changes by a ten-thousandth of its standard deviation. */
export function slopeByChanging(risk: (x: Tensor) => Tensor, x: Tensor, k: number, scale: number): number {
  const h = 1e-4 * scale;
  const at = (change: number): number => {
    const moved = x.data.slice();
    moved[k]! += change;
    return risk({ ...x, data: moved }).data[0]!;
  };
  return (at(h) - at(-h)) / (2 * h);
}

const mostSteps = 50;
/** How far past the threshold a step aims, in log-odds. */
const overshoot = 1e-3;

interface Allowed {
  readonly covariates: readonly Covariate[];
  readonly scale: Float64Array;
  readonly isFixed: readonly boolean[];
  readonly range: readonly (readonly [number, number])[];
}

/**
 * Steps to the point nearest to the patient, in standard deviations, at which the log-odds linearised where the last step
 * ended meet the threshold (sequential linearisation; Nocedal & Wright 2006, chapter 18); what can't change stays, and
 * nothing leaves the patients' range. The nearest of the steps that crossed is the answer.
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
    const promised = now + gradient.reduce((sum, g, k) => sum + g * (next[k]! - values[k]!), 0);
    const moved = Math.hypot(...next.map((value, k) => (value - values[k]!) / scale[k]!));
    values = next;
    now = risk({ ...x, data: values }).data[0]!;
    const step = { values, risk: now, promised };
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
 * The point nearest to `from` at which a linear function with this gradient has risen by `rise`; undefined where the
 * allowed range does not reach so far. A covariate that would leave its range stays at its end, and the others do the
 * rest.
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

/** Least and largest value of each covariate among the patients. */
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
