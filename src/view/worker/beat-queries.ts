/**
 * Queries of the page about beats: superimposed beats, the explanation of a beat's class, and the effect of modifying a
 * beat.
 */

import {
  type BeatReasons,
  prepareExplanation,
  sampleContributions,
  smallestFeatureChange,
  smallestVoltageChange,
  smoothedContributionsOf,
  smoothedGradientOf,
} from '../../analysis/beat-reasons.ts';
import { explainBeat } from '../../analysis/classify.ts';
import { type MeasuredFeature, withMeasured } from '../../analysis/explanations/natural-units.ts';
import type { LeadBeats } from '../../analysis/lead-beats.ts';
import { describeInputs } from '../../beat/beat-inputs.ts';
import { measureSlopes } from '../../beat/slopes/measure-slopes.ts';
import { tensor } from '../../diff/tensor.ts';
import { noContext } from '../../learn/decision.ts';
import { beatProbabilities, type FeatureInfluence } from '../../learn/explain.ts';
import { type Complex, reshapeBeat, type Shape } from '../explain/reshape-beat.ts';
import { alignBeats } from './aligned-beats.ts';
import type { AnalysisState } from './analysis-worker.ts';

export interface BeatReason {
  readonly classes: readonly string[];
  readonly probabilities: readonly number[];
  readonly target: string;
  readonly features: readonly (FeatureInfluence & { readonly measured?: MeasuredFeature })[];
  /** Features that are not differentiable at this beat. */
  readonly kinks: readonly string[];
  /** Reservations about the classes of the record, or of its piece with the beat, in English. */
  readonly notes: readonly string[];
  /** Voltage of the beat's window, mV, and ∂p/∂V of each sample, 1/mV. */
  readonly voltage: Float64Array;
  readonly gradient: Float64Array;
  /** Index in the record of the window's first sample, and index of the R peak in the window. */
  readonly start: number;
  readonly rIndex: number;
  /** Sampling frequency, Hz. */
  readonly samplingFrequency: number;
  readonly complex: Complex | undefined;
}

/** The parts of the explanation that take longer: contributions of the samples, and counterfactuals. */
export type DeeperReasons = Pick<
  BeatReasons,
  'smoothedGradient' | 'integrated' | 'smoothedContributions' | 'counterfactual'
>;

export interface Reshaped {
  readonly voltage: Float64Array;
  readonly probabilities: readonly number[];
}

export type BeatQueries = ReturnType<typeof createBeatQueries>;

export interface BeatQueryEvents {
  /** The share, 0 to 1, of the last requested deeper reasons that has been computed. */
  readonly reasons: number;
}

export function createBeatQueries(
  state: AnalysisState,
  emit: <K extends keyof BeatQueryEvents>(event: K, data: BeatQueryEvents[K]) => void,
  pause: () => Promise<void>,
) {
  let run = 0;
  return {
    alignBeats: (lead: number, rPeaks: Int32Array, scheme: string) => alignBeats(state, lead, rPeaks, scheme),
    explainAt: (rPeak: number, target?: string) => explainAt(state, rPeak, target),
    /** Undefined also when it was cancelled, or reasons of another beat were requested meanwhile. */
    deeperReasonsAt(rPeak: number, target: string): Promise<DeeperReasons | undefined> {
      const mine = ++run;
      const step = async (share: number): Promise<boolean> => {
        if (mine === run) emit('reasons', share);
        await pause();
        return mine === run;
      };
      return deeperReasonsAt(state, step, rPeak, target);
    },
    cancelReasons(): void {
      run++;
    },
    reshapeAt: (rPeak: number, shape: Shape) => reshapeAt(state, rPeak, shape),
  };
}

/** Explains the class of the beat at a sample; undefined when the beat has no class. */
async function explainAt(
  state: AnalysisState,
  rPeak: number,
  target: string | undefined,
): Promise<BeatReason | undefined> {
  const found = await findBeat(state, rPeak);
  if (found === undefined || state.model === undefined) return undefined;
  const { beats, classified, beat } = found;
  if (classified.classes[beat] === undefined) return undefined;
  const reason = explainBeat(state.model, beats, classified, beat, target);
  const { window } = classified.features;
  return {
    classes: reason.classes,
    probabilities: [...reason.probabilities],
    target: reason.target,
    features: withMeasured(reason.features, classified.features, beats.rPeaks, beat),
    ...{ kinks: reason.kinks, notes: classified.notes },
    voltage: reason.voltage.slice(),
    gradient: reason.voltageGradient.slice(),
    start: beats.start + reason.windowStart,
    rIndex: window.rIndex,
    samplingFrequency: beats.samplingFrequency,
    complex: complexOf(beats, beat, reason.windowStart, window.length),
  };
}

