/**
 * T waves before a P wave that was taken for them: at fast rates the P wave of the next beat is within the search
 * interval of T and may be the higher of the two, but it is narrower.
 */
import type { FittedLine } from './fitted-line.ts';
import type { SearchInterval } from './search-intervals.ts';
import { tOnsetModel, tPeakModel } from './wave-models.ts';
import { type ChosenPeak, findPeaks } from './wave-peak.ts';
import { waveWidth } from './wave-width.ts';

/** A peak this long before the next QRS onset may be that of a P wave, ms. */
const pMs = { least: 50, most: 200 };
/** The T wave before it peaks at least this long before, ms, is at least this high relative to it, and this much wider. */
const apartMs = 60;
const leastHeight = 0.4;
const leastWidth = 1.4;
/** Number of beats on either side, of which most must show such a T wave. */
const neighbours = 8;

/**
 * The T peaks `found` between the QRS complexes, with those of a preceding T wave where most neighbouring beats have one.
 * `intervals` are those of T, `onsets` the QRS onsets.
 */
export function tPeaksBeforeP(
  found: readonly (ChosenPeak | undefined)[],
  line: FittedLine,
  samplingFrequency: number,
  intervals: readonly (SearchInterval | undefined)[],
  onsets: readonly (number | undefined)[],
): (ChosenPeak | undefined)[] {
  const perMs = samplingFrequency / 1000;
  const earlier = intervals.map((interval, k): SearchInterval | undefined => {
    const [peak, next] = [found[k]?.point.sample, onsets[k + 1]];
    if (interval === undefined || peak === undefined || next === undefined) return undefined;
    const before = (next - peak) / perMs;
    const end = peak - Math.round(apartMs * perMs);
    return before >= pMs.least && before <= pMs.most && end > interval.start
      ? { ...interval, end }
      : undefined;
  });
  if (earlier.every(interval => interval === undefined)) return [...found];
  const others = findPeaks(tPeakModel, line, samplingFrequency, earlier);
  const widthAt = (peak: number, side: 'onset' | 'offset', span: SearchInterval): number =>
    waveWidth(tOnsetModel.stretch!, { smooth: line.smooth, peak, span }, perMs)[side];
  const isWave = others.map((other, k) => {
    const interval = intervals[k];
    if (other === undefined || interval === undefined) return false;
    const [t, p] = [other.point, found[k]!.point];
    // The sides away from each other: those between the two waves may be narrowed by the other wave.
    return (
      t.prominence * p.prominence > 0 &&
      t.elevation * p.elevation > 0 &&
      Math.abs(t.elevation) >= leastHeight * Math.abs(p.elevation) &&
      widthAt(t.sample, 'onset', interval) >=
        leastWidth * widthAt(p.sample, 'offset', { ...interval, end: onsets[k + 1]! + 1 })
    );
  });
  return found.map((peak, k) => {
    const [from, to] = [Math.max(0, k - neighbours), k + neighbours + 1];
    const near = earlier.slice(from, to).filter(interval => interval !== undefined).length;
    const waves = isWave.slice(from, to).filter(Boolean).length;
    return isWave[k] && waves > near / 2 ? others[k] : peak;
  });
}
