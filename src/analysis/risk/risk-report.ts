/** The report of a risk model as plain data, for JSON, the terminal and the page. */
import { createRandom } from '../../random.ts';
import { choosePenalty, type Validation, validateRisk } from './nested-validation.ts';
import { explainRisk, type PatientRisk } from './patient-risk.ts';
import { fitRisk, type RiskModelKind } from './risk-model.ts';
import type { RiskTask } from './risk-task.ts';

/** One kind of model: its validation, and its explanation of the patient. */
export interface RiskModelReport {
  readonly kind: RiskModelKind;
  readonly validation: Omit<Validation, 'risks' | 'kind'>;
  /** Penalty of the model fitted on all rows, which is used to explain the patient. */
  readonly l2: number;
  readonly patient?: PatientRisk;
}

export interface RiskReport {
  readonly file: string;
  readonly target: string;
  readonly event: string;
  readonly rows: number;
  readonly patients: number;
  readonly events: number;
  readonly covariates: readonly string[];
  readonly leftOut: RiskTask['leftOut'];
  readonly notes: readonly string[];
  /** Identifier of the explained patient: the name or number of the row's patient. */
  readonly patient?: string;
  readonly models: readonly RiskModelReport[];
  readonly notice: string;
}

export interface RiskReportOptions {
  readonly file: string;
  readonly kinds: readonly RiskModelKind[];
  readonly seed: number;
  readonly folds?: number;
  readonly repeats?: number;
  /** Row of the patient to explain, from 0. */
  readonly row?: number;
  readonly threshold?: number;
  readonly fixed?: readonly string[];
  readonly onFold?: (kind: RiskModelKind, done: number, of: number) => void;
}

/**
 * Validates each kind of model and explains one patient with it. Throws `InputError` as `validateRisk` and
 * `explainRisk` do.
 */
export function riskReport(task: RiskTask, options: RiskReportOptions): RiskReport {
  const { file, kinds, seed, folds = 5, repeats = 1, row, threshold, fixed, onFold } = options;
  const all = [...task.outcomes.keys()];
  return {
    ...{ file, target: task.target, event: task.event, rows: all.length },
    patients: new Set(task.groups).size,
    events: task.outcomes.reduce((sum, value) => sum + value, 0),
    covariates: task.covariates.map(({ name }) => name),
    ...{ leftOut: task.leftOut, notes: task.notes },
    ...(row !== undefined && { patient: task.groups[row]! }),
    models: kinds.map(kind => {
      const {
        risks: _,
        kind: __,
        ...validation
      } = validateRisk(task, {
        ...{ kind, seed, folds, repeats },
        ...(onFold && { onFold: (done: number, of: number) => onFold(kind, done, of) }),
      });
      const l2 = choosePenalty(task, all, { kind, seed, folds, random: createRandom(seed) });
      const explained =
        row === undefined
          ? undefined
          : explainRisk(fitRisk(task, all, { kind, l2, seed }), task, row, {
              ...(threshold !== undefined && { threshold }),
              ...(fixed !== undefined && { fixed }),
            });
      return { kind, validation, l2, ...(explained && { patient: explained }) };
    }),
    notice: 'Research use only. Not for diagnosis.',
  };
}
