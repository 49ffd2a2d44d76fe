/** Training in the worker on the beats that are labelled on the page: an epoch at a time, paused and resumed at will. */

import { beatFeatureNames } from '../../beat/features/beat-features.ts';
import { tensor } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';
import { diagnose, type Verdict } from '../../learn/diagnose/verdict.ts';
import { classProbabilities, predictedClasses } from '../../learn/model/classifier.ts';
import { aamiClasses } from '../../learn/protocol.ts';
import type { OptimizerName } from '../../learn/train/optimizers.ts';
import {
  type Dataset,
  inverseFrequencyWeights,
  startTraining,
  type Training,
} from '../../learn/train/train.ts';
import type { AnalysisState } from './analysis-worker.ts';

export interface TrainingRequest {
  /** Class of each beat of the record as an index into the AAMI classes; −1 for none. */
  readonly labels: Int8Array;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly epochs: number;
  /** Units of the hidden layer; 0 for softmax regression. */
  readonly hidden: number;
  readonly seed: number;
}

/** The state of a training after an epoch. */
export interface TrainingNews {
  readonly epoch: number;
  readonly epochs: number;
  readonly losses: readonly number[];
  readonly validationLosses: readonly number[];
  readonly finished: boolean;
  readonly verdict: Verdict;
}

export interface TrainingEvents {
  readonly training: TrainingNews;
}

/** What a trained model calls each beat. */
export interface Predictions {
  readonly predicted: Int8Array;
  readonly probability: Float64Array;
  readonly classes: readonly string[];
}

/** The last part of the record that validates, in time. */
export const validationShare = 0.25;
/** Fewer rows than this are not trained on. */
export const fewestRows = 20;

export type TrainingTask = ReturnType<typeof createTrainingTask>;

export function createTrainingTask(
  state: AnalysisState,
  emit: <K extends keyof TrainingEvents>(event: K, data: TrainingEvents[K]) => void,
  pause: () => Promise<void>,
) {
  let training: Training | undefined;
  let isPaused = false;
  let run = 0;

  const runOn = async (request: TrainingRequest): Promise<void> => {
    const mine = run;
    while (training !== undefined && !training.finished && !isPaused && mine === run) {
      training.runEpoch();
      const { epochs: epoch, losses, validationLosses, finished } = training;
      emit('training', {
        epoch,
        epochs: request.epochs,
        losses: [...losses],
        validationLosses: [...validationLosses],
        finished,
        verdict: diagnose(losses, request.optimizer, request.learningRate),
      });
      await pause();
    }
  };
  let current: TrainingRequest | undefined;
  return {
    /** Starts a training; an earlier one ends. Throws `RangeError` when there are too few rows or classes. */
    async startTraining(request: TrainingRequest): Promise<void> {
      const rows = labelledRows(state, request.labels);
      const cut = Math.round((1 - validationShare) * rows.length);
      const [learned, held] = [datasetOf(rows.slice(0, cut), 'earlier'), datasetOf(rows.slice(cut), 'later')];
      if (rows.length < fewestRows || new Set(learned.labels).size < 2) {
        throw new InputError(
          `training needs ${fewestRows} labelled beats of two classes, not ${rows.length}`,
        );
      }
      run++;
      isPaused = false;
      current = request;
      training = startTraining(learned, {
        hidden: request.hidden > 0 ? [request.hidden] : [],
        activation: 'tanh',
        optimizer: request.optimizer,
        learningRate: request.learningRate,
        epochs: request.epochs,
        batchSize: Math.min(64, learned.labels.length),
        l2: 1e-3,
        classWeights: inverseFrequencyWeights(learned.labels, aamiClasses.length, 0.5),
        validation: held,
        seed: request.seed,
      });
      await runOn(request);
    },
    pauseTraining(): void {
      isPaused = true;
    },
    async resumeTraining(): Promise<void> {
      if (current === undefined || !isPaused) return;
      isPaused = false;
      await runOn(current);
    },
    /** Lets the trained model classify the record's beats from now on. */
    useTrainedModel(): Predictions {
      if (training === undefined || training.epochs === 0) throw new InputError('nothing is trained yet');
      const { model } = training.result();
      state.model = model;
      const count = state.pieces.reduce((sum, { own }) => sum + own[1] - own[0], 0);
      const predicted = new Int8Array(count).fill(-1);
      const probability = new Float64Array(count).fill(Number.NaN);
      state.pieces = state.pieces.map(piece => {
        const { classified, own, first } = piece;
        if (classified === undefined) return piece;
        const p = classProbabilities(model, classified.features.x);
        const called = predictedClasses(p);
        const width = model.classes.length;
        const has = (beat: number): boolean => classified.classes[beat] !== undefined && called[beat]! >= 0;
        for (let beat = own[0]; beat < own[1]; beat++) {
          if (!has(beat)) continue;
          predicted[first + beat - own[0]] = called[beat]!;
          probability[first + beat - own[0]] = p.data[beat * width + called[beat]!]!;
        }
        return {
          ...piece,
          classified: {
            ...classified,
            classes: classified.classes.map((_, beat) =>
              has(beat) ? model.classes[called[beat]!] : undefined,
            ),
            probabilities: classified.classes.map((_, beat) =>
              has(beat) ? p.data[beat * width + called[beat]!] : undefined,
            ),
          },
        };
      });
      return { predicted, probability, classes: model.classes };
    },
  };
}

interface Row {
  readonly features: Float64Array;
  readonly label: number;
}

/** Feature rows of the labelled beats that have features, in order of time. */
function labelledRows(state: AnalysisState, labels: Int8Array): Row[] {
  const width = beatFeatureNames.length;
  return state.pieces.flatMap(({ classified, own, first }) =>
    Array.from({ length: own[1] - own[0] }, (_, k) => k).flatMap(k => {
      const label = labels[first + k] ?? -1;
      const row = classified?.features.x.data.subarray((own[0] + k) * width, (own[0] + k + 1) * width);
      return label >= 0 && row?.every(Number.isFinite) ? [{ features: Float64Array.from(row), label }] : [];
    }),
  );
}

function datasetOf(rows: readonly Row[], group: string): Dataset {
  const width = beatFeatureNames.length;
  const x = new Float64Array(rows.length * width);
  rows.forEach(({ features }, k) => {
    x.set(features, k * width);
  });
  return {
    classes: aamiClasses,
    features: beatFeatureNames,
    x: tensor(x, [rows.length, width]),
    labels: Int32Array.from(rows, ({ label }) => label),
    groups: rows.map(() => group),
  };
}
