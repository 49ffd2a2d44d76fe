/**
 * `upstroke/learn`: classifiers trained by gradient descent: models, training, its diagnosis, metrics and explanation.
 *
 * For research use only, not for diagnosis.
 */
export {
  type Curvature,
  type CurvatureOptions,
  describeCurvature,
  largestCurvature,
} from './learn/diagnose/curvature.ts';
export {
  inspectNetwork,
  type LayerHealth,
  type NetworkHealth,
  type ParameterHealth,
} from './learn/diagnose/network-health.ts';
export {
  learningRateRange,
  type RangeTest,
  type RangeTestOptions,
  type Step,
} from './learn/diagnose/range-test.ts';
export { type ChartOptions, rateChart } from './learn/diagnose/rate-chart.ts';
export { logRates, type RateRun, sweepLearningRates } from './learn/diagnose/rate-sweep.ts';
export {
  diagnose,
  type GradientNorms,
  type TrainingEvidence,
  type Verdict,
  type VerdictKind,
} from './learn/diagnose/verdict.ts';
export { type Evaluation, evaluateClassifier, type RecordEvaluation } from './learn/evaluation.ts';
export { type Explanation, explain, type FeatureInfluence } from './learn/explain.ts';
export {
  accuracy,
  type ClassMetrics,
  type Confusion,
  classMetrics,
  cohensKappa,
  confusionMatrix,
} from './learn/metrics.ts';
export {
  type Classifier,
  classProbabilities,
  type FeatureName,
  predictedClasses,
  type Standardization,
  type TrainingProvenance,
} from './learn/model/classifier.ts';
export {
  type ConvolutionalFrontEnd,
  createConvolutions,
  type Pool,
  type Stage,
  type StageActivation,
  type StageOptions,
} from './learn/model/convolutional-layers.ts';
export { formatModel, ModelError, parseModel } from './learn/model/model-json.ts';
export {
  type Activation,
  type CustomLayers,
  createConvolutionalNetwork,
  createCustomNetwork,
  createNetwork,
  type Layer,
  logits,
  type Network,
  parametersOf,
  withParameters,
} from './learn/model/network.ts';
export { formatOnnx } from './learn/model/onnx.ts';
export { createStencilBank, type StencilBankOptions } from './learn/model/stencil-bank.ts';
export { isSamePatient, patientOf, withoutTestPatients } from './learn/patients.ts';
export {
  type AamiClass,
  aamiClass,
  aamiClasses,
  ds1,
  ds2,
  groupFolds,
  recordSet,
} from './learn/protocol.ts';
export { type RecordName, recordName, recordNames, recordText } from './learn/record-name.ts';
export { type Arrays, type Checkpoint, formatCheckpoint, parseCheckpoint } from './learn/train/checkpoint.ts';
export { type LbfgsOptions, type Minimum, minimize, type Objective } from './learn/train/lbfgs.ts';
export type { RowLoss } from './learn/train/losses.ts';
export {
  type OptimizerConstants,
  type OptimizerName,
  type OptimizerState,
  optimizerNames,
  optimizerStep,
  startOptimizer,
} from './learn/train/optimizers.ts';
export {
  predict,
  type RegressionDataset,
  type RegressionOptions,
  type Regressor,
  startRegression,
  trainRegression,
} from './learn/train/regression.ts';
export { type Schedule, scheduleFactor } from './learn/train/schedules.ts';
export type { GradientTask, GradientWorkers, SharedGradient } from './learn/train/sharded-gradient.ts';
export {
  type Batch,
  type StreamedDataset,
  type StreamedTraining,
  type StreamOptions,
  startStreamedTraining,
  streamedStandardization,
  trainStreamed,
} from './learn/train/streamed-training.ts';
export {
  type Dataset,
  groupBalancedWeights,
  inverseFrequencyWeights,
  startTraining,
  type Training,
  type TrainingResult,
  type TrainOptions,
  train,
} from './learn/train/train.ts';
export type { InspectedRows } from './learn/train/training-rows.ts';
