/**
 * Late deflections of the QRS complex: a slurred or broad S wave, an R′ or J wave, or the last hump of a plateau, after
 * a trough, a notch or a slur that looks like the end of the complex.
 */

import { slidingLineSlopes } from '../slopes/line-slope.ts';

/** Slopes are those of a line over this time, ms. */
const lineMs = 28;
/** A flank that begins anew is searched from this long before the presumed offset, and its width measured from `backMs`. */
const searchMs = { from: -10, first: 5, late: 10, usual: 90, last: 120 };
const backMs = 60;
/** A flank that is steepest after the usual time counts when it is this many times as steep as one before that. */
const overUsual = 2;
/** The slope of such a flank is this many times as great as somewhere before it. */
const rise = 1 / 0.7;
/** The flank extends at least this far beyond the presumed offset, ms. */
const beyondMs = 8;
/** The T wave is searched this long after the flank, ms; the flank that returns from a late deflection is before that. */
const tWaveMs = { from: 72, to: 330, least: 150 };

/** What a flank after the presumed offset needs to be a late deflection. */
export interface LateDeflectionRule {
  /** A line over 28 ms has this fraction of the QRS amplitude, and the voltage changes by that one in total. */
  readonly leastPart: number;
  readonly leastChange: number;
  /** The slope is above half of its maximum for this long, ms: less is the end of the complex, more a T wave. */
  readonly leastHalfWidthMs: number;
  readonly mostHalfWidthMs: number;
  /** It is this many times as steep as the T wave after it; that one if it is steepest more than 90 ms after the offset. */
  readonly overTWave: number;
  readonly overTWaveLate: number;
}

/** The rules for a single beat and for an average of beats, in which noise is less. */
const singleBeatRule: LateDeflectionRule = {
  leastPart: 0.09,
  leastChange: 0.12,
  leastHalfWidthMs: 20,
  mostHalfWidthMs: 75,
  overTWave: 1.2,
  overTWaveLate: 2,
};
const averageRule: LateDeflectionRule = {
  ...singleBeatRule,
  leastPart: 0.075,
  mostHalfWidthMs: 95,
  overTWave: 1.05,
};

/** A late deflection that noise may hide in a single beat: similar beats are averaged to decide. */
const possibleRule: LateDeflectionRule = {
  leastPart: 0.06,
  leastChange: 0.09,
  leastHalfWidthMs: 15,
  mostHalfWidthMs: 115,
  overTWave: 0.85,
  overTWaveLate: 1.5,
};

/** The rule of a late deflection, and a no stricter one of one that is possible. */
export interface LateDeflectionRules {
  readonly certain: LateDeflectionRule;
  readonly possible: LateDeflectionRule;
}
export const singleBeatRules: LateDeflectionRules = { certain: singleBeatRule, possible: possibleRule };
export const averageRules: LateDeflectionRules = { certain: averageRule, possible: averageRule };

/** A presumed offset: sample indices of it, of the QRS onset, and of the last sample of the beat. */
export interface PresumedOffset {
  readonly onset: number;
  readonly sample: number;
  readonly limit: number;
}

/** A flank after the presumed offset, by the quantities that the rules limit. */
export interface LateFlank {
  /** The sample at which it is steepest, after the presumed offset. */
  readonly sample: number;
  /** Its change of voltage over the length of the line, and in total, relative to the QRS amplitude. */
  readonly part: number;
  readonly change: number;
  readonly halfWidthMs: number;
  /** Its slope relative to the steepest of the T wave, and whether it is more than 90 ms after the presumed offset. */
  readonly overTWave: number;
  readonly isAfterUsual: boolean;
}

/** Whether a flank is a late deflection by a rule. */
export const isLateDeflection = (flank: LateFlank, rule: LateDeflectionRule): boolean =>
  flank.part > rule.leastPart &&
  flank.change > rule.leastChange &&
  flank.halfWidthMs >= rule.leastHalfWidthMs &&
  flank.halfWidthMs <= rule.mostHalfWidthMs &&
  flank.overTWave > (flank.isAfterUsual ? rule.overTWaveLate : rule.overTWave);

/**
 * The flank of a late deflection of the QRS complex after what was taken for its offset; undefined when there is none
 * by the rule. `voltage` is in mV, `perMs` the number of samples in a millisecond.
 */
