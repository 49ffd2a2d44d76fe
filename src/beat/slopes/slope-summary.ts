/** Summary statistics of the slopes of many beats, by kind of beat. */
import { InputError } from '../../input-error.ts';
import { median, quantile } from '../../statistics.ts';
import type { BeatSlopes } from './measure-slopes.ts';

/** Median and 5th to 95th percentile of the measured values, and how many there are. */
export interface Spread {
  readonly count: number;
  readonly p5: number;
  readonly median: number;
  readonly p95: number;
}

/** The summary of the beats of one kind. A spread is undefined when nothing was measured. */
export interface SlopeSummary {
  readonly symbol: string;
  readonly beats: number;
  /** Upstroke and downstroke slope, mV/s. */
  readonly upstroke: Spread | undefined;
  readonly downstroke: Spread | undefined;
  readonly upstrokeLine: Spread | undefined;
  readonly downstrokeLine: Spread | undefined;
  /** Slope of the steeper stroke relative to the peak-to-peak amplitude, 1/s. */
  readonly slopePerAmplitude: Spread | undefined;
  /** R-wave peak time, s. */
  readonly rPeakTime: Spread | undefined;
  readonly qrsDuration: Spread | undefined;
  /** R-wave amplitude, mV. */
  readonly rAmplitude: Spread | undefined;
}

/**
 * Summarises beats by kind, the most frequent kind first. Throws `RangeError` unless there is one symbol for each beat.
 *
 * @example
 * const { beats } = measureSlopes(voltage, samplingFrequency, rPeaks);
 * summarizeSlopes(beats, beats.map(() => 'N'))[0].upstroke // => { count: 501, p5: 34.…, median: 94.8…, p95: 124.4… }
 */
export function summarizeSlopes(beats: readonly BeatSlopes[], symbols: readonly string[]): SlopeSummary[] {
  if (symbols.length !== beats.length) {
    throw new InputError(`${symbols.length} symbols for ${beats.length} beats`);
  }
  const groups: SlopeGroups = new Map();
  for (let k = 0; k < beats.length; k++) addToSummary(groups, beats[k]!, symbols[k]!);
  return summaryOf(groups);
}

/** The quantities that are summarised, and how each is read from a beat. */
const quantities = {
  upstroke: beat => beat.upstroke?.slope,
  downstroke: beat => beat.downstroke?.slope,
  upstrokeLine: beat => beat.upstroke?.lineSlope,
  downstrokeLine: beat => beat.downstroke?.lineSlope,
  slopePerAmplitude: ({ upstroke, downstroke }) =>
    upstroke === undefined && downstroke === undefined
      ? undefined
      : Math.max(upstroke?.slopePerAmplitude ?? 0, downstroke?.slopePerAmplitude ?? 0),
  rPeakTime: beat => beat.rPeakTime,
  qrsDuration: beat => beat.qrsDuration,
  rAmplitude: beat => beat.rAmplitude,
} as const satisfies Record<string, (beat: BeatSlopes) => number | undefined>;

type Quantity = keyof typeof quantities;
const names = Object.keys(quantities) as Quantity[];

/** The measured numbers of beats by kind; the beats themselves are not kept. */
export type SlopeGroups = Map<string, { beats: number; readonly values: Record<Quantity, number[]> }>;

/** Adds a beat to those of its kind. */
export function addToSummary(groups: SlopeGroups, beat: BeatSlopes, symbol: string): void {
  let group = groups.get(symbol);
  if (group === undefined) {
    const values = Object.fromEntries(names.map(name => [name, [] as number[]])) as Record<
      Quantity,
      number[]
    >;
    group = { beats: 0, values };
    groups.set(symbol, group);
  }
  group.beats++;
  for (const name of names) {
    const value = quantities[name](beat);
    if (value !== undefined) group.values[name].push(value);
  }
}

/** The summary of each kind of beat, the most frequent first. */
export const summaryOf = (groups: SlopeGroups): SlopeSummary[] =>
  [...groups]
    .sort(([, a], [, b]) => b.beats - a.beats)
    .map(([symbol, { beats, values }]) => ({
      symbol,
      beats,
      ...(Object.fromEntries(names.map(name => [name, spreadOf(values[name])])) as Record<
        Quantity,
        Spread | undefined
      >),
    }));

function spreadOf(measured: readonly number[]): Spread | undefined {
  if (measured.length === 0) return undefined;
  return {
    count: measured.length,
    p5: quantile(measured, 0.05),
    median: median(measured),
    p95: quantile(measured, 0.95),
  };
}
