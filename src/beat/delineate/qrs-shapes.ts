/**
 * The mean QRS complexes of a lead: beats of one shape are aligned and averaged, so that what is decided on their
 * complex is decided once for all of them, with less noise than in any of them (leader clustering: J. A. Hartigan,
 * Clustering Algorithms, Wiley, 1975, ch. 3).
 */
import { median } from '../../statistics.ts';
import { bestShift } from '../best-shift.ts';
import { levelBeforeQrs } from './isoelectric-level.ts';
import type { QrsBounds } from './qrs-end.ts';

/** Least similarity of beats of one shape, over their complexes and this time around them, ms. */
const leastSimilarity = 0.9;
const marginMs = 10;
/** Largest shift of a beat during alignment, ms. */
const shiftMs = 12;
/** Samples this far apart are compared, ms. */
const stepMs = 6;
/** The search ends at a shape that is more similar than this. */
const sufficient = 0.97;
/** The variance of a shape is that of its beats from this number on. */
const fewestBeats = 4;
/** Largest number of shapes; a beat unlike all of them has one of its own. */
const mostShapes = 8;

/** A shape of QRS complex; sample indices are relative to the R peak of its first beat. */
export interface QrsShape {
  /** Mean voltage relative to the level before the QRS complex, mV, from `from` on. */
  readonly mean: Float64Array;
  readonly from: number;
  /** Number of beats averaged. */
  readonly beats: number;
  /** Standard error of each sample of the mean, mV; with few beats, by the variance of the other shapes. */
  readonly errors: Float64Array;
  /** Medians of the bounds. */
  readonly onset: number;
  readonly offset: number;
}

/** The shape of a beat, and the samples from its R peak to the sample 0 of the shape. */
export interface ShapedBeat {
  readonly shape: QrsShape;
  readonly shift: number;
}

interface GrowingShape {
  readonly mean: Float64Array;
  /** Sums of the squared deviations from the mean. */
  readonly squares: Float64Array;
  beats: number;
  readonly onsets: number[];
  readonly offsets: number[];
}

/** A complex relative to the level before it, and its bounds as indices of `voltage`. */
interface Complex {
  readonly voltage: Float64Array;
  readonly onset: number;
  readonly offset: number;
}

/**
 * The shape of each beat. `voltage` is in mV, without pacing spikes; `bounds` are sample indices. Undefined for a beat
 * without both bounds or with an invalid sample between them.
 */
export function qrsShapes(
  voltage: Float64Array,
  samplingFrequency: number,
  rPeaks: ArrayLike<number>,
  bounds: readonly QrsBounds[],
): (ShapedBeat | undefined)[] {
  const shift = Math.round((shiftMs * samplingFrequency) / 1000);
  const margin = Math.round((marginMs * samplingFrequency) / 1000);
  const reach = { before: 0, after: 0 };
  for (const [k, { onset, offset }] of bounds.entries()) {
    if (onset === undefined || offset === undefined) continue;
    reach.before = Math.max(reach.before, rPeaks[k]! - Math.round(onset));
    reach.after = Math.max(reach.after, Math.round(offset) - rPeaks[k]!);
  }
  const before = reach.before + margin + 2 * shift;
  const length = before + reach.after + margin + 2 * shift + 1;
  const step = Math.max(1, Math.floor((stepMs * samplingFrequency) / 1000));
  const shapes: GrowingShape[] = [];
  const places = bounds.map((of, k) => {
    const complex = complexOf(voltage, samplingFrequency, rPeaks[k]! - before, length, of);
    return complex && join(shapes, complex, { shift, margin, step });
  });
  const found = finished(shapes, before);
  return places.map(place => place && { shape: found.get(place.shape)!, shift: place.shift });
}

/** The shapes with their bounds and standard errors. */
function finished(shapes: readonly GrowingShape[], before: number): Map<GrowingShape, QrsShape> {
  let [total, freedom] = [0, 0];
  for (const { squares, beats } of shapes) {
    if (beats < fewestBeats) continue;
    for (const square of squares) total += square;
    freedom += (beats - 1) * squares.length;
  }
  const pooled = freedom === 0 ? 0 : total / freedom;
  return new Map(
    shapes.map(shape => {
      const { mean, squares, beats, onsets, offsets } = shape;
      const variance = (sum: number): number => (beats < fewestBeats ? pooled : sum / (beats - 1));
      const errors = squares.map(sum => Math.sqrt(variance(sum) / beats));
      const onset = Math.round(median(onsets)) - before;
      const offset = Math.round(median(offsets)) - before;
      return [shape, { mean, from: -before, beats, errors, onset, offset }];
    }),
  );
}

function complexOf(
  voltage: Float64Array,
  samplingFrequency: number,
  start: number,
  length: number,
  bounds: QrsBounds,
): Complex | undefined {
  if (bounds.onset === undefined || bounds.offset === undefined) return undefined;
  const [onset, offset] = [Math.round(bounds.onset), Math.round(bounds.offset)];
  const level = levelBeforeQrs(voltage, samplingFrequency, onset);
  if (level === undefined) return undefined;
  const complex = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const value = voltage[start + i];
    if (value !== undefined && value - value === 0) complex[i] = value - level;
    else if (start + i >= onset && start + i <= offset) return undefined;
  }
  return { voltage: complex, onset: onset - start, offset: offset - start };
}

/** Largest shift, margin around the bounds, and distance of compared samples, in samples. */
interface Comparison {
  readonly shift: number;
  readonly margin: number;
  readonly step: number;
}

/** Adds a beat to the shape it resembles most, or to a new one. */
function join(
  shapes: GrowingShape[],
  complex: Complex,
  comparison: Comparison,
): { readonly shape: GrowingShape; readonly shift: number } {
  let found: { shape: GrowingShape; shift: number } | undefined;
  let greatest = leastSimilarity;
  for (const shape of shapes.slice(0, mostShapes)) {
    const best = bestShift(comparison.shift, shift => similarity(complex, shape.mean, shift, comparison));
    if (best === undefined || best.similarity < greatest) continue;
    found = { shape, shift: best.shift };
    greatest = best.similarity;
    if (greatest > sufficient) break;
  }
  const { voltage, onset, offset } = complex;
  if (found === undefined) {
    const empty = (): Float64Array => new Float64Array(voltage.length);
    found = { shape: { mean: empty(), squares: empty(), beats: 0, onsets: [], offsets: [] }, shift: 0 };
    shapes.push(found.shape);
  }
  const { shape, shift } = found;
  const { mean, squares } = shape;
  shape.beats++;
  shape.onsets.push(onset - shift);
  shape.offsets.push(offset - shift);
  const to = Math.min(mean.length, mean.length - shift);
  for (let i = Math.max(0, -shift); i < to; i++) {
    const deviation = voltage[i + shift]! - mean[i]!;
    mean[i]! += deviation / shape.beats;
    squares[i]! += deviation * (voltage[i + shift]! - mean[i]!);
  }
  return found;
}

/** Similarity of a complex, shifted, and a mean: 2⟨a, b⟩ / (|a|² + |b|²). */
function similarity(
  { voltage, onset, offset }: Complex,
  mean: Float64Array,
  shift: number,
  { margin, step }: Comparison,
): number {
  let [products, squares] = [0, 0];
  for (let i = onset - margin; i <= offset + margin; i += step) {
    const a = voltage[i]!;
    const b = mean[i - shift]!;
    products += a * b;
    squares += a * a + b * b;
  }
  return (2 * products) / squares;
}
