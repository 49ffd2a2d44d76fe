/** Superimposed beats: the quartiles of voltage and dV/dt at each sample around the R peaks. */

import { differentiator, parseScheme } from '../../diff/scheme.ts';
import { InputError } from '../../input-error.ts';
import { median, quantile } from '../../statistics.ts';
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
  /** Number of samples before the R peak. */
  readonly before: number;
  readonly samplingFrequency: number;
}

/** The window around an R peak, s. */
const alignedSeconds = { before: 0.25, after: 0.45 };

/**
 * Quartiles of the superimposed beats at the given samples, after subtraction of each beat's median; dV/dt is computed
 * by `scheme`. Throws `RangeError` when no recording is open.
 */
export async function alignBeats(
  state: AnalysisState,
  lead: number,
  rPeaks: Int32Array,
  scheme: string,
): Promise<AlignedBeats> {
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
}

const holds = ({ beats }: HeldPiece, from: number, to: number): boolean =>
  from >= beats.start && to <= beats.start + beats.voltage.length;

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