/**
 * Computes the remaining parts of the explanation, which takes about a second; undefined when the beat has no class.
 * `step` serves the queries that arrive meanwhile and tells whether to go on.
 */
async function deeperReasonsAt(
  state: AnalysisState,
  step: (share: number) => Promise<boolean>,
  rPeak: number,
  target: string,
): Promise<DeeperReasons | undefined> {
  const found = await findBeat(state, rPeak);
  if (found === undefined || state.model === undefined) return undefined;
  const { beats, classified, beat } = found;
  if (classified.classes[beat] === undefined) return undefined;
  const asked = prepareExplanation(state.model, beats, classified, beat, target);
  if (!(await step(0.1))) return undefined;
  const integrated = sampleContributions(asked);
  if (!(await step(0.4))) return undefined;
  const features = smallestFeatureChange(asked);
  if (!(await step(0.7))) return undefined;
  const voltage = smallestVoltageChange(asked);
  return {
    smoothedGradient: smoothedGradientOf(asked),
    integrated,
    smoothedContributions: smoothedContributionsOf(asked, integrated),
    counterfactual: { features, voltage },
  };
}

/** Modifies the beat's QRS complex and returns the model's prediction for it. */
async function reshapeAt(state: AnalysisState, rPeak: number, shape: Shape): Promise<Reshaped | undefined> {
  const found = await findBeat(state, rPeak);
  if (found === undefined || state.model === undefined) return undefined;
  const { beats, classified, beat } = found;
  const { features, rhythm, contexts } = classified;
  const start = features.aligned[beat]! - features.window.rIndex;
  const complex = complexOf(beats, beat, start, features.window.length);
  if (complex === undefined) return undefined;
  const voltage = reshapeBeat(beats.voltage.slice(start, start + features.window.length), complex, shape);
  const described = describeInputs(state.model.features, features, rhythm, beat)(tensor(voltage));
  const probabilities = beatProbabilities(state.model, described, contexts?.[beat] ?? noContext);
  return { voltage, probabilities: [...probabilities.data] };
}

/** A classified beat and its piece; undefined where the piece has no classes. */
async function findBeat(state: AnalysisState, rPeak: number) {
  const found = await pieceOfBeat(state, rPeak);
  return found?.classified && { ...found, classified: found.classified };
}

/** The piece that contains a beat; its voltage is read again if it was not kept in memory. */
export async function pieceOfBeat(state: AnalysisState, rPeak: number) {
  for (const piece of state.pieces) {
    const { beats, own } = piece;
    const beat = beats.rPeaks.indexOf(rPeak - beats.start, own[0]);
    if (beat < own[0] || beat >= own[1]) continue;
    if (beats.voltage.length > 0) return { ...piece, beat };
    const end = beats.start + beats.rPeaks.at(-1)! + Math.round(12 * beats.samplingFrequency);
    const { length } = state.recording!.summary;
    const voltage = (await state.recording!.read(beats.start, Math.min(length, end)))[state.lead]!;
    return { ...piece, beats: { ...beats, voltage }, beat };
  }
  return undefined;
}

/** The beat's QRS complex in its window, with the boundaries from which its slopes were measured. */
function complexOf(beats: LeadBeats, beat: number, start: number, length: number): Complex | undefined {
  const around = Math.round(2 * beats.samplingFrequency);
  const from = Math.max(0, beats.rPeaks[beat]! - around);
  const part = beats.voltage.subarray(from, beats.rPeaks[beat]! + around);
  const measured = measureSlopes(part, beats.samplingFrequency, [beats.rPeaks[beat]! - from]).beats[0];
  if (
    measured?.qrsOnset === undefined ||
    measured.qrsOffset === undefined ||
    measured.peakSample === undefined
  ) {
    return undefined;
  }
  const inWindow = (sample: number): number => sample + from - start;
  const complex = {
    onset: inWindow(measured.qrsOnset),
    peak: inWindow(measured.peakSample),
    offset: inWindow(measured.qrsOffset),
    isUpright: measured.polarity === 'upright',
  };
  return complex.onset >= 0 && complex.offset < length ? complex : undefined;
}
