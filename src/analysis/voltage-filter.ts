/**
 * Filters on the voltages of a recording, piece by piece: none unless asked for. What is measured on filtered voltage
 * says so in its provenance, and how much of a slope the filter takes is told.
 */
import type { Band } from '../beat/slopes/measure-slopes.ts';
import { baselineWander } from '../signal/baseline.ts';
import { bandSections, notchSections, type Section, settlingSamples } from '../signal/butterworth.ts';
import { zeroPhase } from '../signal/filter.ts';
import { standardLead } from '../synth/leads.ts';
import { synthesize } from '../synth/synthesize.ts';
import type { Recording } from '../wfdb/record.ts';
import { isVoltage } from './leads.ts';
import type { OpenRecording } from './opened-recording.ts';

/** What is done to the voltage, in this order; all of it moves nothing in time. */
export interface VoltageFilter {
  /** Takes out the wander that two moving medians see (`baselineWander`). */
  readonly baseline?: boolean;
  /** Second-order Butterworth, forward and back: 6 dB down at the cut-off, Hz. */
  readonly lowCutHz?: number;
  readonly highCutHz?: number;
  /** Mains frequency whose notches, 2 Hz wide, take it and its harmonics out, Hz. */
  readonly notchHz?: number;
}

const order = 2;
const notchWidthHz = 2;
/** s on either side that the medians of the baseline look at. */
const baselineReach = 0.5;

/** Whether anything is filtered. */
export const isFiltered = (filter: VoltageFilter): boolean =>
  filter.baseline === true ||
  [filter.lowCutHz, filter.highCutHz, filter.notchHz].some(hz => hz !== undefined);

/** As the provenance of a measurement states it. */
export const bandOf = ({ lowCutHz, highCutHz, notchHz, baseline }: VoltageFilter): Band => ({
  ...(lowCutHz !== undefined && { lowCutHz }),
  ...(highCutHz !== undefined && { highCutHz }),
  ...(notchHz !== undefined && { notchHz }),
  ...(baseline && { baselineRemoved: true }),
});

/** In words, e.g. `0.5–40 Hz, notch 50 Hz`. */
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

/** The voltage filtered, as a whole. Throws `RangeError` for cut-offs that the sampling frequency does not allow. */
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
 * The recording with its voltages filtered. Its pieces are filtered with as much of their neighbours as the filter
 * remembers to less than a part in 10⁸, so that they are what filtering the whole gives; signals that are no voltage stay as they are.
 * Throws `RangeError` as `filterVoltage` does.
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

  /** The piece `[from, to)` of some consecutive samples of each signal. */
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
      /** The piece in turn, and those read after it. */
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

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The first `count` samples of consecutive parts. */
const start = (parts: readonly Float64Array[], count: number): Float64Array =>
  joined(parts).subarray(0, count);

/** A slope may lose so much before it is worth a word. */
const leastLoss = 0.02;
/** Widths of a QRS complex as multiples of the usual one: a narrow one, as of the young, and the usual. */
const widths = [0.7, 1];

/**
 * What a person should know before taking slopes from voltage so filtered: how much of the steepest slope of a synthetic
 * QRS complex in V2, narrow or of usual width, the filter takes at most, where that is more than 2 %.
 */
export function filterNotes(filter: VoltageFilter, samplingFrequency: number): string[] {
  const loss = Math.max(...widths.map(width => slopeLoss(filter, samplingFrequency, width)));
  if (loss <= leastLoss) return [];
  const name = describeFilter(bandOf(filter));
  const percent = (100 * loss).toFixed(0);
  return [
    `filtered (${name}): slopes of a QRS complex come out up to ${percent} % too flat; for slopes leave the band open from 0.5 Hz or less to 150 Hz or more`,
  ];
}

/** The fraction of the steepest rise or fall that the filter takes, by the steps between the samples of a synthetic beat. */
function slopeLoss(filter: VoltageFilter, samplingFrequency: number, width: number): number {
  const { leads } = synthesize({
    samplingFrequency,
    seconds: 10,
    seed: 1,
    leads: [standardLead('V2')],
    slowConduction: [width, width],
  });
  const steepest = (voltage: Float64Array): readonly [rise: number, fall: number] => {
    let [rise, fall] = [0, 0];
    for (let i = 1; i < voltage.length; i++) {
      rise = Math.max(rise, voltage[i]! - voltage[i - 1]!);
      fall = Math.min(fall, voltage[i]! - voltage[i - 1]!);
    }
    return [rise, fall];
  };
  const { clean } = leads[0]!;
  const [rise, fall] = steepest(clean);
  const [risen, fallen] = steepest(filterVoltage(clean, samplingFrequency, filter));
  return 1 - Math.min(risen / rise, fallen / fall);
}
