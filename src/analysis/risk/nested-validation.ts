/**
 * Nested cross-validation of a risk model, which estimates its performance on unseen patients. The outer folds test
 * the model; within each outer training set, inner folds choose the penalty. All rows of a patient are in the same
 * fold, and folds are stratified by the event. The partition is repeated with new random folds to average over it.
 */
import { InputError } from '../../input-error.ts';
import { bootstrap, type Interval95 } from '../../learn/bootstrap.ts';
import { auroc } from '../../learn/calibration.ts';
import { minimize } from '../../learn/train/lbfgs.ts';
import { createRandom, type Random } from '../../random.ts';
import { filledRows, fitRisk, type RiskModelKind, riskOf } from './risk-model.ts';
import type { RiskTask } from './risk-task.ts';

/** A group of patients whose predicted risk lies in the same fifth of the ranking. */
export interface CalibrationBin {
  readonly rows: number;
  /** Mean predicted risk. */
  readonly predicted: number;
  /** Proportion with the event, and its 95 % interval (Wilson 1927, J Am Stat Assoc 22:209). */
  readonly observed: number;
  readonly low: number;
  readonly high: number;
}

export interface Validation {
  readonly kind: RiskModelKind;
  readonly folds: number;
  readonly repeats: number;
  /** Penalties chosen by the inner folds, one for each outer fold and repeat. */
  readonly penalties: readonly number[];
  /** Predicted risk of each row by models not trained on its patient; mean over the repeats. */
  readonly risks: Float64Array;
  /** Area under the ROC curve, mean over the repeats; the interval resamples patients. */
  readonly auroc: Interval95;
  /** Brier score: mean squared difference of risk and outcome (Brier 1950, Mon Weather Rev 78:1). */
  readonly brier: Interval95;
  /** Brier score of predicting the overall event rate for every patient. */
  readonly brierOfEventRate: number;
  /**
   * Logistic recalibration of the risks (Cox 1958, Biometrika 45:562): intercept 0 and slope 1 for calibrated risks.
   */
  readonly calibrationIntercept: Interval95;
  readonly calibrationSlope: Interval95;
  readonly bins: readonly CalibrationBin[];
}

export interface ValidationOptions {
  readonly kind: RiskModelKind;
  readonly seed: number;
  /** Number of outer folds, and of inner folds. Default 5. */
  readonly folds?: number;
  /** Number of repeats with new outer folds. Default 3. */
  readonly repeats?: number;
  readonly onFold?: (done: number, of: number) => void;
}

/** L2 penalties among which the inner folds choose, for standardised covariates and the mean loss. */
export const penalties: readonly number[] = [0.001, 0.01, 0.03, 0.1, 0.3, 1];
const calibrationBins = 5;
const resamples = 1000;

/**
 * Validates one kind of model on a task. Throws `InputError` if fewer patients than folds have the event, or do not
 * have it.
 *
 * @example
 * const table = parseClinicalTable(new TextDecoder().decode(await source.read('heart_failure_clinical_records_dataset.csv')));
 * const task = riskTask(table, { target: 'DEATH_EVENT' });
 * validateRisk(task, { kind: 'logistic', seed: 1, folds: 2, repeats: 1 }).auroc.value > 0.7 // => true
 */
export function validateRisk(task: RiskTask, options: ValidationOptions): Validation {
  const { kind, seed, folds = 5, repeats = 3, onFold } = options;
  const count = task.outcomes.length;
  const byRepeat: Float64Array[] = [];
  const chosen: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const random = createRandom(seed, repeat);
    const risks = new Float64Array(count);
    const outer = dealFolds(task, allRows(count), folds, random);
    for (const tested of outer) {
      const isTested = new Set(tested);
      const trained = allRows(count).filter(row => !isTested.has(row));
      const l2 = choosePenalty(task, trained, { kind, seed, folds, random });
      chosen.push(l2);
      predictInto(risks, task, trained, tested, { kind, l2, seed });
      onFold?.(chosen.length, repeats * folds);
    }
    byRepeat.push(risks);
  }
  const risks = Float64Array.from({ length: count }, (_, row) => mean(byRepeat.map(each => each[row]!)));
  const interval = (statistic: (rows: readonly number[]) => number | undefined): Interval95 =>
    overPatients(task, seed, statistic);
  const recalibrated = recalibrationOf(task, risks);
  return {
    ...{ kind, folds, repeats, penalties: chosen, risks },
    auroc: interval(rows => {
      const values = byRepeat.map(each => aurocOf(task, each, rows));
      return values.some(value => value === undefined) ? undefined : mean(values as number[]);
    }),
    brier: interval(rows => mean(byRepeat.map(each => brierOf(task, each, rows)))),
    brierOfEventRate: brierOf(task, new Float64Array(count).fill(mean([...task.outcomes])), allRows(count)),
    calibrationIntercept: interval(rows => recalibrated(rows)?.intercept),
    calibrationSlope: interval(rows => recalibrated(rows)?.slope),
    bins: binsOf(task, risks),
  };
}

