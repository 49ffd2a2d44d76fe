/**
 * Lesson 3: partial derivatives. Each partial derivative of one patient's risk, checked by changing that covariate
 * alone.
 */
import { explainRisk, type PatientRisk } from '../risk/patient-risk.ts';
import { type Figures, type LessonInputs, shown } from './lesson-inputs.ts';

/** Row of the patient of the lesson, from 0: the first of the table. */
const patientRow = 0;

/** Explains the risk of that patient or, with `values`, of a patient with these covariates. */
export function patientRisk({ task, riskModel }: LessonInputs, values?: ArrayLike<number>): PatientRisk {
  const width = task.covariates.length;
  const own = task.x.data.slice(patientRow * width, (patientRow + 1) * width);
  const x = { shape: [1, width], data: values === undefined ? own : Float64Array.from(values) };
  const patient = {
    ...{ ...task, x, outcomes: Int32Array.of(0), groups: ['patient'], lines: Int32Array.of(0) },
  };
  return explainRisk(riskModel, patient, 0);
}

/** The numbers quoted in lesson 3. */
export function partialFigures(inputs: LessonInputs): Figures {
  const { risk, typicalRisk, derivatives } = patientRisk(inputs);
  const errors = derivatives.map(({ perUnit, byChanging }) => Math.abs(byChanging / perUnit - 1));
  const figures: Record<string, string> = {
    risk: shown(100 * risk, 1),
    'typical-risk': shown(100 * typicalRisk, 1),
    patients: String(inputs.task.outcomes.length),
    'largest-error': Math.max(...errors)
      .toExponential(0)
      .replace(
        /e-(\d+)/,
        (_, power: string) => ` × 10⁻${[...power].map(digit => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')}`,
      ),
    'contribution-sum': shown(100 * derivatives.reduce((sum, { contribution }) => sum + contribution, 0), 1),
  };
  for (const { name, value, perUnit, perDeviation } of derivatives) {
    figures[`${name}-value`] = shown(value, Number.isInteger(value) ? 0 : 1);
    // In percentage points of risk.
    figures[`${name}-unit`] = significant(100 * perUnit);
    figures[`${name}-deviation`] = shown(100 * perDeviation, 1);
  }
  return figures;
}

const significant = (value: number): string => String(Number(value.toPrecision(2))).replace('-', '−');
