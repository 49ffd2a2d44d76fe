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

export type BeatErrorQueries = ReturnType<typeof createBeatErrorQueries>;

export const createBeatErrorQueries = (state: AnalysisState) => ({
  errorsAt: (rPeak: number, isUsual: Uint8Array) => errorsAt(state, rPeak, isUsual),
});

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
 * The standard errors of the beats of the piece that contains the beat at sample `rPeak`; NaN where one cannot be
 * estimated. `isUsual` is 1 for each beat of the record that the typical beat is made of. Undefined without such a beat.
 */
async function errorsAt(
  state: AnalysisState,
  rPeak: number,
  isUsual: Uint8Array,
): Promise<PieceErrors | undefined> {
  const found = await pieceOfBeat(state, rPeak);
  if (found === undefined) return undefined;
  const { beats, own, first } = found;
  const { voltage, samplingFrequency, rPeaks } = beats;
  const scheme = state.scheme === undefined ? {} : { scheme: parseScheme(state.scheme) };
  const measured = measureUncertainty(
    voltage,
    samplingFrequency,
    measureSlopes(voltage, samplingFrequency, rPeaks, scheme),
    { isUsual: beat => beat >= own[0] && beat < own[1] && isUsual[first + beat - own[0]] === 1 },
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
