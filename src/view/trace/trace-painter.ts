/** Paints a trace scene: paper, curves, spans, symbols, tangents, waves and the time axis. */

import { type CurveBox, rangeOf, traceBars, traceCurve } from '../../figure/curve-line.ts';
import { type DrawingContext, fontOf, inside, line } from '../../figure/drawing-context.ts';
import { paintCalibration, paintPaper, timeStepsFor } from '../../figure/ecg-paper.ts';
import { marksWithin } from '../annotate/mark-document.ts';
import { symbolColour } from '../annotate/mark-style.ts';
import { decimals } from '../number-format.ts';
import { colour } from '../palette.ts';
import { paintFiducials, paintTangents } from './fiducials.ts';
import { finestBucket } from './pyramid.ts';
import { paintSpans } from './span-lanes.ts';
import {
  axisWidth,
  curveBox,
  type PlacedCurve,
  planScene,
  type ScenePlan,
  symbolRow,
  type TraceScene,
} from './trace-scene.ts';
import type { Curve } from './trace-signals.ts';

/** A painted curve, for reading values at the cursor. */
export interface PaintedCurve {
  readonly placed: PlacedCurve;
  readonly box: CurveBox;
  /** Undefined where only the envelope was drawn. */
  readonly curve: Curve | undefined;
}

export interface PaintedScene {
  readonly plan: ScenePlan;
  /** Hz */
  readonly samplingFrequency: number;
  readonly curves: readonly PaintedCurve[];
}

/** Paints the scene into `width` × `height` pixels. */
export function paintScene(
  pen: DrawingContext,
  scene: TraceScene,
  width: number,
  height: number,
): PaintedScene {
  const plan = planScene(scene, width, height);
  pen.fillStyle = colour('panel');
  pen.fillRect(0, 0, width, height);
  const curves = plan.curves.map(placed => paintPlaced(pen, scene, placed));
  paintSpans(pen, plan.plot, plan.lanes, scene, plan.symbolsTop);
  paintSymbols(pen, scene, plan);
  paintTimeAxis(pen, scene, plan, height);
  return { plan, samplingFrequency: scene.signals.samplingFrequency, curves };
}

/** Where a pixel covers more than a bucket, the pyramid gives the same picture without samples. */
const isNear = ({ box }: PlacedCurve, samplingFrequency: number): boolean =>
  ((box.to - box.from) * samplingFrequency) / box.width <= finestBucket;

function paintPlaced(pen: DrawingContext, scene: TraceScene, placed: PlacedCurve): PaintedCurve {
  const { signals } = scene;
  const { samplingFrequency } = signals;
  const { lead, isInverted } = placed.cell;
  const from = placed.box.from * samplingFrequency;
  const to = placed.box.to * samplingFrequency;
  const curve = isNear(placed, samplingFrequency)
    ? signals.curve(placed.kind, lead, Math.floor(from), Math.ceil(to) + 1, scene.processing)
    : undefined;
  const columns = Math.ceil(placed.box.width);
  const low = new Float32Array(columns);
  const high = new Float32Array(columns);
  const hasEnvelope = curve === undefined && signals.envelope(placed.kind, lead, { from, to }, low, high);
  const range = curve ? rangeOf(curve, from, to) : hasEnvelope ? extent(low, high) : undefined;
  const [bottom, top] = valueRange(scene, placed, range);
  const box = curveBox(placed, samplingFrequency, isInverted ? top : bottom, isInverted ? bottom : top);
  paintPaper(pen, isInverted ? { ...box, low: bottom, high: top } : box, samplingFrequency, {
    thin: colour('paper-thin'),
    thick: colour('paper-thick'),
  });
  inside(pen, placed.box, () => {
    pen.strokeStyle = colour(placed.kind === 'voltage' ? 'trace' : 'derivative');
    // A hairline where many samples share a pixel: it looks the same and is drawn several times as fast.
    pen.lineWidth = (to - from) / placed.box.width > 1.5 ? 1 : 1.4;
    pen.lineJoin = 'bevel';
    pen.beginPath();
    if (curve) traceCurve(pen, box, curve);
    else if (hasEnvelope) traceBars(pen, box, low, high);
    pen.stroke();
    if (curve && lead === scene.slopeLead && placed.cell.column === 0 && !isInverted) {
      paintTangents(pen, scene, box, placed.kind, curve);
      if (placed.kind === 'voltage') paintFiducials(pen, scene, box, curve);
    }
  });
  if (scene.hasCalibration && placed.kind === 'voltage' && placed.cell.column === 0) {
    paintCalibration(pen, box, samplingFrequency, colour('ink'));
  }
  paintNames(pen, scene, placed, range === undefined, [bottom, top]);
  return { placed, box, curve };
}

