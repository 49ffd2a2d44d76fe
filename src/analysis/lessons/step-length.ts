/**
 * Lesson 7: the step length. The same loss with learning rates at which descent stalls, converges, oscillates and
 * diverges, relative to 2/λmax; and a table in its original units, as real data are.
 */
import { type RateRun, sweepLearningRates } from '../../learn/diagnose/rate-sweep.ts';
import type { Dataset } from '../../learn/train/dataset.ts';
import type { RiskTask } from '../risk/risk-task.ts';
import { descend } from './descent.ts';
import { type Figures, shown } from './lesson-inputs.ts';
import { firstDrop, type Valley } from './valley.ts';

export const stepCount = 60;

/** Learning rates as fractions of 2/λmax. */
export const shareOfLimit = { stalls: 0.001, arrives: 0.5, oscillates: 0.99, diverges: 5 } as const;

export type StepName = keyof typeof shareOfLimit;

/** The learning rate of one of the four runs. */
export const stepRate = (valley: Valley, name: StepName): number =>
  shareOfLimit[name] * valley.largestStableRate;

/** Covariates of the ill-conditioned task, in %, mg/dL, mEq/L and years: far from 0 and of different magnitude. */
const rawColumns = ['ejection_fraction', 'serum_creatinine', 'serum_sodium', 'age'] as const;
export const rawRates: readonly number[] = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2];
const epochs = 60;

/** The ill-conditioned task as a training dataset. */
export function rawUnitDataset(task: RiskTask): Dataset {
  const width = task.covariates.length;
  const columns = rawColumns.map(name => task.covariates.findIndex(each => each.name === name));
  const rows = task.outcomes.length;
  const data = Float64Array.from(
    Array.from({ length: rows }, (_, row) => columns.map(k => task.x.data[row * width + k]!)).flat(),
  );
  return {
    classes: ['no', 'yes'],
    features: columns.map(k => task.covariates[k]!),
    x: { shape: [rows, columns.length], data },
    labels: task.outcomes,
    groups: task.groups,
  };
}

/** Plain gradient descent on the covariates in their original units or standardised: the loss after each epoch. */
export function rawUnitRuns(task: RiskTask, rawFeatures: boolean): RateRun[] {
  return sweepLearningRates(
    rawUnitDataset(task),
    {
      ...{ hidden: [], activation: 'tanh', optimizer: 'sgd', learningRate: 1, epochs },
      ...{ batchSize: task.outcomes.length, l2: 0, classWeights: [1, 1], seed: 1, rawFeatures },
    },
    ['sgd'],
    rawFeatures ? rawRates : rawRates.map(rate => rate * 1e4),
  );
}

/** The numbers quoted in lesson 7. */
export function stepFigures(valley: Valley, task: RiskTask): Figures {
  const figures: Record<string, string> = { limit: shown(valley.largestStableRate, 1) };
  for (const name of Object.keys(shareOfLimit) as StepName[]) {
    const rate = stepRate(valley, name);
    const { losses } = descend(valley.loss, firstDrop, { optimizer: 'sgd', rate, steps: stepCount });
    figures[`${name}-rate`] = shown(rate, rate < 1 ? 4 : 1);
    figures[`${name}-end`] = shown(losses.at(-1)!, 3);
    figures[`${name}-most`] = shown(Math.max(...losses), 2);
  }
  figures.start = shown(
    descend(valley.loss, firstDrop, { optimizer: 'sgd', rate: 1, steps: 0 }).losses[0]!,
    3,
  );
  figures.least = shown(valley.least, 3);
  for (const [kind, raw] of [
    ['raw', true],
    ['scaled', false],
  ] as const) {
    rawUnitRuns(task, raw).forEach(({ losses, verdict }, k) => {
      figures[`${kind}-${k}`] = shown(losses.at(-1)!, 3);
      figures[`${kind}-${k}-verdict`] = verdict.kind;
    });
  }
  return figures;
}
