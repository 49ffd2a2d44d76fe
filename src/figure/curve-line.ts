/** Drawing of a curve in a box: a line through the samples, or a bar from minimum to maximum for each pixel column. */
import type { Box, DrawingContext } from './drawing-context.ts';

/** Samples of one curve; the first is sample `from` of the record. */
export interface Curve {
  readonly from: number;
  readonly values: Float64Array;
}

/** The box of a curve: time horizontally, value vertically. */
export interface CurveBox extends Box {
  /** Sample positions at the left and right edge; they may lie between samples or outside the record. */
  readonly from: number;
  readonly to: number;
  /** Values at the bottom and the top edge. */
  readonly low: number;
  readonly high: number;
}

/** Horizontal pixel position of a sample index. */
export const xIn = ({ left, width, from, to }: CurveBox, sample: number): number =>
  left + ((sample - from) / (to - from)) * width;

/** Vertical pixel position of a value. */
export const yIn = ({ top, height, low, high }: CurveBox, value: number): number =>
  top + ((high - value) / (high - low)) * height;

/** Number of samples per pixel above which bars are drawn. */
const samplesPerPixel = 2;

/** Adds a curve to the path of a drawing context; NaN interrupts the line. */
export function traceCurve(pen: DrawingContext, box: CurveBox, { from: start, values }: Curve): void {
  const perPixel = (box.to - box.from) / box.width;
  const first = Math.max(0, Math.floor(box.from) - start);
  const end = Math.min(values.length, Math.ceil(box.to) + 1 - start);
  if (perPixel <= samplesPerPixel) {
    let isDown = false;
    for (let i = first; i < end; i++) {
      const value = values[i]!;
      if (Number.isFinite(value)) {
        const [x, y] = [xIn(box, start + i), yIn(box, value)];
        if (isDown) pen.lineTo(x, y);
        else pen.moveTo(x, y);
        isDown = true;
      } else isDown = false;
    }
    return;
  }
  const columns = Math.ceil(box.width);
  const [low, high] = [new Float32Array(columns), new Float32Array(columns)];
  columnExtremes({ from: start, values }, box.from, perPixel, low, high);
  traceBars(pen, box, low, high);
}

/**
 * Smallest and largest sample in each column of `perColumn` samples from sample position `from` on; NaN in a column
 * without finite samples.
 */
export function columnExtremes(
  { from: start, values }: Curve,
  from: number,
  perColumn: number,
  low: Float32Array,
  high: Float32Array,
): void {
  low.fill(Number.NaN);
  high.fill(Number.NaN);
  const first = Math.max(0, Math.floor(from) - start);
  const end = Math.min(values.length, Math.ceil(from + low.length * perColumn) + 1 - start);
  for (let i = first; i < end; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    const column = Math.floor((start + i - from) / perColumn);
    if (column < 0 || column >= low.length) continue;
    if (!(value >= low[column]!)) low[column] = value;
    if (!(value <= high[column]!)) high[column] = value;
  }
}

/** Adds bars from `low` to `high`, one per pixel column, each connected to the previous one; NaN leaves a gap. */
export function traceBars(pen: DrawingContext, box: CurveBox, low: Float32Array, high: Float32Array): void {
  let isDown = false;
  for (let column = 0; column < low.length; column++) {
    const bottom = low[column]!;
    if (Number.isNaN(bottom)) {
      isDown = false;
      continue;
    }
    const x = box.left + column + 0.5;
    const [yHigh, yLow] = [yIn(box, high[column]!), yIn(box, bottom)];
    // At least half a pixel, because a flat line would otherwise be invisible.
    if (isDown) pen.lineTo(x, yHigh);
    else pen.moveTo(x, yHigh);
    pen.lineTo(x, Math.max(yLow, yHigh + 0.5));
    isDown = true;
  }
}

/** Smallest and largest finite value between two samples; undefined when there is none. */
export function rangeOf(
  { from: start, values }: Curve,
  from: number,
  to: number,
): readonly [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const end = Math.min(values.length, Math.ceil(to) - start);
  for (let i = Math.max(0, Math.floor(from) - start); i < end; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : undefined;
}
