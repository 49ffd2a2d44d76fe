/** `upstroke/node`: what needs a machine: records, models and reports on disk. */
export {
  type BeatExplanation,
  type ClassifiedBeats,
  classifyBeats,
  explainBeat,
} from './node/beat-classification.ts';
export { readBeatDataset } from './node/beat-dataset.ts';
export { fileSource, folderSink, wfdbPath } from './node/files.ts';
export {
  type InterruptibleOptions,
  type StartTraining,
  trainInterruptibly,
} from './node/interruptible-training.ts';
export { type BeatsFrom, type LeadBeats, type LeadBeatsOptions, readLeadBeats } from './node/lead-beats.ts';
export { readModel, writeModel } from './node/model-file.ts';
export { type NpyBatchOptions, npyBatches } from './node/npy-rows.ts';
export { type RecordReportParts, recordReport } from './node/record-report.ts';
export { searchPathSource } from './node/search-path.ts';
