/**
 * upstroke: the names on the path from a recording to the reason for a class: read, detect, measure, differentiate,
 * train, classify, explain. Each module offers more under its own entry point: `upstroke/wfdb`, `upstroke/diff`,
 * `upstroke/signal`, `upstroke/beat`, `upstroke/learn`, `upstroke/synth`, `upstroke/analysis`, `upstroke/report`, and
 * `upstroke/node` for disk and network.
 *
 * For research use only, not for diagnosis.
 */
export { type ClassifiedBeats, classifyBeats, explainBeat } from './analysis/classify.ts';
export { readBeatDataset } from './analysis/dataset.ts';
export { type LeadBeats, readLeadBeats } from './analysis/lead-beats.ts';
export { delineate } from './beat/delineate/delineate.ts';
export { detectQrs, detectQrsMultiLead } from './beat/detect/detect-qrs.ts';
export { heartRateVariability } from './beat/hrv/heart-rate-variability.ts';
export { rrIntervals } from './beat/hrv/rr-intervals.ts';
export { measureQuality } from './beat/quality/quality.ts';
export { measureSlopes, type SlopeMeasurement } from './beat/slopes/measure-slopes.ts';
export { grad, valueAndGrad } from './diff/grad.ts';
export type { LinearOperator } from './diff/operator.ts';
export { linear } from './diff/product.ts';
export { max, sum } from './diff/reduction.ts';
export { differentiator } from './diff/scheme.ts';
export { type Tensor, tensor } from './diff/tensor.ts';
export { InputError } from './input-error.ts';
export { evaluateClassifier } from './learn/evaluation.ts';
export type { Classifier } from './learn/model/classifier.ts';
export { formatModel, parseModel } from './learn/model/model-json.ts';
export { type Dataset, train } from './learn/train/train.ts';
export { readAnnotations } from './wfdb/annotations/annotation-file.ts';
export { WfdbError } from './wfdb/errors.ts';
export { type Recording, readRecord } from './wfdb/record.ts';