const allRows = (count: number): number[] => Array.from({ length: count }, (_, row) => row);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Rows of each fold: patients are shuffled and distributed in turn, those with an event first. */
export function dealFolds(
  task: RiskTask,
  rows: readonly number[],
  folds: number,
  random: Random,
): number[][] {
  const byPatient = new Map<string, { rows: number[]; event: boolean }>();
  for (const row of rows) {
    const patient = byPatient.get(task.groups[row]!) ?? { rows: [], event: false };
    patient.rows.push(row);
    patient.event ||= task.outcomes[row] === 1;
    byPatient.set(task.groups[row]!, patient);
  }
  const patients = [...byPatient.values()];
  for (let k = patients.length - 1; k > 0; k--) {
    const other = Math.floor(random.uniform() * (k + 1));
    [patients[k], patients[other]] = [patients[other]!, patients[k]!];
  }
  const withEvent = patients.filter(({ event }) => event);
  const without = patients.filter(({ event }) => !event);
  if (withEvent.length < folds || without.length < folds) {
    throw new InputError(
      `${folds} folds need at least ${folds} patients with ${task.target} and ${folds} without; the table has ${withEvent.length} with it and ${without.length} without`,
    );
  }
  const dealt: number[][] = Array.from({ length: folds }, () => []);
  [...withEvent, ...without].forEach((patient, k) => {
    dealt[k % folds]!.push(...patient.rows);
  });
  return dealt;
}

/**
 * The penalty with the lowest log-loss in cross-validation within the training rows. Throws `InputError` as
 * `validateRisk` does.
 */
export function choosePenalty(
  task: RiskTask,
  rows: readonly number[],
  options: {
    readonly kind: RiskModelKind;
    readonly seed: number;
    readonly folds: number;
    readonly random: Random;
  },
): number {
  const inner = dealFolds(task, rows, options.folds, options.random);
  const risks = new Float64Array(task.outcomes.length);
  let best = { l2: penalties[0]!, loss: Number.POSITIVE_INFINITY };
  for (const l2 of penalties) {
    for (const tested of inner) {
      const isTested = new Set(tested);
      const trained = rows.filter(row => !isTested.has(row));
      predictInto(risks, task, trained, tested, { kind: options.kind, l2, seed: options.seed });
    }
    const loss = mean(
      rows.map(row => -Math.log(Math.max(1e-12, task.outcomes[row] === 1 ? risks[row]! : 1 - risks[row]!))),
    );
    if (loss < best.loss) best = { l2, loss };
  }
  return best.l2;
}

function predictInto(
  risks: Float64Array,
  task: RiskTask,
  trained: readonly number[],
  tested: readonly number[],
  options: { readonly kind: RiskModelKind; readonly l2: number; readonly seed: number },
): void {
  const model = fitRisk(task, trained, options);
  const { data } = riskOf(model, filledRows(task, tested, model.fill));
  tested.forEach((row, at) => {
    risks[row] = data[at]!;
  });
}

/** A statistic over rows, with its bootstrap interval over patients. */
function overPatients(
  task: RiskTask,
  seed: number,
  statistic: (rows: readonly number[]) => number | undefined,
): Interval95 {
  const byPatient = new Map<string, number[]>();
  task.groups.forEach((group, row) => {
    byPatient.set(group, [...(byPatient.get(group) ?? []), row]);
  });
  const patients = [...byPatient.values()];
  return bootstrap(
    patients.length,
    times => statistic(patients.flatMap((rows, k) => Array<number[]>(times[k]!).fill(rows).flat())),
    { resamples, seed },
  );
}

const aurocOf = (task: RiskTask, risks: Float64Array, rows: readonly number[]): number | undefined =>
  auroc(
    rows.map(row => risks[row]!),
    k => task.outcomes[rows[k]!] === 1,
  );

const brierOf = (task: RiskTask, risks: Float64Array, rows: readonly number[]): number =>
  mean(rows.map(row => (risks[row]! - task.outcomes[row]!) ** 2));

/**
 * Logistic regression of the outcome on the log-odds of the risk, by maximum likelihood; undefined if the estimates
 * are not finite.
 */
const recalibrationOf =
  (task: RiskTask, risks: Float64Array) =>
  (rows: readonly number[]): { readonly intercept: number; readonly slope: number } | undefined => {
    const logOdds = rows.map(row => {
      const risk = Math.min(1 - 1e-12, Math.max(1e-12, risks[row]!));
      return Math.log(risk / (1 - risk));
    });
    const { w } = minimize(
      (at, gradient) => {
        gradient.fill(0);
        let loss = 0;
        rows.forEach((row, k) => {
          const z = at[0]! + at[1]! * logOdds[k]!;
          const y = task.outcomes[row]!;
          loss += Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z)));
          const error = 1 / (1 + Math.exp(-z)) - y;
          gradient[0]! += error / rows.length;
          gradient[1]! += (error * logOdds[k]!) / rows.length;
        });
        return loss / rows.length;
      },
      Float64Array.of(0, 1),
      { gradientTolerance: 1e-7, maxIterations: 50 },
    );
    return w.every(Number.isFinite) ? { intercept: w[0]!, slope: w[1]! } : undefined;
  };

/** The rows in five groups of equal size, sorted by risk. */
function binsOf(task: RiskTask, risks: Float64Array): CalibrationBin[] {
  const order = allRows(risks.length).sort((a, b) => risks[a]! - risks[b]!);
  return Array.from({ length: calibrationBins }, (_, k) =>
    order.slice(
      Math.floor((k * order.length) / calibrationBins),
      Math.floor(((k + 1) * order.length) / calibrationBins),
    ),
  )
    .filter(rows => rows.length > 0)
    .map(rows => {
      const observed = mean(rows.map(row => task.outcomes[row]!));
      return {
        rows: rows.length,
        predicted: mean(rows.map(row => risks[row]!)),
        observed,
        ...wilson(observed, rows.length),
      };
    });
}

/** The 95 % Wilson score interval of a proportion. */
function wilson(share: number, count: number): { low: number; high: number } {
  const z = 1.959963985;
  const middle = (share + z ** 2 / (2 * count)) / (1 + z ** 2 / count);
  const half =
    (z / (1 + z ** 2 / count)) * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
