/** Consistency of the P waves before neighbouring beats: the mean correlation of all pairs of their slopes. */
import { type BeatWindow, between, cutWindows } from '../features/beat-window.ts';
import { featureConstants } from '../features/feature-constants.ts';
import { beatsOfPart, type PlacedPart } from '../lead-part.ts';
import { beatsAround } from './beats-around.ts';

const { rhythm, intervals } = featureConstants;

/** The slope directions before each beat of a lead, part by part; parts need a margin of a second. */
export function createPWaveDirections(window: BeatWindow, rPeaks: ArrayLike<number>) {
  const step = Math.max(1, Math.round(rhythm.pWaveGrain * window.samplingFrequency));
  let directions: Float64Array | undefined;
  return {
    /** Adds a part; `aligned` are the aligned R peaks of the lead. */
    add(part: PlacedPart, aligned: Int32Array): void {
      const { first, last } = beatsOfPart(part, rPeaks);
      const places = aligned.subarray(first, last).map(place => place - part.offset);
      const before = between(cutWindows(part.voltage, places, window), window, ...intervals.pWave);
      const found = slopeDirections(before.data, before.shape[1]!, step);
      const length = directionLength(before.shape[1]!, step);
      directions ??= new Float64Array(rPeaks.length * length);
      directions.set(found, first * length);
    },
    /** `[beats · length]`, row by row. */
    result: (): Float64Array => directions ?? new Float64Array(0),
  };
}

const directionLength = (width: number, step: number): number => Math.floor(width / step) - 1;

/**
 * For each beat the mean, over all pairs of typical beats around it, of the correlation about zero of dV/dt from 240 to
 * 80 ms before the R peak: near 1 with a constant P wave, near 0 in fibrillation. dV/dt is the change between
 * successive means over 1/90 s.
 */
export function pWaveConsistency(directions: Float64Array, isTypical: Uint8Array): Float64Array {
  const length = directions.length / isTypical.length;
  const sum = new Float64Array(length);
  return Float64Array.from(isTypical, (_, beat) => {
    const near = beatsAround(beat, isTypical);
    sum.fill(0);
    for (const other of near) {
      for (let k = 0; k < length; k++) sum[k]! += directions[other * length + k]!;
    }
    // |Σu|² contains each pair twice and the product of each direction with itself once.
    const square = sum.reduce((total, value) => total + value * value, 0);
    return (square - near.length) / (near.length * (near.length - 1));
  });
}

/** For each row of `width` samples the changes between means over `step` samples, scaled to length 1. */
function slopeDirections(rows: ArrayLike<number>, width: number, step: number): Float64Array {
  const count = directionLength(width, step);
  const directions = new Float64Array((rows.length / width) * count);
  const sumFrom = (first: number): number => {
    let sum = 0;
    for (let i = first; i < first + step; i++) sum += rows[i]!;
    return sum;
  };
  for (let row = 0; row < rows.length / width; row++) {
    const direction = directions.subarray(row * count, (row + 1) * count);
    for (let k = 0; k < count; k++) {
      const first = row * width + k * step;
      direction[k] = sumFrom(first + step) - sumFrom(first);
    }
    const norm = Math.hypot(...direction) + 1e-9;
    for (let k = 0; k < count; k++) direction[k]! /= norm;
  }
  return directions;
}
