/**
 * `upstroke/node`: what needs a disk or a network: search path, folders, models and downloads.
 *
 * For research use only, not for diagnosis.
 */
export { fileSource, wfdbPath } from './node/files.ts';
export { folderSink } from './node/folder-sink.ts';
export { type GradientThreads, startGradientWorkers } from './node/gradient-workers/gradient-workers.ts';
export { GradientWorkerError } from './node/gradient-workers/worker-error.ts';
export {
  type InterruptibleOptions,
  type StartTraining,
  trainInterruptibly,
} from './node/interruptible-training.ts';
export { readModel, writeModel } from './node/model-file.ts';
export { type NpyBatchOptions, npyBatches } from './node/npy-rows.ts';
export { readReportBundle } from './node/report-bundle.ts';
export { samplesFolder } from './node/samples-folder.ts';
export { searchPathSource } from './node/search-path.ts';
