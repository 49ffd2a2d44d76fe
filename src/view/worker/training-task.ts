/** Training in the worker on the beats labelled in the page, one epoch at a time, with pause and resume. */

import { InputError } from '../../input-error.ts';
import { diagnose, type Verdict } from '../../learn/diagnose/verdict.ts';
import { type Classifier, classProbabilities, predictedClasses } from '../../learn/model/classifier.ts';
import { startTraining, type Training } from '../../learn/train/train.ts';
import type { AnalysisState } from './analysis-worker.ts';
import { labelledBeats, type TrainingRequest, trainingOptions } from './labelled-beats.ts';

/** The state of a training after an epoch. */
export interface TrainingStatus {
  readonly epoch: number;
  readonly epochs: number;
  readonly losses: readonly number[];
  readonly validationLosses: readonly number[];
  readonly finished: boolean;
  readonly verdict: Verdict;
}

export interface TrainingEvents {
  readonly training: TrainingStatus;
}

/** The predictions of a trained model for each beat. */
export interface Predictions {
  readonly predicted: Int8Array;
  readonly probability: Float64Array;
  readonly classes: readonly string[];
}

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
    /**
     * Starts training and ends any earlier training. Throws `InputError` when there are too few labelled beats or
     * classes.
     */
    async startTraining(request: TrainingRequest): Promise<void> {
      const { training: rows, validation } = labelledBeats(state, request.labels);
      run++;
      isPaused = false;
      current = request;
      training = startTraining(rows, { ...trainingOptions(request, rows), validation });
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
    /** Classifies the record's beats with the trained model from now on. Throws `InputError` before any training. */
    useTrainedModel(): Predictions {
      if (training === undefined || training.epochs === 0)
        throw new InputError('no model has been trained yet');
      const { model } = training.result();
      state.model = model;
      return reclassify(state, model);
    },
  };
}

/** Assigns the class predicted by `model` to every beat that has features. */
function reclassify(state: AnalysisState, model: Classifier): Predictions {
  const count = state.pieces.reduce((sum, { own }) => sum + own[1] - own[0], 0);
  const predicted = new Int8Array(count).fill(-1);
  const probability = new Float64Array(count).fill(Number.NaN);
  state.pieces = state.pieces.map(piece => {
    const { classified, own, first } = piece;
    if (classified === undefined) return piece;
    const p = classProbabilities(model, classified.features.x);
    const called = predictedClasses(p);
    const width = model.classes.length;
    const probabilityOf = (beat: number): number => p.data[beat * width + called[beat]!]!;
    const has = (beat: number): boolean => classified.classes[beat] !== undefined && called[beat]! >= 0;
    for (let beat = own[0]; beat < own[1]; beat++) {
      if (!has(beat)) continue;
      predicted[first + beat - own[0]] = called[beat]!;
      probability[first + beat - own[0]] = probabilityOf(beat);
    }
    const classes = classified.classes.map((_, beat) =>
      has(beat) ? model.classes[called[beat]!] : undefined,
    );
    const probabilities = classified.classes.map((_, beat) => (has(beat) ? probabilityOf(beat) : undefined));
    return { ...piece, classified: { ...classified, classes, probabilities } };
  });
  return { predicted, probability, classes: model.classes };
}
