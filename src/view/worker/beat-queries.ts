/** What the page asks about single beats: beats on one another, why a class, and what another shape would change. */

import {
  askBeat,
  type BeatReasons,
  sampleContributions,
  smallestFeatureChange,
  smallestVoltageChange,
  smoothedGradientOf,
} from '../../analysis/beat-reasons.ts';
import { explainBeat } from '../../analysis/classify.ts';
import type { LeadBeats } from '../../analysis/lead-beats.ts';
import { describeBeat } from '../../beat/features/beat-features.ts';
import { measureSlopes } from '../../beat/slopes/measure-slopes.ts';
import { reshape as reshapeTensor } from '../../diff/reshape.ts';
import { differentiator, parseScheme } from '../../diff/scheme.ts';
import { tensor } from '../../diff/tensor.ts';
import { InputError } from '../../input-error.ts';
import type { FeatureInfluence } from '../../learn/explain.ts';
import { classProbabilities } from '../../learn/model/classifier.ts';
import { median, quantile } from '../../statistics.ts';
import { type Complex, reshapeBeat, type Shape } from '../explain/reshape-beat.ts';
import type { AnalysisState, HeldPiece } from './analysis-worker.ts';

/** Lower quartile, median and upper quartile at each sample. */
export interface Bands {
  readonly lower: Float64Array;
  readonly median: Float64Array;
  readonly upper: Float64Array;
}

export interface AlignedBeats {
  readonly voltage: Bands;
  readonly slope: Bands;
  /** Samples before the R peak. */
  readonly before: number;
  readonly samplingFrequency: number;
}

export interface BeatReason {
  readonly classes: readonly string[];
  readonly probabilities: readonly number[];
  readonly target: string;
  readonly features: readonly FeatureInfluence[];
  /** mV, of the beat's window, and ∂p/∂V of each sample, 1/mV. */
  readonly voltage: Float64Array;
  readonly gradient: Float64Array;
  /** Sample of the record that the window starts at, and the R peak in it. */
  readonly start: number;
  readonly rIndex: number;
  /** Hz */
  readonly samplingFrequency: number;
  readonly complex: Complex | undefined;
}

/** What takes longer to know: contributions of the samples, and the smallest changes that give another class. */
export type DeeperReasons = Pick<BeatReasons, 'smoothedGradient' | 'integrated' | 'counterfactual'>;

export interface Reshaped {
  readonly voltage: Float64Array;
  readonly probabilities: readonly number[];
}

/** Around the R peak, s. */
const alignedSeconds = { before: 0.25, after: 0.45 };

export type BeatQueries = ReturnType<typeof createBeatQueries>;

export function createBeatQueries(state: AnalysisState, pause: () => Promise<void>) {
  return {
    /** Beats at the given samples on one another, each less its median; dV/dt by `scheme`. */
    async alignBeats(lead: number, rPeaks: Int32Array, scheme: string): Promise<AlignedBeats> {
      const recording = state.recording;
      if (recording === undefined) throw new InputError('no recording is open');
      const { samplingFrequency, length } = recording.summary;
      const before = Math.round(alignedSeconds.before * samplingFrequency);
      const size = before + Math.round(alignedSeconds.after * samplingFrequency) + 1;
      const voltages: Float64Array[] = [];
      const slopes: Float64Array[] = [];
      const derivative = differentiator(parseScheme(scheme), size, samplingFrequency);
      for (const rPeak of rPeaks) {
        const from = rPeak - before;
        if (from < 0 || from + size > length) continue;
        const held = state.pieces.find(piece => lead === state.lead && holds(piece, from, from + size));
        const voltage = held
          ? held.beats.voltage.subarray(from - held.beats.start, from - held.beats.start + size)
          : (await recording.read(from, from + size))[lead]!;
        const level = median(voltage.filter(Number.isFinite));
        voltages.push(voltage.map(value => value - level));
        slopes.push(derivative.apply(Float64Array.from(voltage)));
      }
      return { voltage: bandsOf(voltages, size), slope: bandsOf(slopes, size), before, samplingFrequency };
    },

    /** Why the beat at a sample has its class; undefined where it has none. */
    async explainAt(rPeak: number, target?: string): Promise<BeatReason | undefined> {
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
        features: reason.features,
        voltage: reason.voltage.slice(),
        gradient: reason.voltageGradient.slice(),
        start: beats.start + reason.windowStart,
        rIndex: window.rIndex,
        samplingFrequency: beats.samplingFrequency,
        complex: complexOf(beats, beat, reason.windowStart, window.length),
      };
    },

    /**
     * The rest of why, which takes about a second; undefined where the beat has no class. Between its parts, questions
     * that have come in are answered.
     */
    async deeperReasonsAt(rPeak: number, target: string): Promise<DeeperReasons | undefined> {
      const found = await findBeat(state, rPeak);
      if (found === undefined || state.model === undefined) return undefined;
      const { beats, classified, beat } = found;
      if (classified.classes[beat] === undefined) return undefined;
      const asked = askBeat(state.model, beats, classified, beat, target);
      await pause();
      const integrated = sampleContributions(asked);
      await pause();
      const features = smallestFeatureChange(asked);
      await pause();
      const voltage = smallestVoltageChange(asked);
      return {
        smoothedGradient: smoothedGradientOf(asked),
        integrated,
        counterfactual: { features, voltage },
      };
    },

    /** The same beat with another upstroke, and what the model says of it. */
    async reshapeAt(rPeak: number, shape: Shape): Promise<Reshaped | undefined> {
      const found = await findBeat(state, rPeak);
      if (found === undefined || state.model === undefined) return undefined;
      const { beats, classified, beat } = found;
      const { features } = classified;
      const start = features.aligned[beat]! - features.window.rIndex;
      const complex = complexOf(beats, beat, start, features.window.length);
      if (complex === undefined) return undefined;
      const voltage = reshapeBeat(beats.voltage.slice(start, start + features.window.length), complex, shape);
      const described = describeBeat(features, beat)(tensor(voltage));
      const probabilities = classProbabilities(
        state.model,
        reshapeTensor(described, [1, described.data.length]),
      );
      return { voltage, probabilities: [...probabilities.data] };
    },
  };
}

const holds = ({ beats }: HeldPiece, from: number, to: number): boolean =>
  from >= beats.start && to <= beats.start + beats.voltage.length;

/** The piece that measured a beat, its voltage read again where it was let go. */
async function findBeat(state: AnalysisState, rPeak: number) {
  for (const { beats, own, classified } of state.pieces) {
    const beat = beats.rPeaks.indexOf(rPeak - beats.start, own[0]);
    if (beat < own[0] || beat >= own[1]) continue;
    if (classified === undefined) return undefined;
    if (beats.voltage.length > 0) return { beats, classified, beat };
    const end = beats.start + beats.rPeaks.at(-1)! + Math.round(12 * beats.samplingFrequency);
    const { length } = state.recording!.summary;
    const voltage = (await state.recording!.read(beats.start, Math.min(length, end)))[state.lead]!;
    return { beats: { ...beats, voltage }, classified, beat };
  }
  return undefined;
}

/** The beat's QRS complex in its window, as its slopes are measured. */
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

function bandsOf(rows: readonly Float64Array[], size: number): Bands {
  const [lower, median, upper] = [0, 1, 2].map(() => new Float64Array(size).fill(Number.NaN)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let k = 0; k < size; k++) {
    const values = rows.map(row => row[k]!).filter(Number.isFinite);
    [lower[k], median[k], upper[k]] = [quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75)];
  }
  return { lower, median, upper };
}
