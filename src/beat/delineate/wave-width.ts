/** The width of a P or T wave, by which the templates of its boundaries are stretched. */
import { moveIntoPlace } from '../../statistics.ts';
import type { SampleSpan } from '../sample-span.ts';
import { heightAt } from './wave-peak.ts';

/** How a boundary model is stretched; times in ms. */
export interface Stretch {
  /** The half-width of a wave for which the template is not stretched. */
  readonly halfWidth: number;
  /** The base of the wave is searched at least this far from its peak; its polarity is relative to the voltage at `reach`. */
  readonly farthest: number;
  readonly reach: number;
}

/** A wave of a lead: the smoothed voltage, mV, the sample of the peak, and the samples the wave lies in. */
export interface PeakOfWave {
  readonly smooth: Float64Array;
  readonly peak: number;
  readonly span: SampleSpan;
}

/** The width of both sides of a wave, relative to the half-width of the template. */
export interface WaveWidth {
  readonly onset: number;
  readonly offset: number;
}

/** The base of a broad wave is searched up to so many half-widths from its peak, in at most so many rounds. */
const baseInHalfWidths = 3;
const mostRounds = 3;
/** Limits of the stretch, and the ratio of neighbouring ones, so that there is a template ready for each. */
const least = 0.6;
const most = 3;
const ratio = 1.05;

/** The time from the peak to where the voltage has come halfway to the base, on both sides, relative to the usual one. */
export function waveWidth(stretch: Stretch, wave: PeakOfWave, perMs: number): WaveWidth {
  const { smooth, peak, span } = wave;
  const polarity = heightAt(smooth, peak, Math.round(stretch.reach * perMs), span) < 0 ? -1 : 1;
  const widthOf = (direction: -1 | 1): number =>
    halfWidthSamples(wave, Math.round(stretch.farthest * perMs), polarity, direction) /
    perMs /
    stretch.halfWidth;
  return { onset: widthOf(-1), offset: widthOf(1) };
}

function halfWidthSamples(
  { smooth, peak, span }: PeakOfWave,
  farthest: number,
  polarity: -1 | 1,
  direction: -1 | 1,
): number {
  const limit = direction < 0 ? peak - span.start : span.end - 1 - peak;
  const top = polarity * smooth[peak]!;
  let base = top;
  let far = farthest;
  let k = 0;
  for (let round = 0, searched = 0; round < mostRounds && searched < Math.min(far, limit); round++) {
    const samples = Math.min(far, limit);
    for (; searched < samples; searched++)
      base = Math.min(base, polarity * smooth[peak + searched * direction]!);
    const half = (top + base) / 2;
    while (k < samples && polarity * smooth[peak + k * direction]! > half) k++;
    far = Math.max(far, baseInHalfWidths * k);
  }
  return k;
}

/** The stretch of a template for a side of this width: limited, and a power of 1.05. */
export const templateStretch = (width: number): number =>
  ratio ** Math.round(Math.log(Math.min(most, Math.max(least, width))) / Math.log(ratio));

/** Waves up to this width are of usual breadth. */
const usualBreadth = 0.9;
/** Number of beats on either side, and the share of them that may be narrower. */
const neighbours = 8;
const mostNarrower = 1 / 3;

/**
 * How much broader than usual each wave is; 1 where it is not, or where it is undefined. The narrower side counts, and
 * most neighbouring beats must have as broad a wave: a low wave before a slope of the baseline also seems broad.
 */
export function broadenings(widths: readonly (WaveWidth | undefined)[]): number[] {
  const own = Float64Array.from(widths, width =>
    width === undefined ? Number.NaN : Math.min(width.onset, width.offset),
  );
  const near = new Float64Array(2 * neighbours + 1);
  return Array.from(own, (breadth, k) => {
    if (Number.isNaN(breadth)) return 1;
    let count = 0;
    const to = Math.min(own.length - 1, k + neighbours);
    for (let j = Math.max(0, k - neighbours); j <= to; j++) {
      if (!Number.isNaN(own[j]!)) near[count++] = own[j]!;
    }
    const place = Math.floor(count * mostNarrower);
    moveIntoPlace(near, place, count);
    const broader = Math.min(most, breadth, near[place]!) / usualBreadth;
    return Math.max(1, ratio ** Math.round(Math.log(broader) / Math.log(ratio)));
  });
}
