/** The area in which a lesson's figure is painted: within the axes of a plot on the page, or in an SVG document. */

import { type DrawingContext, fontOf } from '../../figure/drawing-context.ts';
import { type Colour, colour } from '../palette.ts';
import type { Surface } from '../plot.ts';

export interface Figure {
  readonly pen: DrawingContext;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Units of the drawing context per CSS pixel. */
  readonly scale: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly colour: (name: Colour) => string;
}

/** The plotting area of a plot on the page. */
export const figureOf = (surface: Surface): Figure => ({
  pen: surface.context as unknown as DrawingContext,
  left: surface.left,
  top: surface.top,
  width: surface.width,
  height: surface.height,
  scale: surface.scale,
  x: value => surface.x(value),
  y: value => surface.y(value),
  colour,
});

export interface LineStyle {
  readonly colour: Colour;
  /** Line width, CSS pixels; default 2. */
  readonly width?: number;
  readonly dash?: readonly number[];
}

function apply(
  { pen, scale, colour: inTheme }: Figure,
  { colour: name, width = 2, dash = [] }: LineStyle,
): void {
  pen.strokeStyle = inTheme(name);
  pen.lineWidth = width * scale;
  pen.lineJoin = 'round';
  pen.setLineDash(dash.map(length => length * scale));
}

/** Draws a line through points, interrupted at points that are not finite. */
export function curve(figure: Figure, points: Iterable<readonly [number, number]>, style: LineStyle): void {
  const { pen } = figure;
  pen.save();
  apply(figure, style);
  pen.beginPath();
  let isDown = false;
  for (const [x, y] of points) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      isDown = false;
      continue;
    }
    // Limited, because a canvas draws coordinates far outside it incorrectly.
    const [left, top] = [bounded(figure.x(x)), bounded(figure.y(y))];
    if (isDown) pen.lineTo(left, top);
    else pen.moveTo(left, top);
    isDown = true;
  }
  pen.stroke();
  pen.restore();
}

const bounded = (value: number): number => Math.min(1e5, Math.max(-1e5, value));

/** Draws a straight line with an arrowhead at its end. */
export function arrow(
  figure: Figure,
  from: readonly [number, number],
  to: readonly [number, number],
  style: LineStyle,
): void {
  curve(figure, [from, to], style);
  const { pen, scale } = figure;
  const [x1, y1, x2, y2] = [figure.x(from[0]), figure.y(from[1]), figure.x(to[0]), figure.y(to[1])];
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length < 1) return;
  const [u, v] = [((x2 - x1) / length) * 9 * scale, ((y2 - y1) / length) * 9 * scale];
  pen.save();
  pen.fillStyle = figure.colour(style.colour);
  pen.beginPath();
  pen.moveTo(x2 + 0.3 * u, y2 + 0.3 * v);
  pen.lineTo(x2 - u - 0.5 * v, y2 - v + 0.5 * u);
  pen.lineTo(x2 - u + 0.5 * v, y2 - v - 0.5 * u);
  pen.closePath();
  pen.fill();
  pen.restore();
}

/** Draws a filled circle with an outline in the panel's colour. */
export function dot(figure: Figure, [x, y]: readonly [number, number], name: Colour, radius = 5): void {
  const { pen, scale } = figure;
  const [left, top] = [figure.x(x), figure.y(y)];
  if (!Number.isFinite(left) || !Number.isFinite(top)) return;
  pen.save();
  pen.fillStyle = figure.colour(name);
  pen.strokeStyle = figure.colour('panel');
  pen.lineWidth = 1.5 * scale;
  pen.beginPath();
  pen.arc(left, top, radius * scale, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
  pen.restore();
}

export interface LabelStyle {
  readonly colour?: Colour;
  readonly align?: CanvasTextAlign;
  readonly baseline?: CanvasTextBaseline;
  readonly size?: number;
  readonly weight?: number;
  /** Offset from the point, CSS pixels. */
  readonly shift?: readonly [number, number];
  /** Whether what lies behind the text is covered, so that lines do not cross it. */
  readonly covers?: boolean;
}

/** The approximate width of a text in CSS pixels; an SVG has none to measure. */
const textWidth = (text: string, size: number): number =>
  [...text].reduce((sum, character) => sum + size * (character > '\u2fff' ? 1 : 0.58), 0);

/** Draws text at a point, moved sideways where it would leave the figure. */
export function label(
  figure: Figure,
  text: string,
  [x, y]: readonly [number, number],
  {
    colour: name = 'ink',
    align = 'left',
    baseline = 'middle',
    size = 12,
    weight = 400,
    shift = [0, 0],
    covers = false,
  }: LabelStyle = {},
): void {
  const { pen, scale } = figure;
  const width = textWidth(text, size) * scale;
  const before = { left: 0, center: width / 2, right: width }[align as 'left' | 'center' | 'right'];
  const least = figure.left + before;
  const most = figure.left + figure.width - width + before;
  const across = Math.max(least, Math.min(most, figure.x(x) + shift[0] * scale));
  const down = figure.y(y) + shift[1] * scale;
  pen.save();
  if (covers) {
    pen.fillStyle = figure.colour('panel');
    pen.globalAlpha = 0.85;
    pen.fillRect(across - before, down - 0.6 * size * scale, width, 1.2 * size * scale);
    pen.globalAlpha = 1;
  }
  pen.font = fontOf(size * scale, weight);
  pen.textAlign = align;
  pen.textBaseline = baseline;
  pen.fillStyle = figure.colour(name);
  pen.fillText(text, across, down);
  pen.restore();
}

/** Draws a horizontal bar from zero to `value` at height `y`; `thickness` is in CSS pixels. */
export function bar(figure: Figure, value: number, y: number, name: Colour, thickness: number): void {
  const { pen, scale } = figure;
  const [zero, end] = [figure.x(0), figure.x(value)];
  pen.save();
  pen.fillStyle = figure.colour(name);
  pen.fillRect(
    Math.min(zero, end),
    figure.y(y) - (thickness * scale) / 2,
    Math.abs(end - zero),
    thickness * scale,
  );
  pen.restore();
}