export function lateDeflection(
  voltage: Float64Array,
  { onset, sample, limit }: PresumedOffset,
  perMs: number,
  rule: LateDeflectionRule,
): LateFlank | undefined {
  const half = Math.max(1, Math.round((lineMs / 2) * perMs));
  const begin = Math.max(0, sample - Math.round(backMs * perMs));
  const end = Math.min(
    sample + Math.round((searchMs.last + tWaveMs.to) * perMs) + 1,
    Math.min(limit, voltage.length - 1 - half) + 1,
  );
  if (end - sample < (searchMs.late + tWaveMs.from + tWaveMs.least) * perMs) return undefined;
  // Places are relative to `begin`. Most offsets are rejected by the slopes just after them; those of the T wave are
  // computed only for the others.
  const offset = sample - begin;
  let count = Math.min(end - begin, offset + Math.floor(searchMs.last * perMs) + 1);
  let slope = lineSlopesFrom(voltage, half, perMs, begin, count);
  const steepest = steepestLate(slope, offset, count, perMs);
  if (steepest === undefined) return undefined;
  const most = Math.abs(slope[steepest]!);
  const amplitude = peakToPeak(voltage, Math.max(0, onset), sample);
  const part = (most * lineMs) / 1000 / amplitude;
  if (!(part > rule.leastPart)) return undefined;

  const sign = Math.sign(slope[steepest]!);
  let first = steepest;
  while (first > 0 && slope[first]! * sign > most / 2) first--;
  let last = steepest;
  while (last < count - 1 && slope[last]! * sign > most / 2) last++;
  if (last === count - 1) {
    count = end - begin;
    slope = lineSlopesFrom(voltage, half, perMs, begin, count);
    while (last < count - 1 && slope[last]! * sign > most / 2) last++;
  }
  if (last <= offset + beyondMs * perMs) return undefined;
  const halfWidthMs = (last - first) / perMs;
  if (halfWidthMs < rule.leastHalfWidthMs || halfWidthMs > rule.mostHalfWidthMs) return undefined;
  const change = Math.abs(voltage[begin + last]! - voltage[begin + first]!) / amplitude;
  if (!(change > rule.leastChange)) return undefined;

  const tFrom = begin + steepest + Math.round(tWaveMs.from * perMs);
  const tEnd = Math.min(end, begin + steepest + Math.round(tWaveMs.to * perMs) + 1);
  if (tEnd - 1 - tFrom < tWaveMs.least * perMs) return undefined;
  slope = lineSlopesFrom(voltage, half, perMs, tFrom, tEnd - tFrom);
  let later = 0;
  for (let i = 0; i < tEnd - tFrom; i++) later = Math.max(later, Math.abs(slope[i]!));
  const flank = {
    sample: Math.max(begin + steepest, sample + 1),
    part,
    change,
    halfWidthMs,
    overTWave: most / later,
    isAfterUsual: steepest - offset > searchMs.usual * perMs,
  };
  return isLateDeflection(flank, rule) ? flank : undefined;
}

/**
 * The place of the steepest of the first `count` slopes after the presumed offset, which is at `offset`; where the slope
 * decreases from it, that of the steepest flank that begins anew. Undefined without one.
 */
function steepestLate(slope: Float64Array, offset: number, count: number, perMs: number): number | undefined {
  const usual = Math.min(count - 1, offset + Math.round(searchMs.usual * perMs));
  let steepest = offset + Math.round(searchMs.first * perMs);
  let most = Math.abs(slope[steepest]!);
  for (let i = steepest + 1; i <= usual; i++) {
    const size = Math.abs(slope[i]!);
    if (size > most) {
      most = size;
      steepest = i;
    }
  }
  if (steepest >= offset + searchMs.late * perMs) {
    most *= overUsual;
    for (let i = usual; i < count; i++) {
      const size = Math.abs(slope[i]!);
      if (size > most) {
        most = size;
        steepest = i;
      }
    }
    return steepest;
  }
  let found: number | undefined;
  most = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = Math.max(0, offset + Math.round(searchMs.from * perMs)); i < count; i++) {
    const size = Math.abs(slope[i]!);
    if (size < least) least = size;
    else if (size > most && size > rise * least) {
      found = i;
      most = size;
    }
  }
  return found;
}

/** Working memory of `lineSlopesFrom`. */
let slopes = new Float64Array(512);

/** Slopes of `count` samples from `sample` on, of lines over `half` samples to either side; valid until the next call. */
function lineSlopesFrom(
  voltage: Float64Array,
  half: number,
  perMs: number,
  sample: number,
  count: number,
): Float64Array {
  if (count > slopes.length) slopes = new Float64Array(count);
  slidingLineSlopes(voltage, { half, samplingFrequency: perMs * 1000 }, sample, slopes, count);
  return slopes;
}

/** Peak-to-peak height of samples `first` to `last`; NaN with an invalid one. */
export function peakToPeak(voltage: Float64Array, first: number, last: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = first; i <= last; i++) {
    const value = voltage[i]!;
    if (Number.isNaN(value)) return value;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return highest - lowest;
}
