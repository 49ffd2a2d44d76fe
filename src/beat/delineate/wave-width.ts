/** The width of a P or T wave, by which the templates of its boundaries are stretched. */
import type { SampleSpan } from '../sample-span.ts';
import { heightAt } from './wave-peak.ts';

/** How a boundary model is stretched; times in ms. */
export interface Stretch {
  /** The half-width of a wave for which the template is not stretched. */
  readonly halfWidth: number;
  /** The base of the wave is searched this far from its peak; its polarity is relative to the voltage at `reach`. */
  readonly farthest: number;
  readonly reach: number;
}

/** A wave of a lead: the smoothed voltage, mV, the sample of the peak, and the samples the wave lies in. */
export interface PeakOfWave {
  readonly smooth: Float64Array;
  readonly peak: number;
  readonly span: SampleSpan;
}

/** Limits of the stretch, and the ratio of neighbouring ones, so that there is a template ready for each. */
const least = 0.6;
const most = 2.4;
const ratio = 1.05;

/**
 * The factor by which the template is stretched: the time from the peak to where the voltage has come halfway to the
 * base on the side of the boundary, relative to the usual one; rounded to a power of 1.05. `direction` is −1 for the onset
 * and 1 for the offset.
 */
export function stretchOf(
  { halfWidth, farthest, reach }: Stretch,
  { smooth, peak, span }: PeakOfWave,
  direction: -1 | 1,
  perMs: number,
): number {
  const polarity = heightAt(smooth, peak, Math.round(reach * perMs), span) < 0 ? -1 : 1;
  const far = Math.round(farthest * perMs);
  const samples = Math.min(far, direction < 0 ? peak - span.start : span.end - 1 - peak);
  const top = polarity * smooth[peak]!;
  let base = top;
  for (let k = 0; k < samples; k++) base = Math.min(base, polarity * smooth[peak + k * direction]!);
  const half = (top + base) / 2;
  let k = 0;
  while (k < samples && polarity * smooth[peak + k * direction]! > half) k++;
  const stretch = Math.min(most, Math.max(least, k / perMs / halfWidth));
  return ratio ** Math.round(Math.log(stretch) / Math.log(ratio));
}
