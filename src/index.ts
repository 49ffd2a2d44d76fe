/**
 * upstroke: what each room offers. Reading from disk is in `upstroke/node`.
 *
 * For research use only, not for diagnosis.
 */

export type { BeatWindow } from './beat/beat-window.ts';
// beat: what a cardiologist would measure
export {
  type BeatComparison,
  type ComparisonOptions,
  compareBeats,
  type Interval,
  type LabelledSample,
  type PairLabel,
  pairLabels,
} from './beat/compare.ts';
export { type BeatClass, beatClass, beatClasses, type ClassMap } from './beat/compare-classes.ts';
export {
  type ClassStatistics,
  classStatistics,
  type DetectionStatistics,
  detectionStatistics,
  intervalErrorsMs,
  sumCounts,
  timeErrorsMs,
} from './beat/compare-statistics.ts';
export { type DelineatedBeat, type DelineatedWave, delineate } from './beat/delineate.ts';
export { delineateLeads } from './beat/delineate-leads.ts';
export type { TypicalBeat } from './beat/descriptors.ts';
export { detectQrs, detectQrsMultiLead } from './beat/detect.ts';
export {
  type BeatFeatures,
  beatFeatureNames,
  beatFeatures,
  describeBeat,
  windowOf,
} from './beat/features.ts';
export { type LeadSlope, type MultiLeadBeat, relativeToRecord, summarizeLeads } from './beat/lead-summary.ts';
export type { LineSlope } from './beat/line-slope.ts';
export { type MedianBeat, medianBeat } from './beat/median-beat.ts';
export { withStressNoise } from './beat/noise-stress.ts';
export { type QrsBounds, qrsBounds } from './beat/qrs-bounds.ts';
export { measureQrsIndices, type QrsIndices, type QrsIndicesMeasurement } from './beat/qrs-indices.ts';
export {
  type BeatQuality,
  type LeadQuality,
  measureQuality,
  type QualityFlag,
  type SignalQuality,
  type WindowQuality,
} from './beat/quality.ts';
export {
  type FrequencyDomain,
  type HeartRateVariability,
  heartRateVariability,
  type RrInterval,
  rrIntervals,
  type Unreadable,
} from './beat/rhythm.ts';
export { type SlopeSummary, type Spread, summarizeSlopes } from './beat/slope-summary.ts';
export { type LeadSlopes, type SlopeTableOptions, slopeRows, slopesCsv } from './beat/slope-table.ts';
export {
  type Band,
  type BeatSlopes,
  measureSlopes,
  type SlopeMeasurement,
  type SlopeOptions,
  type SlopeProvenance,
  type Stroke,
} from './beat/slopes.ts';
export { createDetector, type Detector } from './beat/stream.ts';
// diff: the derivative core
export { add, div, mul, neg, type Operand, sub } from './diff/arithmetic.ts';
export { concat, gather, reshape, scatterAdd, slice, transpose } from './diff/arrangement.ts';
export { broadcastTo, sumTo } from './diff/broadcast.ts';
export { adjointCheck, type GradientCheck, gradientCheck } from './diff/check.ts';
export { compile, createProgram, type Precision, type Program, type ProgramOptions } from './diff/compile.ts';
export { type ConvolutionOptions, conv1d } from './diff/convolution.ts';
export {
  abs,
  clip,
  exp,
  log,
  pow,
  relu,
  sigmoid,
  sign,
  softplus,
  sqrt,
  step,
  stopGradient,
  tanh,
  where,
} from './diff/elementwise.ts';
export { fftDerivative } from './diff/fft-derivative.ts';
export { fornbergWeights } from './diff/fornberg.ts';
export {
  grad,
  hessianVectorProduct,
  jacobian,
  jvp,
  type Pullback,
  type ValueAndGrad,
  valueAndGrad,
  vjp,
} from './diff/grad.ts';
export {
  focalLoss,
  sigmoidCrossEntropy,
  sigmoidFocalLoss,
  softmaxCrossEntropy,
  squaredPenalty,
  weightedMean,
} from './diff/loss.ts';
export type { LinearOperator } from './diff/operator.ts';
export { averagePool, maxPool, type PoolingOptions } from './diff/pooling.ts';
export { linear, type MatmulParams, matmul } from './diff/product.ts';
export { logSoftmax, logSumExp, max, mean, min, type ReduceOptions, softmax, sum } from './diff/reduction.ts';
export { dropout, dropoutMask, layerNorm } from './diff/regularize.ts';
export { type SavitzkyGolayOptions, savitzkyGolay, savitzkyGolayWeights } from './diff/savitzky-golay.ts';
export { cumulativeSum } from './diff/scan.ts';
export { describeScheme, differentiator, parseScheme, type Scheme } from './diff/scheme.ts';
export { softArgmax, softMaximum } from './diff/smooth.ts';
export {
  finiteDifference,
  panTompkinsDerivative,
  type Stencil,
  stencilOperator,
  twoPointDifference,
} from './diff/stencils.ts';
export {
  type Floats,
  type FloatTensor,
  full,
  item,
  type Shape,
  type Tensor,
  type TensorLike,
  tensor,
} from './diff/tensor.ts';
// learn: gradient descent
export { type Arrays, type Checkpoint, formatCheckpoint, parseCheckpoint } from './learn/checkpoint.ts';
export {
  type Classifier,
  classProbabilities,
  type FeatureName,
  predictedClasses,
  type Standardization,
  type TrainingProvenance,
} from './learn/classifier.ts';
export {
  type Curvature,
  type CurvatureOptions,
  describeCurvature,
  largestCurvature,
} from './learn/curvature.ts';
export { diagnose, type GradientCourse, type Verdict } from './learn/diagnosis.ts';
export { type Evaluation, evaluateClassifier, type RecordEvaluation } from './learn/evaluation.ts';
export { type Explanation, explain, type FeatureInfluence } from './learn/explain.ts';
export {
  createConvolutions,
  type Front,
  type Pool,
  type Stage,
  type StageActivation,
  type StageOptions,
} from './learn/front.ts';
export {
  inspectNetwork,
  type LayerHealth,
  type NetworkHealth,
  type ParameterHealth,
} from './learn/health.ts';
export { type LbfgsOptions, type Minimum, minimize, type Objective } from './learn/lbfgs.ts';
export {
  accuracy,
  type ClassMetrics,
  type Confusion,
  classMetrics,
  cohensKappa,
  confusionMatrix,
} from './learn/metrics.ts';
export {
  type Activation,
  createFrontedNetwork,
  createNetwork,
  type Layer,
  type Network,
} from './learn/network.ts';
export { formatOnnx } from './learn/onnx.ts';
export {
  type OptimizerConstants,
  type OptimizerName,
  type OptimizerState,
  optimizerNames,
  optimizerStep,
  startOptimizer,
} from './learn/optimizers.ts';
export { formatModel, ModelError, parseModel } from './learn/persist.ts';
export {
  type AamiClass,
  aamiClass,
  aamiClasses,
  ds1,
  ds2,
  groupFolds,
  withoutTestPatients,
} from './learn/protocol.ts';
export { learningRateRange, type RangeTest, type RangeTestOptions, type Step } from './learn/range-test.ts';
export { beatRecipe, type ModelKind } from './learn/recipe.ts';
export type { RowsToLookAt } from './learn/rows.ts';
export { type Schedule, scheduleFactor } from './learn/schedules.ts';
export { createStencilBank, type StencilBankOptions } from './learn/stencil-bank.ts';
export {
  type Batch,
  type StreamedDataset,
  type StreamedTraining,
  type StreamOptions,
  startStreamedTraining,
  streamedStandardization,
  trainStreamed,
} from './learn/stream.ts';
export {
  type Dataset,
  groupBalancedWeights,
  inverseFrequencyWeights,
  startTraining,
  type Training,
  type TrainingResult,
  type TrainOptions,
  train,
} from './learn/train.ts';
export { createRandom, type Random } from './random.ts';
// signal: filters and spectra; the linear ones are operators with adjoints
export { baselineWander } from './signal/baseline.ts';
export { butterworth, notch, type Section } from './signal/butterworth.ts';
export { causal, mainsNotch, type Passband, zeroPhase, zeroPhaseBand } from './signal/filter.ts';
export { lombScargle, type Spectrum } from './signal/lomb-scargle.ts';
export { resampler } from './signal/resample.ts';
export { powerSpectrum } from './signal/spectrum.ts';
export type { BeatDials } from './synth/draw.ts';
// synth: ECG with known truth
export {
  type CycleEvent,
  type DynamicalEcg,
  type DynamicalOptions,
  integrateDynamicalModel,
} from './synth/dynamical.ts';
export { type DerivativeOrder, type GaussianWave, gaussianSum } from './synth/gaussian.ts';
export { type Lead, standardLead, twelveLeads, type Vector } from './synth/leads.ts';
export type { DipoleWave, Morphology } from './synth/morphology.ts';
export { levelsForSnr, type NoiseLevels, withNoise } from './synth/noise.ts';
export { recordPatient, type SyntheticPatient, syntheticPatient } from './synth/patient.ts';
export type { BeatSymbol, PrematureBeats } from './synth/rhythm.ts';
export {
  type SynthesisOptions,
  type SyntheticBeat,
  type SyntheticEcg,
  type SyntheticLead,
  synthesize,
} from './synth/synthesize.ts';
export type { HeartRate } from './synth/tachogram.ts';
export type { LeadTruth, Point, SteepestPoint, WaveTruth } from './synth/truth.ts';
export { type Digitisation, truthCsv, writeSyntheticRecord } from './synth/wfdb.ts';
// view: the report page, from plain data
export { type ReportBundle, renderPage } from './view/page.ts';
export {
  type ExplainedFeature,
  type MeasuredSlope,
  type ReportBeat,
  type ReportConfusion,
  type ReportData,
  type ReportExplanation,
  type ReportInput,
  type ReportLead,
  type ReportTraining,
  reportData,
} from './view/report.ts';
export type { EncodedSamples } from './view/samples.ts';
export type { AnnotationDefinition } from './wfdb/annotation-notes.ts';
// wfdb: bytes <-> records
export {
  type Annotation,
  type AnnotationFile,
  type AnnotationOptions,
  decodeAnnotations,
  type EncodeOptions,
  encodeAnnotations,
  readAnnotationFile,
  readAnnotations,
  writeAnnotations,
} from './wfdb/annotations.ts';
export { blobSource } from './wfdb/blob.ts';
export { type ChunkOptions, recordChunks } from './wfdb/chunks.ts';
export { type CsvOptions, parseCsv, readCsv } from './wfdb/csv.ts';
export { formatAnnotationsCsv, formatCsv, parseAnnotationsCsv } from './wfdb/csv-write.ts';
export type { PhysicalSignalToWrite } from './wfdb/digitise.ts';
export { type EdfReadOptions, readEdf, readEdfHeader } from './wfdb/edf.ts';
export { type EdfAnnotation, edfToAnnotations, readEdfAnnotations } from './wfdb/edf-annotations.ts';
export type { EdfHeader, EdfSignal } from './wfdb/edf-header.ts';
export { WfdbError, type WfdbErrorCode, type WfdbErrorDetail } from './wfdb/errors.ts';
export {
  type Header,
  parseHeader,
  readHeader,
  type SegmentHeader,
  type SignalHeader,
} from './wfdb/header.ts';
export { type HttpOptions, httpSource } from './wfdb/http.ts';
export type { HttpPatience } from './wfdb/http-range.ts';
export { parseRdann } from './wfdb/rdann.ts';
export { type ReadOptions, type Recording, readRecord, type Signal } from './wfdb/record.ts';
export { memorySink, memorySource, type Sink, type Source } from './wfdb/source.ts';
export { isBeat } from './wfdb/symbols.ts';
export { type RecordToWrite, type SignalToWrite, type WriteOptions, writeRecord } from './wfdb/write.ts';
