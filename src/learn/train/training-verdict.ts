/** The verdict on a completed training: the evidence for it, and the findings that are consistent with it. */
import { constantPredictionLoss } from '../diagnose/constant-prediction.ts';
import type { Finding, NetworkHealth } from '../diagnose/network-health.ts';
import { findSaddle, layerOfEqualUnits } from '../diagnose/saddle.ts';
import type { TargetEvidence } from '../diagnose/target-evidence.ts';
import { diagnose, isDiverging, type Verdict } from '../diagnose/verdict.ts';
import type { Network } from '../model/network.ts';
import type { TrainingLoss } from './losses.ts';
import { type Schedule, scheduleFactor } from './schedules.ts';
import type { CompleteTrainOptions } from './train-options.ts';
import type { InspectedRows } from './training-rows.ts';

/** The data, options and network that a verdict refers to. */
export interface TrainingSubject {
  readonly data: { readonly classes: readonly string[] };
  readonly options: CompleteTrainOptions;
  readonly inspected: InspectedRows;
  readonly trainingLoss: TrainingLoss;
  /** Of a regression. */
  readonly targets?: TargetEvidence;
}

/**
 * The findings that are consistent with a verdict: a vanishing gradient is no finding where units are dead or an
 * optimum is reached, nor an exploding one where the steps are too small.
 */
export function agreeing(findings: readonly Finding[], { kind }: Verdict): string[] {
  const unsteady = kind === 'diverged' || kind === 'stopped' || kind === 'oscillating';
  const agrees = { units: true, vanishing: kind === 'vanishing-gradient', exploding: unsteady };
  return findings.filter(({ about }) => agrees[about]).map(({ text }) => text);
}

/** The outcome of a training, for its verdict. */
export interface EndedTraining {
  readonly losses: readonly number[];
  readonly validationLosses: readonly number[];
  readonly before: Omit<NetworkHealth, 'findings'>;
  readonly health: Omit<NetworkHealth, 'findings'>;
  readonly network: Network;
  readonly best: number | undefined;
}

/** The verdict on a completed training. */
export function verdictOf(
  { data, options, inspected, trainingLoss, targets }: TrainingSubject,
  ended: EndedTraining,
): Verdict {
  const { losses, validationLosses, before, health, network, best } = ended;
  const { optimizer, learningRate, epochs, clipNorm, batchSize, l2 } = options;
  const constantLoss = constantPredictionLoss(trainingLoss, data.classes.length, inspected.targets);
  const schedule: Schedule = options.schedule ?? { kind: options.cosineDecay ? 'cosine' : 'constant' };
  // With input noise the optimum differs from that of the rows themselves.
  const gradient = options.inputNoise
    ? undefined
    : {
        ...{ before: before.gradientNorm, after: health.gradientNorm },
        ...{ parameters: health.norm, parametersBefore: before.norm },
      };
  const alike = layerOfEqualUnits(network);
  return diagnose(losses, optimizer, optimizer === 'lbfgs' ? undefined : learningRate, gradient, {
    fullLoss: { before: before.loss, after: health.loss },
    ...(constantLoss === undefined ? {} : { dataLoss: health.dataLoss, constantLoss }),
    ...{ validationLosses, layers: health.layers, parameters: health.parameters, l2, batchSize },
    ...(best === undefined ? {} : { keptEpoch: best }),
    ...(clipNorm === undefined ? {} : { clipNorm }),
    cut: losses.length <= epochs && isDiverging(losses),
    ...(trainingLoss.classifies
      ? {
          classes: health.classes.map(({ share, predictedRows }, k) => ({
            name: data.classes[k]!,
            ...{ share, predicted: predictedRows > 0 },
          })),
        }
      : {}),
    lateRateFactor: scheduleFactor(schedule, 0.75 * epochs, epochs),
    ...(alike === undefined ? {} : { alike }),
    ...(targets === undefined ? {} : { targets }),
    saddle: () => findSaddle(network, inspected, { l2, trainingLoss }, health.gradientNorm),
  });
}
