/**
 * `upstroke/beat`: what is measured on an ECG: detection, delineation, slopes, features, quality, rhythm, and scoring against reference annotations.
 *
 * For research use only, not for diagnosis.
 */
export { delineateWithAtrialEvents, type LeadsDelineation } from './beat/delineate/atrial-events.ts';
export { type DelineatedBeat, delineate } from './beat/delineate/delineate.ts';
export { delineateLeads } from './beat/delineate/delineate-leads.ts';
export { type QrsBounds, qrsBounds } from './beat/delineate/qrs-bounds.ts';
export type { QrsWave, QrsWaves } from './beat/delineate/qrs-waves.ts';
export type { DelineatedWave } from './beat/delineate/wave-borders.ts';
export { detectQrs, detectQrsMultiLead } from './beat/detect/detect-qrs.ts';
export { createDetector, type Detector } from './beat/detect/streaming-detector.ts';
export {
  type BeatFeatures,
  beatFeatureNames,
  beatFeatures,
  describeBeat,
  windowOf,
} from './beat/features/beat-features.ts';
export type { BeatWindow } from './beat/features/beat-window.ts';
export type { TypicalBeat } from './beat/features/descriptors.ts';
export {
  type Artefact,
  type ArtefactKind,
  type CorrectedIntervals,
  correctIntervals,
} from './beat/hrv/artefact-correction.ts';
export type { FrequencyDomain } from './beat/hrv/frequency-domain.ts';
export {
  type HeartRateVariability,
  heartRateVariability,
  slidingVariability,
  type WindowVariability,
} from './beat/hrv/heart-rate-variability.ts';
export { sampleEntropy, scalingExponent } from './beat/hrv/nonlinear.ts';
export {
  type Exclusion,
  type NnLimits,
  nnLimits,
  type RrInterval,
  rrIntervals,
} from './beat/hrv/rr-intervals.ts';
export type { StSegment, WaveAmplitudes } from './beat/intervals/amplitudes.ts';
export type { BeatIntervals, WaveBorders } from './beat/intervals/beat-intervals.ts';
export type { FrontalAxes } from './beat/intervals/frontal-axis.ts';
export {
  type BeatWaves,
  type IntervalMeasurement,
  type LeadWaves,
  type MeasuredWaves,
  type MedianWaves,
  measureIntervals,
  type NamedLead,
} from './beat/intervals/measure-intervals.ts';
export { type CorrectedQt, correctQt, qtFormulas } from './beat/intervals/qt-correction.ts';
export type { QtVariability } from './beat/intervals/qt-variability.ts';
export { type MedianBeat, medianBeat } from './beat/median-beat.ts';
export { findPacingSpikes, type PacingSpike, removePacingSpikes } from './beat/pacing/pacing.ts';
export {
  type BeatQuality,
  type LeadQuality,
  measureQuality,
  type QualityFlag,
  type SignalQuality,
  type WindowQuality,
} from './beat/quality/quality.ts';
export { findSpansWithoutQrs, type SpanWithoutQrs } from './beat/quality/without-qrs.ts';
export type { RespiratoryQuantity } from './beat/respiration/beat-series.ts';
export {
  measureRespiration,
  type NoRespiratoryRate,
  type Respiration,
  type RespirationOptions,
  type RespirationWindow,
  type SeriesRate,
} from './beat/respiration/measure-respiration.ts';
export type { SampleSpan } from './beat/sample-span.ts';
export { type BeatClass, beatClass, beatClasses, type ClassMap } from './beat/score/beat-classes.ts';
export {
  type ClassStatistics,
  classStatistics,
  type DetectionStatistics,
  detectionStatistics,
  intervalErrorsMs,
  sumCounts,
  timeErrorsMs,
} from './beat/score/beat-statistics.ts';
export {
  type BeatComparison,
  type ComparisonOptions,
  compareBeats,
  type LabelledSample,
  type PairLabel,
  pairLabels,
} from './beat/score/compare-beats.ts';
export { withStressNoise } from './beat/score/noise-stress.ts';
export {
  type LeadSlope,
  type MultiLeadBeat,
  relativeToRecord,
  summarizeLeads,
} from './beat/slopes/lead-summary.ts';
export type { LineSlope } from './beat/slopes/line-slope.ts';
export {
  type Band,
  type BeatSlopes,
  measureSlopes,
  type SlopeMeasurement,
  type SlopeOptions,
  type SlopeProvenance,
  type Stroke,
} from './beat/slopes/measure-slopes.ts';
export { measureQrsIndices, type QrsIndices, type QrsIndicesMeasurement } from './beat/slopes/qrs-indices.ts';
export { type RelativeChange, relativeChange, type TimeRange } from './beat/slopes/relative-change.ts';
export { type SlopeSummary, type Spread, summarizeSlopes } from './beat/slopes/slope-summary.ts';
export { type LeadSlopes, type SlopeTableOptions, slopeRows, slopesCsv } from './beat/slopes/slope-table.ts';
export type { IntervalQuantity } from './beat/uncertainty/interval-quantities.ts';
export {
  type BeatWaveUncertainty,
  type IntervalUncertainty,
  measureIntervalUncertainty,
  type WaveUncertainty,
} from './beat/uncertainty/interval-uncertainty.ts';
export { estimateNoise, type NoiseModel } from './beat/uncertainty/noise-model.ts';
export type { Uncertainty } from './beat/uncertainty/noisy-copies.ts';
export {
  type BeatUncertainty,
  measureUncertainty,
  type UncertaintyMeasurement,
} from './beat/uncertainty/slope-uncertainty.ts';
export type { UncertainQuantity } from './beat/uncertainty/uncertain-quantities.ts';