/** The visible range of values: by the scale of the paper, or fitted to the data in view. */
function valueRange(
  scene: TraceScene,
  { kind, box }: PlacedCurve,
  range: readonly [number, number] | undefined,
): readonly [number, number] {
  if (scene.pixelsPerMillivolt !== undefined && kind === 'voltage') {
    const span = box.height / scene.pixelsPerMillivolt;
    // Centred on the signal, on whole boxes, so that the range seldom changes.
    const middle = range === undefined ? 0 : Math.round((range[0] + range[1]) / 2 / 0.5) * 0.5;
    return [middle - span / 2, middle + span / 2];
  }
  if (range === undefined) return [-1, 1];
  const size = range[1] - range[0];
  if (!(size > 1e-9 * Math.max(1, Math.abs(range[1])))) return [range[0] - 0.5, range[1] + 0.5];
  const step = 10 ** Math.floor(Math.log10(size)) / 4;
  return [
    Math.floor((range[0] - 0.06 * size) / step) * step,
    Math.ceil((range[1] + 0.06 * size) / step) * step,
  ];
}

function extent(low: Float32Array, high: Float32Array): readonly [number, number] | undefined {
  let smallest = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < low.length; k++) {
    if (low[k]! < smallest) smallest = low[k]!;
    if (high[k]! > largest) largest = high[k]!;
  }
  return smallest <= largest ? [smallest, largest] : undefined;
}

function paintNames(
  pen: DrawingContext,
  scene: TraceScene,
  placed: PlacedCurve,
  isEmpty: boolean,
  [bottom, top]: readonly [number, number],
): void {
  const { kind, cell, box } = placed;
  const { name, units } = scene.signals.leads[cell.lead]!;
  pen.textBaseline = 'top';
  pen.textAlign = 'left';
  pen.font = fontOf(12, 650);
  pen.fillStyle = colour(kind === 'voltage' ? 'ink' : 'derivative');
  const shown = `${cell.isInverted ? '−' : ''}${name}`;
  const label = kind === 'voltage' ? shown : `${scene.words.slope} ${shown}`;
  const indent = scene.hasCalibration && cell.column === 0 && kind === 'voltage' ? 40 : 6;
  pen.fillText(label, box.left + indent, box.top + 3);
  if (isEmpty) {
    pen.font = fontOf(12);
    pen.fillStyle = colour('muted');
    const isFar = kind === 'slope' && !isNear(placed, scene.signals.samplingFrequency);
    pen.fillText(isFar ? scene.words.zoomForSlope : scene.words.loading, box.left + indent, box.top + 20);
  }
  if (cell.column > 0) return;
  pen.font = fontOf(11);
  pen.fillStyle = colour('muted');
  pen.textAlign = 'right';
  const places = top - bottom < 5 ? 1 : 0;
  pen.fillText(decimals(top, places), axisWidth - 6, box.top + 2);
  pen.textBaseline = 'bottom';
  pen.fillText(decimals(bottom, places), axisWidth - 6, box.top + box.height - 2);
  if (box.height > 56) {
    pen.textBaseline = 'middle';
    pen.fillText(kind === 'voltage' ? units : `${units}/s`, axisWidth - 6, box.top + box.height / 2);
  }
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
        pen.fillStyle = colour(symbolColour(mark.symbol));
        if (isDense) {
          // At most one tick per pixel, except for symbols other than N, which are always drawn.
          if (x - lastTick < 1 && mark.symbol === 'N') continue;
          lastTick = x;
          pen.fillRect(x - 0.5, top + 4, 1, symbolRow - 8);
          continue;
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
