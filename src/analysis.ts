/**
 * `upstroke/analysis`: from a recording to beats, classes and the gradient of a class probability in the voltage. Pure: it runs in Node, in the browser and in a Web Worker.
 *
 * For research use only, not for diagnosis.
 */

export { type BeatReasons, beatReasons } from './analysis/beat-reasons.ts';
export {
  type BeatExplanation,
  type ClassifiedBeats,
  classifyBeats,
  explainBeat,
} from './analysis/classify.ts';
export { readBeatDataset } from './analysis/dataset.ts';
export {
  type BeatsFrom,
  type LeadBeats,
  type LeadBeatsOptions,
  readLeadBeats,
} from './analysis/lead-beats.ts';
export {
  type OpenAnnotations,
  type OpenOptions,
  type OpenRecording,
  openRecording,
  type SignalDescription,
  type TimeWindow,
} from './analysis/open-recording.ts';
export { type RPeakGradient, rPeakGradient } from './analysis/r-peak-gradient.ts';
export { beatRecipe, type ModelKind } from './analysis/recipe.ts';
export { resampleAnnotations, resampleRecording } from './analysis/resample-recording.ts';
export {
  type ClinicalColumn,
  type ClinicalTable,
  type ClinicalTableOptions,
  parseClinicalTable,
} from './analysis/risk/clinical-table.ts';
export { type Validation, type ValidationOptions, validateRisk } from './analysis/risk/nested-validation.ts';
export {
  explainRisk,
  type PartialDerivative,
  type PatientRisk,
  type PatientRiskOptions,
} from './analysis/risk/patient-risk.ts';
export { fitRisk, type RiskModel, type RiskModelKind, riskOf } from './analysis/risk/risk-model.ts';
export { type Covariate, type RiskTask, type RiskTaskOptions, riskTask } from './analysis/risk/risk-task.ts';
export { readSlopeDataset, slopeFeatures } from './analysis/slope-dataset.ts';
export { type TypicalBeatGradient, typicalBeatGradient } from './analysis/typical-beat-gradient.ts';
