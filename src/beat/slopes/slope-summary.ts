/** What the slopes of many beats have in common, by kind of beat. */
import { median, quantile } from '../../statistics.ts';
import type { BeatSlopes } from './measure-slopes.ts';

/** Median and 5th to 95th percentile of the measured values, and how many there are. */
export interface Spread {
  readonly count: number;
  readonly p5: number;
  readonly median: number;
  readonly p95: number;
}

/** What the beats of one kind have in common. A spread is undefined when nothing was measured. */
export interface SlopeSummary {
  readonly symbol: string;
  readonly beats: number;
  /** mV/s. */
  readonly upstroke: Spread | undefined;
  readonly downstroke: Spread | undefined;
  readonly upstrokeLine: Spread | undefined;
  readonly downstrokeLine: Spread | undefined;
  /** The steeper stroke over peak-to-peak amplitude, 1/s. */
  readonly slopePerAmplitude: Spread | undefined;
  /** s. */
  readonly rPeakTime: Spread | undefined;
  readonly qrsDuration: Spread | undefined;
  /** mV. */
  readonly rAmplitude: Spread | undefined;
}

/**
 * One summary per kind of beat, the most frequent kind first. Throws `RangeError` unless each beat has its symbol.
 *
 * @example
 * const { beats } = measureSlopes(voltage, samplingFrequency, rPeaks);
 * summarizeSlopes(beats, beats.map(() => 'N'))[0].upstroke // => { count: 497, p5: 34.8971…, median: 95.1214…, p95: 124.5548… }
 */
export function summarizeSlopes(beats: readonly BeatSlopes[], symbols: readonly string[]): SlopeSummary[] {
  if (symbols.length !== beats.length) {
    throw new RangeError(`${symbols.length} symbols for ${beats.length} beats`);
  }
  const groups = new Map<string, BeatSlopes[]>();
  for (const [k, beat] of beats.entries()) {
    const group = groups.get(symbols[k]!);
    if (group === undefined) groups.set(symbols[k]!, [beat]);
    else group.push(beat);
  }
  return [...groups]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([symbol, group]) => {
      const of = (value: (beat: BeatSlopes) => number | undefined): Spread | undefined =>
        spreadOf(group.map(value));
      return {
        symbol,
        beats: group.length,
        upstroke: of(beat => beat.upstroke?.slope),
        downstroke: of(beat => beat.downstroke?.slope),
        upstrokeLine: of(beat => beat.upstroke?.lineSlope),
        downstrokeLine: of(beat => beat.downstroke?.lineSlope),
        slopePerAmplitude: of(({ upstroke, downstroke }) =>
          upstroke === undefined && downstroke === undefined
            ? undefined
            : Math.max(upstroke?.slopePerAmplitude ?? 0, downstroke?.slopePerAmplitude ?? 0),
        ),
        rPeakTime: of(beat => beat.rPeakTime),
        qrsDuration: of(beat => beat.qrsDuration),
        rAmplitude: of(beat => beat.rAmplitude),
      };
    });
}

function spreadOf(values: readonly (number | undefined)[]): Spread | undefined {
  const measured = values.filter(value => value !== undefined);
  if (measured.length === 0) return undefined;
  return {
    count: measured.length,
    p5: quantile(measured, 0.05),
    median: median(measured),
    p95: quantile(measured, 0.95),
  };
}
