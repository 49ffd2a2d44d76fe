/** Paints a trace scene: curves, spans, symbols and the time axis. */

import { type DrawingContext, fontOf, inside, line } from '../../figure/drawing-context.ts';
import { timeStepsFor } from '../../figure/ecg-paper.ts';
import { marksWithin } from '../annotate/mark-document.ts';
import { symbolColour } from '../annotate/mark-style.ts';
import { colour } from '../palette.ts';
import { type PaintedBefore, type PaintedCurve, paintCurves } from './curve-painter.ts';
import { paintSpans } from './span-lanes.ts';
import { planScene, type ScenePlan, symbolRow, type TraceScene, windowWidth } from './trace-scene.ts';

export interface PaintedScene {
  readonly plan: ScenePlan;
  /** Hz */
  readonly samplingFrequency: number;
  readonly curves: readonly PaintedCurve[];
}

export interface SceneSize {
  readonly width: number;
  readonly height: number;
}

/** Paints the scene into `width` × `height` pixels. */
export function paintScene(
  pen: DrawingContext,
  given: TraceScene,
  { width, height }: SceneSize,
  before: PaintedBefore,
): PaintedScene {
  const scene = before.tiles
    ? { ...given, ...before.tiles.aligned(given, windowWidth(given, width)) }
    : given;
  const plan = planScene(scene, width, height);
  pen.fillStyle = colour('panel');
  pen.fillRect(0, 0, width, height);
  const curves = paintCurves(pen, scene, plan.curves, before);
  paintSpans(pen, plan.plot, plan.lanes, scene, plan.symbolsTop);
  paintSymbols(pen, scene, plan);
  paintTimeAxis(pen, scene, plan, height);
  return { plan, samplingFrequency: scene.signals.samplingFrequency, curves };
}

/** Symbols nearer than this to the previous one are drawn as ticks, px. */
const symbolSpacing = 9;

function paintSymbols(pen: DrawingContext, scene: TraceScene, { plot, symbolsTop, curves }: ScenePlan): void {
  const { startSeconds: from, endSeconds: to, frameFrequency } = scene;
  // In a layout of several columns the symbols belong to the rhythm strip, or the time of the first column would be
  // wrong.
  const hasColumns = curves.some(({ cell }) => cell.column > 0);
  const isSpread = !hasColumns || curves.some(({ cell }) => cell.isRhythm);
  if (!isSpread) return;
  const xOf = (sample: number): number =>
    plot.left + ((sample / frameFrequency - from) / (to - from)) * plot.width;
  inside(pen, { ...plot, left: plot.left - 6, width: plot.width + 12 }, () => {
    scene.annotators.forEach(({ name, marks }, row) => {
      const top = symbolsTop + row * symbolRow;
      const visible = marksWithin(marks, from * frameFrequency, to * frameFrequency);
      const isDense = visible.length > plot.width / symbolSpacing;
      pen.textBaseline = 'middle';
      pen.textAlign = 'center';
      let lastTick = Number.NEGATIVE_INFINITY;
      for (const mark of visible) {
        const x = xOf(mark.sample);
        const isChosen = scene.chosen.has(mark);
        pen.fillStyle = colour(isChosen ? 'tangent' : symbolColour(mark.symbol));
        if (isDense) {
          // At most one tick per pixel, except for symbols other than N, which are always drawn.
          if (x - lastTick < 1 && mark.symbol === 'N' && !isChosen) continue;
          lastTick = x;
          pen.fillRect(x - 0.5, top + 4, 1, symbolRow - 8);
          continue;
        }
        if (isChosen) {
          pen.globalAlpha = 0.25;
          pen.fillRect(x - 8, top + 1, 16, symbolRow - 2);
          pen.globalAlpha = 1;
        }
        if (mark === scene.selected) {
          pen.globalAlpha = 0.18;
          pen.fillRect(x - 9, top, 18, plot.top + plot.height - top);
          pen.globalAlpha = 1;
        }
        pen.font = fontOf(13, 700);
        pen.fillText(mark.symbol, x, top + symbolRow / 2);
        if (mark.isProposed) {
          // Unconfirmed proposals are underlined.
          pen.fillRect(x - 4, top + symbolRow - 3, 8, 1.5);
        }
      }
      if (scene.annotators.length > 1) {
        pen.textAlign = 'left';
        pen.font = fontOf(10);
        // On a ground of its own, so that symbols do not cross it.
        pen.fillStyle = colour('panel');
        pen.globalAlpha = 0.85;
        pen.fillRect(plot.left, top + 2, 5.6 * name.length + 4, symbolRow - 4);
        pen.globalAlpha = 1;
        pen.fillStyle = colour('muted');
        pen.fillText(name, plot.left + 2, top + symbolRow / 2);
      }
    });
  });
}

function paintTimeAxis(
  pen: DrawingContext,
  scene: TraceScene,
  { plot, curves }: ScenePlan,
  height: number,
): void {
  const columns = Math.max(1, ...curves.map(({ cell }) => cell.column + 1));
  const hasRhythm = curves.some(({ cell }) => cell.isRhythm);
  const isWhole = columns === 1 || hasRhythm;
  const { startSeconds: from, endSeconds: to } = scene;
  const seconds = isWhole ? to - from : (to - from) / columns;
  const width = isWhole ? plot.width : plot.width / columns;
  const perSecond = width / seconds;
  const step = labelStep(perSecond);
  pen.font = fontOf(11);
  pen.fillStyle = colour('muted');
  pen.strokeStyle = colour('muted');
  pen.lineWidth = 1;
  pen.textBaseline = 'bottom';
  pen.textAlign = 'center';
  for (let k = Math.ceil(from / step - 1e-9); k * step <= from + seconds + 1e-9; k++) {
    const x = plot.left + (k * step - from) * perSecond;
    line(pen, x, plot.top + plot.height, x, plot.top + plot.height + 4);
    const text = scene.timeText(k * step, step);
    const half = (text.length * 6) / 2;
    if (x - half < 0 || x + half > plot.left + width + 8) continue;
    pen.fillText(text, x, height - 2);
  }
}

const labelSteps = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400,
];

/** Seconds between labels, at least 80 px apart. */
export const labelStep = (pixelsPerSecond: number): number =>
  labelSteps.find(step => step * pixelsPerSecond >= 80) ??
  Math.max(labelSteps.at(-1)!, timeStepsFor(pixelsPerSecond)[1]);
