/**
 * Alignment of beats: each R peak is moved by up to 30 ms to where the slope around it correlates best with the
 * record's median beat, so that jitter of the R peaks is not taken for a difference between beats.
 */

import { columnMedians } from '../../statistics.ts';
import { bestShift } from '../best-shift.ts';
import { beatsOfPart, type PlacedPart } from '../lead-part.ts';
import { featureConstants } from './feature-constants.ts';

/** The QRS complex is compared from `beforeMs` before the R peak to `afterMs` after it. */
const { reachMs, beforeMs, afterMs, rounds, leastGain } = featureConstants.alignment;

/**
 * The slope around a beat, from index `start` of `slope` on, and the range of shifts by which it may be moved without
 * passing the ends of the lead.
 */
interface Surroundings {
  readonly slope: Float64Array;
  readonly start: number;
  readonly least: number;
  readonly most: number;
}

/** Aligns the beats of a lead in two passes over its parts: first `take`, then `align`. */
export interface Alignment {
  /**
   * Adds the beats of the part from which the median beat is computed. `slope` is dV/dt of the part's voltage, mV/s.
   */
  take(part: PlacedPart, slope: Float64Array): void;
  /**
   * Writes the aligned R peaks of the part, sample indices in the lead, into `aligned`. Beats over invalid samples are
   * not moved.
   */
  align(part: PlacedPart, slope: Float64Array, aligned: Int32Array): void;
}

/** Creates an alignment. The median beat is that of the beats in `typical` (ascending indices into `rPeaks`). */
export function createAlignment(
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  typical: ArrayLike<number>,
): Alignment {
  const samples = (ms: number): number => Math.round((ms * samplingFrequency) / 1000);
  const rIndex = samples(beforeMs);
  const length = rIndex + samples(afterMs) + 1;
  const reach = samples(reachMs);
  const width = length + 2 * reach;
  const taken: Surroundings[] = [];
  let template: Float64Array | undefined;

  const surroundings = ({ offset }: PlacedPart, slope: Float64Array, beat: number): Surroundings => {
    const rPeak = rPeaks[beat]! - offset;
    const last = slope.length - 1;
    const first = rPeak - rIndex - reach;
    const least = Math.max(-reach, -rPeak);
    const most = Math.min(reach, last - rPeak);
    if (first >= 0 && first + width <= slope.length) return { slope, start: first, least, most };
    // Beyond the ends of the lead its first or last slope is repeated.
    const around = new Float64Array(width);
    for (let k = 0; k < width; k++) around[k] = slope[Math.min(Math.max(first + k, 0), last)]!;
    return { slope: around, start: 0, least, most };
  };
  const medianBeat = (shifts: Int32Array): Float64Array => {
    const windows = new Float64Array(taken.length * length);
    for (const [k, { slope, start }] of taken.entries()) {
      const from = start + reach + shifts[k]!;
      windows.set(slope.subarray(from, from + length), k * length);
    }
    return columnMedians(windows, length, Int32Array.from(taken.keys()));
  };

  return {
    take(part, slope) {
      const { first, last } = beatsOfPart(part, rPeaks);
      for (let k = 0; k < typical.length; k++) {
        const beat = typical[k]!;
        if (beat < first || beat >= last) continue;
        const { start, ...around } = surroundings(part, slope, beat);
        // The part is released before the median beat is computed.
        taken.push({ ...around, slope: around.slope.slice(start, start + width), start: 0 });
      }
    },
    align(part, slope, aligned) {
      if (template === undefined) {
        let shifts: Int32Array = new Int32Array(taken.length);
        for (let round = 1; round < rounds; round++) {
          const median = medianBeat(shifts);
          shifts = Int32Array.from(taken, around => shiftOf(around, median, reach));
        }
        template = medianBeat(shifts);
        taken.length = 0;
      }
      const { first, last } = beatsOfPart(part, rPeaks);
      for (let beat = first; beat < last; beat++) {
        aligned[beat] = rPeaks[beat]! + shiftOf(surroundings(part, slope, beat), template, reach);
      }
    },
  };
}

/** The shift with the greatest correlation, in samples; 0 over invalid samples. */
function shiftOf({ slope, start, least, most }: Surroundings, template: Float64Array, reach: number): number {
  const within = (shift: number): number => Math.min(Math.max(shift, least), most);
  const similarity = (shift: number): number => correlation(slope, start + reach + within(shift), template);
  const best = bestShift(reach, similarity, leastGain);
  return best === undefined ? 0 : within(best.shift);
}

/**
 * Correlation about zero of `template` with the slope from index `start`; NaN over invalid samples or a slope of zero.
 */
function correlation(slope: Float64Array, start: number, template: Float64Array): number {
  let product = 0;
  let energy = 0;
  for (let k = 0; k < template.length; k++) {
    const value = slope[start + k]!;
    product += value * template[k]!;
    energy += value * value;
  }
  return product / Math.sqrt(energy);
}
