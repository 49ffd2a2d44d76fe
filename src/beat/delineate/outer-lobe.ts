/**
 * The outer lobes of QRS complexes that look like a sine wave, as in severe hyperkalaemia: so broad that the voltage at
 * their peak hardly changes, which is then taken for the bound of the complex. Such a bound lies far from the voltage
 * before the complex, to which the lobe returns.
 */
import { peakToPeak } from './late-deflection.ts';
import type { QrsBounds } from './qrs-end.ts';
import type { ComparedLead } from './qrs-recurrence.ts';
import { usualBefore } from './usual-before.ts';

/** The voltage before the complex is the median over this time, ms. */
const levelMs = 250;
/** A lobe is at least this high, relative to the QRS amplitude, and has returned where this part is left of that. */
const least = 0.25;
const returned = 0.1;
/** It returns within this time, ms, and is at least this steep relative to its other side. */
const mostMs = 150;
const leastSteepness = 0.4;
/** The steepness is the change over this time, ms. */
const steepMs = 24;
/** Number of beats on either side, of which most must have the lobe. */
const neighbours = 8;

/** The bounds moved to the ends of outer lobes, where most neighbouring beats have one. Places are in samples. */
export function withOuterLobes(lead: ComparedLead, bounds: readonly QrsBounds[]): readonly QrsBounds[] {
  const ends = bounds.map((own, k) => lobeEnds(lead, own, k));
  const isUsual = (k: number, side: keyof QrsBounds): boolean => {
    const near = ends.slice(Math.max(0, k - neighbours), k + neighbours + 1);
    return near.filter(end => end[side] !== undefined).length > near.length / 2;
  };
  return bounds.map((own, k) => {
    const { onset, offset } = ends[k]!;
    if (onset === undefined && offset === undefined) return own;
    return {
      onset: onset !== undefined && isUsual(k, 'onset') ? onset : own.onset,
      offset: offset !== undefined && isUsual(k, 'offset') ? offset : own.offset,
    };
  });
}

const none: QrsBounds = { onset: undefined, offset: undefined };

/** The ends of the outer lobes of a beat, undefined without them. */
function lobeEnds({ voltage, rPeaks, perMs }: ComparedLead, bounds: QrsBounds, k: number): QrsBounds {
  if (bounds.onset === undefined || bounds.offset === undefined) return none;
  const [onset, offset] = [Math.round(bounds.onset), Math.round(bounds.offset)];
  const level = usualBefore(voltage, onset, Math.round(levelMs * perMs));
  const amplitude = peakToPeak(voltage, Math.max(0, onset), Math.min(voltage.length - 1, offset));
  const lobe = { voltage, level, amplitude, perMs };
  const first = k === 0 ? 0 : Math.ceil((rPeaks[k - 1]! + rPeaks[k]!) / 2);
  const next = rPeaks[k + 1];
  const last = next === undefined ? voltage.length - 1 : Math.floor((rPeaks[k]! + next) / 2);
  return {
    onset: returnOf(lobe, onset, -1, first),
    offset: returnOf(lobe, offset, 1, last),
  };
}

/** A lead with the voltage without the complex and the amplitude of that, mV. */
interface Lobe {
  readonly voltage: Float64Array;
  readonly level: number;
  readonly amplitude: number;
  readonly perMs: number;
}

/** The sample at which the lobe whose peak was taken for a bound has returned; undefined where it is none. */
function returnOf(
  { voltage, level, amplitude, perMs }: Lobe,
  bound: number,
  direction: 1 | -1,
  limit: number,
): number | undefined {
  const height = voltage[bound]! - level;
  if (!(Math.abs(height) >= least * amplitude)) return undefined;
  const sign = Math.sign(height);
  const reach = Math.round(steepMs * perMs);
  const most = Math.min(Math.round(mostMs * perMs), direction * (limit - bound));
  /** How steeply the lobe falls away from the bound, at most, in a direction. */
  const fall = (step: 1 | -1): number => {
    let steepest = 0;
    for (let i = 0; i + reach <= most; i++) {
      const drop = sign * (voltage[bound + step * i]! - voltage[bound + step * (i + reach)]!);
      if (drop > steepest) steepest = drop;
    }
    return steepest;
  };
  if (!(fall(direction) >= leastSteepness * fall(direction === 1 ? -1 : 1))) return undefined;
  for (let i = 0; i <= most; i++) {
    if (sign * (voltage[bound + direction * i]! - level) <= returned * Math.abs(height)) {
      return bound + direction * i;
    }
  }
  return undefined;
}
