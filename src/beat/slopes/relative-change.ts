/**
 * The relative factor of change of a QRS index during an event, after Romero et al., IEEE Trans. Biomed. Eng. 58:110–120,
 * 2011: ℜ = Δ/σ, the change of the index during the event in units of its variation at rest.
 *
 * The paper normalises beats in amplitude before; that is left to the caller (`IndexChange` gives both).
 */
import { InputError } from '../../input-error.ts';
import { mean, median, standardDeviation } from '../../statistics.ts';

/** A half-open span of time; `endSeconds` may be infinite. */
export interface TimeRange {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** The change of an index during an event; quantities in the unit of the index, except `factor`. */
export interface RelativeChange {
  /** Median and standard deviation σ over the control segment. */
  readonly control: number;
  readonly deviation: number;
  /** Δ: slope of the least-squares line of the index against time during the event, times the event's duration. */
  readonly change: number;
  /** ℜ = Δ/σ, dimensionless; signed. */
  readonly factor: number;
  /** Number of beats in the control segment and in the event. */
  readonly controlBeats: number;
  readonly eventBeats: number;
}

/** Fewest beats of a segment. */
const fewest = 8;

/**
 * The change of an index whose `values` were measured at `times` (s); undefined values are skipped. Undefined with fewer
 * than eight values in the control segment or the event, or without variation in the control segment. Throws
 * `RangeError` for lists of different lengths or a segment that is empty.
 *
 * @example
 * const times = Array.from({ length: 40 }, (_, k) => k);
 * const values = times.map(t => (t < 20 ? (t % 2 === 0 ? 99 : 101) : 100 - (t - 20)));
 * const [control, event] = [{ startSeconds: 0, endSeconds: 20 }, { startSeconds: 20, endSeconds: 40 }];
 * relativeChange(values, times, control, event).change // => -20
 */
export function relativeChange(
  values: readonly (number | undefined)[],
  times: readonly number[],
  control: TimeRange,
  event: TimeRange,
): RelativeChange | undefined {
  if (values.length !== times.length)
    throw new InputError(`${values.length} values at ${times.length} times`);
  for (const { startSeconds: from, endSeconds: to } of [control, event]) {
    if (!(to > from)) throw new InputError(`a segment from ${from} to ${to} s is empty`);
  }
  const within = ({
    startSeconds: from,
    endSeconds: to,
  }: TimeRange): (readonly [time: number, value: number])[] =>
    values.flatMap((value, k) =>
      value !== undefined && times[k]! >= from && times[k]! < to ? [[times[k]!, value] as const] : [],
    );
  const [before, during] = [within(control), within(event)];
  if (before.length < fewest || during.length < fewest) return undefined;
  const atRest = before.map(([, value]) => value);
  const deviation = standardDeviation(atRest) ?? 0;
  if (!(deviation > 0)) return undefined;
  const meanTime = mean(during.map(([time]) => time));
  const meanValue = mean(during.map(([, value]) => value));
  let product = 0;
  let squares = 0;
  for (const [time, value] of during) {
    product += (time - meanTime) * (value - meanValue);
    squares += (time - meanTime) ** 2;
  }
  // An event that is open at its end lasts to its last beat.
  const end = Number.isFinite(event.endSeconds) ? event.endSeconds : during.at(-1)![0];
  const change = (product / squares) * (end - event.startSeconds);
  return {
    control: median(atRest),
    deviation,
    change,
    factor: change / deviation,
    controlBeats: before.length,
    eventBeats: during.length,
  };
}
