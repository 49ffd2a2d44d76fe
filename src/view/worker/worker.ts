/** The worker script, of which the page starts two instances: one reads, the other analyses. */
import { createAnalysisState, createAnalysisWorker } from './analysis-worker.ts';
import { createBeatQueries } from './beat-queries.ts';
import { createOptimizerComparison } from './optimizer-comparison.ts';
import { createReaderWorker } from './reader-worker.ts';
import { type Port, serve } from './remote-calls.ts';
import { createTrainingTask } from './training-task.ts';

const port = globalThis as unknown as Port;
const emit = (event: string, data: unknown): void => port.postMessage({ event, data });

/** A macrotask, so that waiting messages are served first. */
const pause = (): Promise<void> => new Promise(resolve => setTimeout(resolve));

const state = createAnalysisState();
serve(port, {
  ...createReaderWorker(emit, pause),
  ...createAnalysisWorker(state, emit, pause),
  ...createBeatQueries(state, pause),
  ...createTrainingTask(state, emit, pause),
  ...createOptimizerComparison(state, emit, pause),
});
