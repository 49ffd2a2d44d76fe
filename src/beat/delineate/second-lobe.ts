/**
 * Second lobes of P and T waves. A P wave of an enlarged atrium has two peaks, or two lobes of opposite polarity; so has a
 * notched or biphasic T wave. The wave ends where its last lobe does, although its peak is that of the larger one.
 */
import { median } from '../../statistics.ts';
import type { SampleSpan } from '../sample-span.ts';

/** How far a second lobe peaks from the first one, of the same and of opposite polarity, and returns to the level, ms. */
export interface LobeReach {
  readonly sameMs: number;
  readonly oppositeMs: number;
  readonly returnMs: number;
}
export const lobeReach: Readonly<Record<'p' | 't', LobeReach>> = {
  p: { sameMs: 80, oppositeMs: 80, returnMs: 60 },
  t: { sameMs: 120, oppositeMs: 150, returnMs: 120 },
};

/**
 * Least height of a second lobe relative to the first, of the same and of opposite polarity (atrial repolarisation is
 * lower), and of it above the trough between two of the same polarity; chosen on records 1–100 of the LUDB.
 */
const leastHeight = { same: 0.35, opposite: 0.5 };
const leastNotch = 0.08;
/**
 * Having returned, this long before the end of the span, ms, the voltage is this near to the level, relative to the height
 * of the first lobe: otherwise the complex begins.
 */
const clearMs = 10;
const returned = 0.3;
/** Number of beats on either side, of which most must have the lobe at the same time, ms. */
const neighbours = 8;
const agreementMs = 16;

/** A wave: its peak, the span it lies in, and the voltage without it, mV. */
export interface LobedWave {
  readonly peak: number;
  readonly span: SampleSpan;
  readonly level: number;
}

/**
 * For each wave the peak of a second lobe after it (`direction` 1) or before it (−1); undefined without one, or where
 * most neighbouring beats have none. `smooth` is the smoothed voltage, mV.
 */
export function secondLobes(
  smooth: Float64Array,
  waves: readonly (LobedWave | undefined)[],
  direction: 1 | -1,
  reach: LobeReach,
  perMs: number,
): (number | undefined)[] {
  const lobes = waves.map(wave => wave && lobeOf(smooth, wave, direction, reach, perMs));
  const distances = lobes.map((lobe, k) => (lobe === undefined ? Number.NaN : lobe - waves[k]!.peak));
  return lobes.map((lobe, k) => {
    if (lobe === undefined) return undefined;
    const [from, to] = [Math.max(0, k - neighbours), k + neighbours + 1];
    const near = distances.slice(from, to);
    const usual = median(near);
    const same = near.filter(distance => Math.abs(distance - usual) <= agreementMs * perMs).length;
    const isUsual = Math.abs(distances[k]! - usual) <= agreementMs * perMs;
    const present = waves.slice(from, to).filter(wave => wave !== undefined).length;
    return isUsual && same > present / 2 ? lobe : undefined;
  });
}

function lobeOf(
  smooth: Float64Array,
  { peak, span, level }: LobedWave,
  direction: 1 | -1,
  { sameMs, oppositeMs, returnMs }: LobeReach,
  perMs: number,
): number | undefined {
  const top = smooth[peak]! - level;
  const limit = direction < 0 ? peak - span.start : span.end - 1 - peak;
  /** Elevation relative to the first lobe. */
  const at = (k: number): number => (smooth[peak + direction * k]! - level) / top;
  let lowest = 1;
  let found: number | undefined;
  let greatest = 0;
  for (let k = 1; k < limit && k <= Math.max(sameMs, oppositeMs) * perMs; k++) {
    const here = at(k);
    lowest = Math.min(lowest, here);
    const isHump =
      here - lowest >= leastNotch && here >= Math.max(greatest, leastHeight.same) && k <= sameMs * perMs;
    const isOpposite = -here >= Math.max(greatest, leastHeight.opposite) && k <= oppositeMs * perMs;
    if (!isHump && !isOpposite) continue;
    greatest = Math.abs(here);
    found = k;
  }
  if (found === undefined) return undefined;
  const last = Math.min(limit - clearMs * perMs, found + Math.round(returnMs * perMs));
  for (let k = found + 1; k <= last; k++) if (Math.abs(at(k)) <= returned) return peak + direction * found;
  return undefined;
}
