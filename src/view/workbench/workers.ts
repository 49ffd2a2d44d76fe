/** The two workers of an open recording: one reads samples for display, one analyses in the background. */
import type { AnalysisWorker, AnalysisWorkerEvents } from '../worker/analysis-worker.ts';
import type { BeatErrorQueries } from '../worker/beat-errors.ts';
import type { BeatQueries } from '../worker/beat-queries.ts';
import type { ComparisonEvents, OptimizerComparison } from '../worker/optimizer-comparison.ts';
import type { Pauses } from '../worker/pauses.ts';
import type { Reader, ReaderWorkerEvents } from '../worker/reader-worker.ts';
import { type Client, connect } from '../worker/remote-calls.ts';
import type { TrainingEvents, TrainingTask } from '../worker/training-task.ts';

export interface Workers {
  readonly reader: Client<Reader, ReaderWorkerEvents>;
  readonly analysis: Client<
    AnalysisWorker &
      BeatQueries &
      BeatErrorQueries &
      TrainingTask &
      OptimizerComparison &
      Pick<Pauses, 'rest'>,
    AnalysisWorkerEvents & TrainingEvents & ComparisonEvents
  >;
  stop(): void;
}

export function startWorkers(): Workers {
  const start = (): Worker => new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module' });
  const [reading, analysing] = [start(), start()];
  return {
    reader: connect(reading),
    analysis: connect(analysing),
    stop() {
      reading.terminate();
      analysing.terminate();
    },
  };
}
