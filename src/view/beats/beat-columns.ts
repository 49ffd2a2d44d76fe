/** The measurements of a record's beats as columns: one typed array per quantity. */
import { lowerBound } from '../../lower-bound.ts';

/** A measured quantity of a beat. */
export type BeatQuantity =
  | 'time'
  | 'rr'
  | 'upstroke'
  | 'upstrokeTime'
  | 'downstroke'
  | 'downstrokeTime'
  | 'slopePerAmplitude'
  | 'qrsOnset'
  | 'qrsOffset'
  | 'qrsDuration'
  | 'rPeakTime'
  | 'rAmplitude'
  | 'noise'
  | 'correlation'
  | 'probability';

/** Columns of equal length; NaN where a quantity could not be measured. Times are in s from the start of the record. */
export type BeatColumns = Readonly<Record<BeatQuantity, Float64Array>> & {
  /** 1 for a beat of good quality. */
  readonly good: Uint8Array;
  /** Index into the model's classes; −1 where the model gives none. */
  readonly predicted: Int8Array;
};

/** Standard errors due to noise, in the unit of each quantity; NaN where none is known. */
export type BeatErrors = Partial<Readonly<Record<BeatQuantity, Float64Array>>>;

/** Units, and the number of decimals shown. */
export const beatQuantities: Readonly<
  Record<BeatQuantity, { readonly unit: string; readonly digits: number; readonly scale: number }>
> = {
  time: { unit: 's', digits: 3, scale: 1 },
  rr: { unit: 'ms', digits: 0, scale: 1000 },
  upstroke: { unit: 'mV/s', digits: 1, scale: 1 },
  upstrokeTime: { unit: 's', digits: 3, scale: 1 },
  downstroke: { unit: 'mV/s', digits: 1, scale: 1 },
  downstrokeTime: { unit: 's', digits: 3, scale: 1 },
  slopePerAmplitude: { unit: '1/s', digits: 1, scale: 1 },
  qrsOnset: { unit: 's', digits: 3, scale: 1 },
  qrsOffset: { unit: 's', digits: 3, scale: 1 },
  qrsDuration: { unit: 'ms', digits: 0, scale: 1000 },
  rPeakTime: { unit: 'ms', digits: 0, scale: 1000 },
  rAmplitude: { unit: 'mV', digits: 3, scale: 1 },
  noise: { unit: '%', digits: 1, scale: 100 },
  correlation: { unit: '', digits: 2, scale: 1 },
  probability: { unit: '', digits: 3, scale: 1 },
};

const quantities = Object.keys(beatQuantities) as BeatQuantity[];

/** Columns for `count` beats without measurements. */
export function emptyColumns(count: number): BeatColumns {
  const columns = Object.fromEntries(
    quantities.map(name => [name, new Float64Array(count).fill(Number.NaN)]),
  ) as Record<BeatQuantity, Float64Array>;
  return { ...columns, good: new Uint8Array(count), predicted: new Int8Array(count).fill(-1) };
}

/** Concatenates columns. */
export function joinColumns(parts: readonly BeatColumns[]): BeatColumns {
  const joined = emptyColumns(parts.reduce((sum, part) => sum + part.time.length, 0));
  let at = 0;
  for (const part of parts) {
    for (const name of quantities) joined[name].set(part[name], at);
    joined.good.set(part.good, at);
    joined.predicted.set(part.predicted, at);
    at += part.time.length;
  }
  return joined;
}

/** The columns of the given beats. */
export function chosenColumns(columns: BeatColumns, beats: readonly number[]): BeatColumns {
  const chosen = emptyColumns(beats.length);
  beats.forEach((beat, k) => {
    for (const name of quantities) chosen[name][k] = columns[name][beat]!;
    chosen.good[k] = columns.good[beat]!;
    chosen.predicted[k] = columns.predicted[beat]!;
  });
  return chosen;
}

/** Index of the first beat at or after a time (s); the number of beats when there is none. */
export const firstBeatFrom = ({ time }: Pick<BeatColumns, 'time'>, seconds: number): number =>
  lowerBound(time, seconds);

/** Index of the beat nearest to a time, at most `within` s away; undefined when there is none. */
export function beatNear(
  columns: Pick<BeatColumns, 'time'>,
  seconds: number,
  within: number,
): number | undefined {
  const after = firstBeatFrom(columns, seconds);
  const away = (beat: number): number => Math.abs((columns.time[beat] ?? Number.POSITIVE_INFINITY) - seconds);
  const nearest = away(after - 1) <= away(after) ? after - 1 : after;
  return away(nearest) <= within ? nearest : undefined;
}
