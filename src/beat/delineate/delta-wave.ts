/**
 * The delta wave of a pre-excited QRS complex, and any other slow linear beginning of a complex: less steep than the rest,
 * it may be taken for the voltage before the onset. A P wave that falls up to the complex also is a slope, but one that
 * begins high above the voltage before it.
 */
import { slidingLineSlopes } from '../slopes/line-slope.ts';
import { peakToPeak } from './late-deflection.ts';
import type { QrsBounds } from './qrs-end.ts';
import type { ComparedLead } from './qrs-recurrence.ts';
import { usualBefore } from './usual-before.ts';

/** Slopes are those of a line over this time, ms, the last of which ends at the presumed onset. */
const lineMs = 28;
/** The change of voltage over that time must be this part of the QRS amplitude, and so large, mV. */
const least = { part: 0.06, millivolts: 0.03 };
/** A delta wave begins where the slope has come to this part of its size. */
const beginning = 0.5;
/** It begins this long before the presumed onset, ms. */
const durationMs = { least: 20, most: 70 };
/** The voltage before it, over this time, ms, and how far from that it may begin, relative to its height. */
const levelMs = 200;
const mostApart = 0.35;

/** Working memory. */
let slopes = new Float64Array(64);

/** A presumed onset: sample indices of it and of the first that may be one, and the amplitude of the complex, mV. */
interface PresumedOnset {
  readonly sample: number;
  readonly first: number;
  readonly amplitude: number;
}

/** Number of beats on either side, of which most must have a delta wave that begins at about the same time, ms. */
const neighbours = 8;
const sameMs = 20;

/**
 * The bounds with the onsets before delta waves, where most neighbouring beats have one: in a single beat noise may look
 * like it. Places are in samples.
 */
export function withDeltaWaves(
  { voltage, rPeaks, perMs }: ComparedLead,
  bounds: readonly QrsBounds[],
): readonly QrsBounds[] {
  const begins = bounds.map(({ onset, offset }, k) => {
    if (onset === undefined) return Number.NaN;
    const sample = Math.round(onset);
    const end = Math.min(voltage.length - 1, Math.round(offset ?? rPeaks[k]!));
    const room = k === 0 ? 0 : Math.ceil((rPeaks[k - 1]! + rPeaks[k]!) / 2);
    const amplitude = peakToPeak(voltage, sample, end);
    const begin = deltaWaveOnset(voltage, { sample, first: room, amplitude }, perMs);
    return (begin ?? Number.NaN) - rPeaks[k]!;
  });
  if (begins.every(Number.isNaN)) return bounds;
  return bounds.map((own, k) => {
    if (Number.isNaN(begins[k]!)) return own;
    const near = begins.slice(Math.max(0, k - neighbours), k + neighbours + 1);
    const same = near.filter(begin => Math.abs(begin - begins[k]!) <= sameMs * perMs).length;
    return same > near.length / 2 ? { ...own, onset: rPeaks[k]! + begins[k]! } : own;
  });
}

/** The sample at which a delta wave before the presumed onset begins; undefined without one. */
function deltaWaveOnset(
  voltage: Float64Array,
  { sample, first, amplitude }: PresumedOnset,
  perMs: number,
): number | undefined {
  const half = Math.max(1, Math.round((lineMs / 2) * perMs));
  const last = sample - half;
  const from = Math.max(first, half, sample - Math.round(durationMs.most * perMs));
  if (last <= from) return undefined;
  const line = { half, samplingFrequency: perMs * 1000 };
  slidingLineSlopes(voltage, line, last, slopes, 1);
  const steepness = slopes[0]!;
  const change = (Math.abs(steepness) * lineMs) / 1000;
  if (!(change > least.millivolts && change > least.part * amplitude)) return undefined;

  const count = last - from;
  if (count > slopes.length) slopes = new Float64Array(count);
  slidingLineSlopes(voltage, line, from, slopes, count);
  let k = count - 1;
  while (k >= 0 && slopes[k]! / steepness > beginning) k--;
  const begin = from + k;
  if (k < 0 || sample - begin < durationMs.least * perMs) return undefined;
  const height = Math.abs(voltage[sample]! - voltage[begin]!);
  const level = usualBefore(voltage, begin, Math.round(levelMs * perMs));
  return Math.abs(voltage[begin]! - level) <= mostApart * height ? begin : undefined;
}
