/** The worker script, of which the page starts an instance each to read, to analyse, and to estimate errors. */
import { createAnalysisState, createAnalysisWorker } from './analysis-worker.ts';
import { createBeatPieces, errorQueries } from './beat-errors.ts';
import { createBeatQueries } from './beat-queries.ts';
import { createOptimizerComparison } from './optimizer-comparison.ts';
import { createPauses } from './pauses.ts';
import { createReaderWorker } from './reader-worker.ts';
import { type Port, serve } from './remote-calls.ts';
import { createTrainingTask } from './training-task.ts';

const port = globalThis as unknown as Port;
const emit = (event: string, data: unknown): void => port.postMessage({ event, data });

const { pause, rest } = createPauses();

const state = createAnalysisState();
serve(port, {
  rest,
  ...createReaderWorker(emit, pause),
  ...createAnalysisWorker(state, emit, pause),
  ...createBeatQueries(state, emit, pause),
  ...createBeatPieces(state),
  ...errorQueries,
  ...createTrainingTask(state, emit, pause),
  ...createOptimizerComparison(state, emit, pause),
});
