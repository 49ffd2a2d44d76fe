/** Standard errors of an open recording's beats, estimated piece by piece on request. */
import type { NoiseModel } from '../../beat/uncertainty/noise-model.ts';
import type { BeatErrors, BeatQuantity } from '../beats/beat-columns.ts';
import type { PieceErrors } from '../worker/beat-errors.ts';
import type { KnownErrors, RecordingState } from './recording-state.ts';

/** The errors of the present beats; undefined before any is known. */
export function errorsOf({ errors, request }: RecordingState): BeatErrors | undefined {
  return errors?.request === request ? errors.columns : undefined;
}

/** Estimates the errors of the piece that contains a beat, once the whole recording is measured. */
export function askForErrors(
  state: RecordingState,
  beat: number,
  symbols: () => readonly (string | undefined)[],
): void {
  const { pieces, beats, request, events, workers } = state;
  const last = pieces.at(-1);
  if (beats === undefined || last === undefined || last.done < last.total) return;
  if (state.errors?.request !== request) {
    const asked = new Uint8Array(beats.time.length);
    state.errors = { request, columns: {}, asked, work: Promise.resolve(), isCancelled: false };
  }
  const { errors } = state;
  if (errors === undefined || errors.isCancelled) return;
  if (beat >= errors.asked.length || errors.asked[beat] === 1) return;
  let first = 0;
  const piece = pieces.find(({ rPeaks }) => {
    const isHere = beat < first + rPeaks.length;
    if (!isHere) first += rPeaks.length;
    return isHere;
  });
  if (piece === undefined) return;
  const end = first + piece.rPeaks.length;
  errors.asked.fill(1, first, end);
  errors.work = errors.work.then(async () => {
    if (state.request !== request) return;
    if (errors.isCancelled) {
      errors.asked.fill(0, first, end);
      return;
    }
    events.onProgress('estimating', Number.NaN, () => cancelErrors(state, errors));
    try {
      const own = await workers.analysis.call.pieceAt(state.rPeaks[beat]!);
      const isUsual = usualBeats(symbols()).subarray(first, end);
      const found = own && !errors.isCancelled && (await workers.errors.estimate(own, isUsual));
      if (found && state.request === request) {
        keep(errors, found);
        events.onErrors();
      } else errors.asked.fill(0, first, end);
    } catch (error) {
      events.onError(error as Error);
    }
    events.onProgress('estimating', 1);
  });
}

/** Nothing more is estimated until it is resumed or the beats are measured again. */
function cancelErrors({ events, workers }: RecordingState, errors: KnownErrors): void {
  errors.isCancelled = true;
  workers.errors.cancel();
  events.onErrors();
}

/** Whether the estimation for the present beats was cancelled. */
export const areErrorsCancelled = ({ errors, request }: RecordingState): boolean =>
  errors?.request === request && errors.isCancelled;

/** Allows estimates again after a cancellation; what was cancelled has to be requested again. */
export async function resumeErrors({ errors, events }: RecordingState): Promise<void> {
  if (errors === undefined) return;
  // Until then the cancelled beats count as requested.
  await errors.work;
  errors.isCancelled = false;
  events.onErrors();
}

function keep({ columns, asked }: KnownErrors, { first, errors }: PieceErrors): void {
  for (const [name, values] of Object.entries(errors) as [BeatQuantity, Float64Array][]) {
    columns[name] ??= new Float64Array(asked.length).fill(Number.NaN);
    columns[name].set(values, first);
  }
}

/** 1 for each beat of the most frequent symbol. */
function usualBeats(symbols: readonly (string | undefined)[]): Uint8Array {
  const counts = new Map<string | undefined, number>();
  for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  const usual = [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
  return Uint8Array.from(symbols, symbol => (symbol === usual ? 1 : 0));
}

/** The noise of the measured lead at a time, s. */
export function noiseAt({ pieces, summary }: RecordingState, time: number): NoiseModel | undefined {
  const sample = time * summary.samplingFrequency;
  return pieces.find(({ done }) => sample < done)?.noise;
}
