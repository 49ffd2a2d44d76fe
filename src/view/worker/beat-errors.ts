/** Standard errors of the measurements of the beats of a piece. */
import { measureSlopes } from '../../beat/slopes/measure-slopes.ts';
import { type BeatUncertainty, measureUncertainty } from '../../beat/uncertainty/slope-uncertainty.ts';
import { parseScheme } from '../../diff/scheme.ts';
import type { BeatErrors, BeatQuantity } from '../beats/beat-columns.ts';
import type { AnalysisState } from './analysis-worker.ts';
import { pieceOfBeat } from './beat-queries.ts';

/** The errors of consecutive beats. */
export interface PieceErrors {
  /** Index in the record of the first beat. */
  readonly first: number;
  readonly errors: BeatErrors;
}

/** A piece of a lead with its beats, of which those from `own[0]` to `own[1]` are its own. */
export interface ErrorRequest {
  readonly voltage: Float64Array;
  /** Hz */
  readonly samplingFrequency: number;
  /** Sample indices in `voltage`. */
  readonly rPeaks: Int32Array;
  readonly own: readonly [from: number, to: number];
  /** Index in the record of the first of its own beats. */
  readonly first: number;
  /** As `parseScheme` reads it; undefined for the default scheme. */
  readonly scheme: string | undefined;
}

export type BeatPieces = ReturnType<typeof createBeatPieces>;

/** The query by which the page gets what `estimateErrors` needs; the analysis worker answers it. */
export const createBeatPieces = (state: AnalysisState) => ({
  /** The piece that contains the beat at a sample, as copies; undefined without such a beat. */
  async pieceAt(rPeak: number): Promise<ErrorRequest | undefined> {
    const found = await pieceOfBeat(state, rPeak);
    if (found === undefined) return undefined;
    const { beats, own, first } = found;
    const { voltage, samplingFrequency, rPeaks } = beats;
    return {
      ...{ voltage: voltage.slice(), rPeaks: Int32Array.from(rPeaks) },
      ...{ samplingFrequency, own, first, scheme: state.scheme },
    };
  },
});

export const errorQueries = { estimateErrors };
export type ErrorQueries = typeof errorQueries;

/** The uncertainty of a beat that belongs to a quantity of the table. */
const sourceOf: Partial<Record<BeatQuantity, keyof BeatUncertainty>> = {
  time: 'rTime',
  rr: 'rrBefore',
  upstroke: 'upstrokeSlope',
  upstrokeTime: 'upstrokeTime',
  downstroke: 'downstrokeSlope',
  downstrokeTime: 'downstrokeTime',
  qrsOnset: 'qrsOnset',
  qrsOffset: 'qrsOffset',
  qrsDuration: 'qrsDuration',
  rPeakTime: 'rPeakTime',
  rAmplitude: 'rAmplitude',
};

/**
 * The standard errors of a piece's own beats; NaN where one cannot be estimated. `isUsual` is 1 for each of them that
 * the typical beat is made of. One computation of seconds: it has a worker of its own, which can be stopped.
 */
function estimateErrors(
  { voltage, samplingFrequency, rPeaks, own, first, scheme }: ErrorRequest,
  isUsual: Uint8Array,
): PieceErrors {
  const by = scheme === undefined ? {} : { scheme: parseScheme(scheme) };
  const measured = measureUncertainty(
    voltage,
    samplingFrequency,
    measureSlopes(voltage, samplingFrequency, rPeaks, by),
    { isUsual: beat => beat >= own[0] && beat < own[1] && isUsual[beat - own[0]] === 1 },
  );
  const errors = Object.fromEntries(
    Object.entries(sourceOf).map(([quantity, source]) => [
      quantity,
      Float64Array.from(
        { length: own[1] - own[0] },
        (_, k) => measured?.beats[own[0] + k]?.[source]?.se ?? Number.NaN,
      ),
    ]),
  );
  return { first, errors };
}
