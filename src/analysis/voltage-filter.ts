/**
 * Filters the voltages of a recording in pieces; by default there is no filter. Measurements on filtered voltage
 * state the filter in their provenance; `filter-slope-loss.ts` measures how much it reduces slopes.
 */
import type { Band } from '../beat/slopes/measure-slopes.ts';
import { baselineWander } from '../signal/baseline.ts';
import { bandSections, notchSections, type Section, settlingSamples } from '../signal/butterworth.ts';
import { zeroPhase } from '../signal/filter.ts';
import type { Recording } from '../wfdb/record.ts';
import { isVoltage } from './leads.ts';
import type { OpenRecording } from './opened-recording.ts';

/** The filters to apply, in this order; all are zero-phase. */
export interface VoltageFilter {
  /** Subtracts the baseline wander estimated by two moving medians (`baselineWander`). */
  readonly baseline?: boolean;
  /**
   * Cut-off frequencies of second-order Butterworth filters applied forward and backward, Hz; 6 dB attenuation at the
   * cut-off.
   */
  readonly lowCutHz?: number;
  readonly highCutHz?: number;
  /** Mains frequency, Hz; notches 2 Hz wide remove it and its harmonics. */
  readonly notchHz?: number;
}

const order = 2;
const notchWidthHz = 2;
/** Half-width of the moving medians of the baseline, s. */
const baselineReach = 0.5;

/** Whether any filter is set. */
export const isFiltered = (filter: VoltageFilter): boolean =>
  filter.baseline === true ||
  [filter.lowCutHz, filter.highCutHz, filter.notchHz].some(hz => hz !== undefined);

/** The filter in the form used in the provenance of measurements. */
export const bandOf = ({ lowCutHz, highCutHz, notchHz, baseline }: VoltageFilter): Band => ({
  ...(lowCutHz !== undefined && { lowCutHz }),
  ...(highCutHz !== undefined && { highCutHz }),
  ...(notchHz !== undefined && { notchHz }),
  ...(baseline && { baselineRemoved: true }),
});

/** Describes a filter, e.g. `0.5–40 Hz, notches at 50 Hz and harmonics`. */
export function describeFilter({ lowCutHz, highCutHz, notchHz, baselineRemoved }: Band): string {
  const band =
    lowCutHz !== undefined && highCutHz !== undefined
      ? [`${lowCutHz}–${highCutHz} Hz`]
      : [
          ...(lowCutHz === undefined ? [] : [`above ${lowCutHz} Hz`]),
          ...(highCutHz === undefined ? [] : [`below ${highCutHz} Hz`]),
        ];
  return [
    ...(baselineRemoved ? ['baseline removed'] : []),
    ...band,
    ...(notchHz === undefined ? [] : [`notches at ${notchHz} Hz and harmonics`]),
  ].join(', ');
}

/**
 * Filters a whole voltage signal (mV, at `samplingFrequency` in Hz). Throws `InputError` for cut-off frequencies not
 * valid at the sampling frequency.
 */
export function filterVoltage(
  voltage: Float64Array,
  samplingFrequency: number,
  filter: VoltageFilter,
): Float64Array {
  const sections = sectionsOf(filter, samplingFrequency);
  let out = voltage;
  if (filter.baseline) {
    const wander = baselineWander(voltage, samplingFrequency);
    out = voltage.map((v, i) => v - wander[i]!);
  }
  if (sections.length === 0 || out.length < 2) return out;
  return zeroPhase(sections, out.length, samplingFrequency).apply(out);
}

const sectionsOf = (filter: VoltageFilter, samplingFrequency: number): Section[] => [
  ...(filter.lowCutHz === undefined && filter.highCutHz === undefined
    ? []
    : bandSections(filter, order, samplingFrequency)),
  ...(filter.notchHz === undefined ? [] : notchSections(filter.notchHz, notchWidthHz, samplingFrequency)),
];

/**
 * The recording with its voltages filtered. Each piece is filtered with a margin of its neighbours in which the
 * filter's response decays to less than 10⁻⁸, so that the result equals filtering the whole signal. Signals that are
 * not voltages are unchanged. Throws `InputError` as `filterVoltage` does.
 */
export function filteredRecording(
  recording: OpenRecording,
  filter: VoltageFilter | undefined,
): OpenRecording {
  if (filter === undefined || !isFiltered(filter)) return recording;
  const { samplingFrequency } = recording;
  const sections = sectionsOf(filter, samplingFrequency);
  const margin =
    4 * (sections.length === 0 ? 0 : settlingSamples(sections)) +
    (filter.baseline ? Math.ceil(baselineReach * samplingFrequency) : 0);
  const filtered = (physical: Float64Array): Float64Array =>
    filterVoltage(physical, samplingFrequency, filter);

  /** The filtered piece: samples `[from, to)` of `around`, which holds consecutive samples of each signal. */
  const pieceOf = (
    piece: Recording,
    around: readonly Float64Array[],
    from: number,
    to: number,
  ): Recording => ({
    ...piece,
    signals: piece.signals.map((signal, k) =>
      isVoltage(signal.units) ? { ...signal, physical: filtered(around[k]!).slice(from, to) } : signal,
    ),
  });

  return {
    ...recording,
    withSignals: names => filteredRecording(recording.withSignals(names), filter),
    async read(names) {
      const whole = await recording.read(names);
      return pieceOf(
        whole,
        whole.signals.map(({ physical }) => physical),
        0,
        whole.length,
      );
    },
    async *pieces(names) {
      let before: readonly Float64Array[] = [];
      /** The next piece to emit, and the pieces read after it. */
      const held: Recording[] = [];
      const emit = (): Recording => {
        const piece = held.shift()!;
        const after = piece.signals.map((_, k) =>
          start(
            held.map(({ signals }) => signals[k]!.physical),
            margin,
          ),
        );
        const raw = piece.signals.map(({ physical }) => physical);
        const around = raw.map((physical, k) =>
          joined([...(before[k] ? [before[k]] : []), physical, after[k]!]),
        );
        const from = before[0]?.length ?? 0;
        before = raw.map((physical, k) =>
          joined([...(before[k] ? [before[k]] : []), physical]).slice(
            margin === 0 ? Number.POSITIVE_INFINITY : -margin,
          ),
        );
        return pieceOf(piece, around, from, from + piece.length);
      };
      for await (const piece of recording.pieces(names)) {
        held.push(piece);
        while (held.length > 1 && held.slice(1).reduce((sum, { length }) => sum + length, 0) >= margin)
          yield emit();
      }
      while (held.length > 0) yield emit();
    },
  };
}

/** The samples of consecutive parts of a signal as one array. */
export function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The first `count` samples of the concatenated parts. */
const start = (parts: readonly Float64Array[], count: number): Float64Array =>
  joined(parts).subarray(0, count);
