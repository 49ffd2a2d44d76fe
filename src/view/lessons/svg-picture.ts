/** The static figure of a lesson as an SVG document: its panels in the initial state, one below the other. */

import { type DrawingContext, fontOf, inside, line } from '../../figure/drawing-context.ts';
import { createSvgContext } from '../../figure/svg-context.ts';
import { logTickText, tickTexts } from '../number-format.ts';
import type { Colour } from '../palette.ts';
import type { Figure } from './figure.ts';
import type { LessonView, Panel } from './lesson-view.ts';

const width = 720;
const margin = { left: 62, right: 16, top: 30, bottom: 44 };

/** Paints the panels as SVG text; `colour` gives the colours of the style sheet's light theme. */
export function svgPicture<S>({ panels, start }: LessonView<S>, colour: (name: Colour) => string): string {
  const heights = panels.map(({ height, bare }) => height + margin.top + (bare ? 12 : margin.bottom));
  const total = heights.reduce((sum, height) => sum + height, 0);
  const { pen, document } = createSvgContext(width, total);
  pen.fillStyle = colour('panel');
  pen.fillRect(0, 0, width, total);
  let top = 0;
  panels.forEach((panel, k) => {
    paintPanel(pen, panel, start, top + margin.top, colour);
    top += heights[k]!;
  });
  return document();
}

function paintPanel<S>(
  pen: DrawingContext,
  panel: Panel<S>,
  state: S,
  top: number,
  colour: (name: Colour) => string,
): void {
  const left = panel.bare ? 16 : margin.left;
  const box = { left, top, width: width - left - margin.right, height: panel.height };
  const [x0, x1] = panel.xRange;
  const [y0, y1] = panel.yRange;
  const height = (value: number): number =>
    panel.yLog
      ? (Math.log(Math.max(value, 1e-300)) - Math.log(y0)) / (Math.log(y1) - Math.log(y0))
      : (value - y0) / (y1 - y0);
  const figure: Figure = {
    ...{ pen, ...box, scale: 1, colour },
    x: value => left + (box.width * (value - x0)) / (x1 - x0),
    y: value => top + box.height * (1 - height(value)),
  };
  pen.fillStyle = colour('ink');
  pen.font = fontOf(13, 600);
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  pen.fillText(panel.title, left, top - 14);
  if (!panel.bare) paintAxes(figure, panel);
  inside(pen, box, () => panel.paint(figure, state));
}

function paintAxes<S>(figure: Figure, panel: Panel<S>): void {
  const { pen, left, top, width: wide, height: high, colour } = figure;
  pen.lineWidth = 1;
  pen.font = fontOf(11);
  const xs = ticks(...panel.xRange);
  const ys = panel.yLog ? logTicks(...panel.yRange) : ticks(...panel.yRange);
  pen.strokeStyle = colour('grid');
  for (const x of xs) line(pen, figure.x(x), top, figure.x(x), top + high);
  for (const y of ys) line(pen, left, figure.y(y), left + wide, figure.y(y));
  pen.fillStyle = colour('muted');
  pen.textAlign = 'center';
  pen.textBaseline = 'top';
  tickTexts(xs).forEach((text, k) => {
    pen.fillText(text, figure.x(xs[k]!), top + high + 5);
  });
  pen.fillText(panel.xLabel, left + wide / 2, top + high + 22);
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  const words = panel.yLog ? ys.map(value => logTickText(value) ?? '') : tickTexts(ys);
  words.forEach((text, k) => {
    pen.fillText(text, left - 6, figure.y(ys[k]!));
  });
}

/** About five round numbers within a range. */
function ticks(from: number, to: number): number[] {
  const rough = (to - from) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(digit => digit * power).find(each => each >= rough)!;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

/** 1, 2 and 5 times the powers of ten within a range; for a wide range only the powers of ten. */
function logTicks(from: number, to: number): number[] {
  const digits = to / from > 1e3 ? [1] : [1, 2, 5];
  const found: number[] = [];
  for (let power = Math.floor(Math.log10(from)); 10 ** power <= to; power++) {
    for (const digit of digits) {
      const value = Number((digit * 10 ** power).toPrecision(1));
      if (value >= from && value <= to) found.push(value);
    }
  }
  return found;
}
