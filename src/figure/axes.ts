/** A box with linear axes: frame, ticks and labels. */
import { type Box, type DrawingContext, fontOf, line } from './drawing-context.ts';

/** Range of an axis, and its label. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** A box and its two axes. */
export interface Axes {
  readonly box: Box;
  readonly x: Axis;
  readonly y: Axis;
}

const textSize = 11;

/** Horizontal pixel position of a value. */
export const xAt = ({ box, x }: Axes, value: number): number =>
  box.left + ((value - x.from) / (x.to - x.from)) * box.width;

/** Vertical pixel position of a value. */
const yAt = ({ box, y }: Axes, value: number): number =>
  box.top + ((y.to - value) / (y.to - y.from)) * box.height;

/** Paints frame, ticks at round values, and labels; they need 52 pixels to the left of the box and 40 below it. */
export function paintAxes(pen: DrawingContext, axes: Axes, title: string): void {
  const { box, x, y } = axes;
  const bottom = box.top + box.height;
  pen.fillStyle = '#222';
  pen.font = fontOf(textSize + 1, 600);
  pen.textAlign = 'left';
  pen.textBaseline = 'bottom';
  pen.fillText(title, box.left, box.top - 4);
  pen.font = fontOf(textSize);
  pen.lineWidth = 1;
  pen.textBaseline = 'top';
  pen.textAlign = 'center';
  for (const value of roundValues(x, box.width / 70)) {
    pen.strokeStyle = '#e4e4e4';
    line(pen, xAt(axes, value), box.top, xAt(axes, value), bottom);
    pen.fillText(tickText(value), xAt(axes, value), bottom + 4);
  }
  pen.fillText(x.label, box.left + box.width / 2, bottom + 20);
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  for (const value of roundValues(y, box.height / 35)) {
    line(pen, box.left, yAt(axes, value), box.left + box.width, yAt(axes, value));
    pen.fillText(tickText(value), box.left - 5, yAt(axes, value));
  }
  pen.textBaseline = 'bottom';
  pen.fillText(y.label, box.left + box.width, box.top - 4);
  pen.strokeStyle = '#888';
  pen.strokeRect(box.left, box.top, box.width, box.height);
}

/** The number with a true minus sign. */
const tickText = (value: number): string => String(Number(value.toPrecision(6))).replace('-', '−');

/** Multiples of 1, 2 or 5 times a power of ten within the axis range, at most about `most` of them. */
export function roundValues({ from, to }: Pick<Axis, 'from' | 'to'>, most: number): number[] {
  const least = (to - from) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = ([1, 2, 5].find(digit => digit * power >= least * (1 - 1e-9)) ?? 10) * power;
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.max(0, Math.floor(to / step + 1e-9) - first + 1);
  return Array.from({ length: count }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

/**
 * Range of the finite values, extended by a margin on either side as a fraction of the range; 0 to 1 when there are
 * none.
 */
export function rangeAround(values: readonly number[], marginShare = 0.06): { from: number; to: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(low <= high)) return { from: 0, to: 1 };
  const margin = high > low ? (high - low) * marginShare : Math.max(1e-3, Math.abs(high) * 0.1);
  return { from: low - margin, to: high + margin };
}

/** Paints a line through points, interrupted at points that are not finite. */
export function paintLine(
  pen: DrawingContext,
  axes: Axes,
  points: Iterable<readonly [number, number]>,
  colour: string,
): void {
  pen.strokeStyle = colour;
  pen.beginPath();
  let isDown = false;
  for (const [x, y] of points) {
    if (!Number.isFinite(x + y)) {
      isDown = false;
      continue;
    }
    if (isDown) pen.lineTo(xAt(axes, x), yAt(axes, y));
    else pen.moveTo(xAt(axes, x), yAt(axes, y));
    isDown = true;
  }
  pen.stroke();
}

/** Paints a dot at each point. */
export function paintDots(
  pen: DrawingContext,
  axes: Axes,
  points: Iterable<readonly [number, number]>,
  colour: string,
  radius = 1.3,
): void {
  pen.fillStyle = colour;
  pen.beginPath();
  for (const [x, y] of points) pen.arc(xAt(axes, x), yAt(axes, y), radius, 0, 2 * Math.PI);
  pen.fill();
}
