/** `upstroke/node`: what needs a machine: records, models and reports on disk. */
export { classifyBeats, explainBeat } from './node/beat-classification.ts';
export { readBeatDataset } from './node/beat-dataset.ts';
export { fileSource, folderSink, wfdbPath } from './node/files.ts';
export { trainInterruptibly } from './node/interruptible-training.ts';
export { type BeatsFrom, type LeadBeats, readLeadBeats } from './node/lead-beats.ts';
export { readModel, writeModel } from './node/model-file.ts';
export { npyBatches } from './node/npy-rows.ts';
export { recordReport } from './node/record-report.ts';
export { searchPathSource } from './node/search-path.ts';
