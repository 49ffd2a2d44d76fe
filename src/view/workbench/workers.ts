/** The workers of an open recording: one reads samples for display, one analyses, one estimates errors. */
import type { AnalysisWorker, AnalysisWorkerEvents } from '../worker/analysis-worker.ts';
import type { BeatPieces, ErrorQueries, ErrorRequest, PieceErrors } from '../worker/beat-errors.ts';
import type { BeatQueries, BeatQueryEvents } from '../worker/beat-queries.ts';
import type { ComparisonEvents, OptimizerComparison } from '../worker/optimizer-comparison.ts';
import type { Pauses } from '../worker/pauses.ts';
import type { Reader, ReaderWorkerEvents } from '../worker/reader-worker.ts';
import { type Client, connect } from '../worker/remote-calls.ts';
import type { TrainingEvents, TrainingTask } from '../worker/training-task.ts';

export interface Workers {
  readonly reader: Client<Reader, ReaderWorkerEvents>;
  readonly analysis: Client<
    AnalysisWorker & BeatQueries & BeatPieces & TrainingTask & OptimizerComparison & Pick<Pauses, 'rest'>,
    AnalysisWorkerEvents & BeatQueryEvents & TrainingEvents & ComparisonEvents
  >;
  readonly errors: ErrorEstimates;
  stop(): void;
}

/** The estimation of errors, which can be stopped in the middle of a computation. */
export interface ErrorEstimates {
  /** The errors of a piece's own beats; undefined when it was cancelled. */
  estimate(piece: ErrorRequest, isUsual: Uint8Array): Promise<PieceErrors | undefined>;
  cancel(): void;
}

export function startWorkers(): Workers {
  const start = (): Worker => new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module' });
  const [reading, analysing] = [start(), start()];
  const errors = errorEstimates(start);
  return {
    reader: connect(reading),
    analysis: connect(analysing),
    errors,
    stop() {
      reading.terminate();
      analysing.terminate();
      errors.cancel();
    },
  };
}

/** Starts a worker for the first estimate, and another after one was cancelled. */
function errorEstimates(start: () => Worker): ErrorEstimates {
  let running: { readonly worker: Worker; readonly client: Client<ErrorQueries, object> } | undefined;
  let giveUp = (): void => {};
  return {
    estimate(piece, isUsual) {
      if (running === undefined) {
        const worker = start();
        running = { worker, client: connect(worker) };
      }
      const cancelled = new Promise<undefined>(resolve => {
        giveUp = () => resolve(undefined);
      });
      return Promise.race([running.client.call.estimateErrors(piece, isUsual), cancelled]);
    },
    cancel() {
      running?.worker.terminate();
      running = undefined;
      giveUp();
    },
  };
}
