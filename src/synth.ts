/**
 * `upstroke/synth`: synthetic ECG with exactly known truth.
 *
 * For research use only, not for diagnosis.
 */
export type { BeatParameters } from './synth/beat-waves.ts';
export {
  type CycleEvent,
  type DynamicalEcg,
  type DynamicalOptions,
  integrateDynamicalModel,
} from './synth/dynamical.ts';
export { type DerivativeOrder, type GaussianWave, gaussianSum } from './synth/gaussian.ts';
export type { LeadTruth, Point, SteepestPoint, WaveTruth } from './synth/ground-truth.ts';
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
export { type Digitisation, truthCsv, writeSyntheticRecord } from './synth/wfdb-record.ts';
