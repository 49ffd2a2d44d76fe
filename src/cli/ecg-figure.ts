/** A publication figure of an ECG as SVG: leads stacked vertically, dV/dt below each, and beat labels at the top. */

import { roundValues } from '../figure/axes.ts';
import { type Curve, type CurveBox, rangeOf, traceCurve, xIn } from '../figure/curve-line.ts';
import { type DrawingContext, fontOf, inside, line } from '../figure/drawing-context.ts';
import { paintCalibration, paintPaper } from '../figure/ecg-paper.ts';
import { createSvgContext } from '../figure/svg-context.ts';

/** One lead of the figure; sample indices count from its first sample. */
export interface FigureLead {
  readonly name: string;
  /** mV. */
  readonly voltage: Float64Array;
  /** mV/s; absent to leave it out. */
  readonly slope?: Float64Array;
}

export interface FigureOptions {
  readonly title: string;
  /** Hz. */
  readonly samplingFrequency: number;
  /** Time of the first sample from the start of the record, s. */
  readonly start: number;
  readonly beats: readonly { readonly sample: number; readonly symbol: string }[];
  readonly paper: boolean;
  /** px. */
  readonly width: number;
  readonly fontSize: number;
  /** Height of 1 mV in mm; by default each lead is scaled to fill its box. */
  readonly mmPerMillivolt?: number | undefined;
}

const paperColours = { thin: '#f8e9e7', thick: '#eec9c4' };
const plainColours = { thin: '#ffffff', thick: '#ececec' };
const ink = '#1b232c';
const slopeColour = '#0072b2';
const beatColour = '#d55e00';
/** CSS pixels per mm. */
const pixelsPerMm = 96 / 25.4;
const boxHeight = { voltage: 120, slope: 80 };

/** Renders the figure as an SVG document. */
export function ecgFigure(leads: readonly FigureLead[], options: FigureOptions): string {
  const { width, fontSize, title, beats } = options;
  const left = 5.2 * fontSize;
  const boxWidth = width - left - fontSize;
  const rows = leads.flatMap(lead => [
    { lead, kind: 'voltage' as const, values: lead.voltage },
    ...(lead.slope === undefined ? [] : [{ lead, kind: 'slope' as const, values: lead.slope }]),
  ]);
  const top = 2.4 * fontSize + (beats.length > 0 ? 1.6 * fontSize : 0);
  const plotHeight = rows.reduce((sum, { kind }) => sum + boxHeight[kind] + 6, 0);
  const height = Math.ceil(top + plotHeight + 3.4 * fontSize);
  const { pen, document } = createSvgContext(width, height);
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = ink;
  pen.font = fontOf(1.15 * fontSize, 600);
  pen.textAlign = 'left';
  pen.textBaseline = 'top';
  pen.fillText(title, left, 0.5 * fontSize);
  let y = top;
  let lowest: CurveBox | undefined;
  for (const { lead, kind, values } of rows) {
    const curve: Curve = { from: 0, values };
    const box = boxOf(curve, kind, { left, top: y, width: boxWidth, height: boxHeight[kind] }, options);
    const name = kind === 'voltage' ? lead.name : `dV/dt ${lead.name}`;
    paintRow(pen, box, { curve, name, kind }, options);
    y += boxHeight[kind] + 6;
    lowest = box;
  }
  if (lowest !== undefined) {
    paintTime(pen, lowest, options);
    paintBeats(pen, lowest, top, options);
  }
  return document();
}

function boxOf(
  curve: Curve,
  kind: 'voltage' | 'slope',
  place: { left: number; top: number; width: number; height: number },
  { mmPerMillivolt }: FigureOptions,
): CurveBox {
  const to = Math.max(1, curve.values.length - 1);
  const [low, high] = rangeOf(curve, 0, curve.values.length) ?? [-1, 1];
  if (kind === 'voltage' && mmPerMillivolt !== undefined) {
    const span = place.height / (mmPerMillivolt * pixelsPerMm);
    const middle = Math.round((low + high) / 2 / 0.5) * 0.5;
    return { ...place, from: 0, to, low: middle - span / 2, high: middle + span / 2 };
  }
  const margin = Math.max(0.08 * (high - low), 1e-3);
  return { ...place, from: 0, to, low: low - margin, high: high + margin };
}

function paintRow(
  pen: DrawingContext,
  box: CurveBox,
  { curve, name, kind }: { readonly curve: Curve; readonly name: string; readonly kind: 'voltage' | 'slope' },
  { samplingFrequency, paper, fontSize }: FigureOptions,
): void {
  if (kind === 'voltage') paintPaper(pen, box, samplingFrequency, paper ? paperColours : plainColours);
  inside(pen, box, () => {
    pen.strokeStyle = kind === 'voltage' ? ink : slopeColour;
    pen.lineWidth = 1.2;
    pen.lineJoin = 'bevel';
    pen.beginPath();
    traceCurve(pen, box, curve);
    pen.stroke();
  });
  if (paper && kind === 'voltage' && box.low <= 0 && box.high >= 1)
    paintCalibration(pen, box, samplingFrequency, ink);
  pen.strokeStyle = '#999';
  pen.lineWidth = 0.7;
  pen.strokeRect(box.left, box.top, box.width, box.height);
  pen.fillStyle = kind === 'voltage' ? ink : slopeColour;
  pen.font = fontOf(fontSize, 600);
  pen.textAlign = 'right';
  pen.textBaseline = 'top';
  pen.fillText(name, box.left + box.width - 4, box.top + 3);
  pen.font = fontOf(0.9 * fontSize);
  pen.textBaseline = 'middle';
  for (const value of roundValues({ from: box.low, to: box.high }, box.height / (2.4 * fontSize))) {
    const y = box.top + ((box.high - value) / (box.high - box.low)) * box.height;
    pen.fillText(String(value), box.left - 4, y);
  }
  pen.textBaseline = 'top';
  pen.textAlign = 'left';
  pen.fillText(kind === 'voltage' ? 'mV' : 'mV/s', 2, box.top + 3);
}

function paintTime(
  pen: DrawingContext,
  box: CurveBox,
  { samplingFrequency, start, fontSize }: FigureOptions,
): void {
  const bottom = box.top + box.height;
  const end = start + box.to / samplingFrequency;
  pen.fillStyle = ink;
  pen.strokeStyle = ink;
  pen.lineWidth = 0.7;
  pen.font = fontOf(0.9 * fontSize);
  pen.textAlign = 'center';
  pen.textBaseline = 'top';
  for (const time of roundValues({ from: start, to: end }, box.width / (6 * fontSize))) {
    const x = xIn(box, (time - start) * samplingFrequency);
    line(pen, x, bottom, x, bottom + 4);
    pen.fillText(String(time), x, bottom + 6);
  }
  pen.fillText('time, s', box.left + box.width / 2, bottom + 6 + 1.3 * fontSize);
}

function paintBeats(
  pen: DrawingContext,
  box: CurveBox,
  top: number,
  { beats, fontSize }: FigureOptions,
): void {
  pen.fillStyle = beatColour;
  pen.font = fontOf(fontSize, 700);
  pen.textAlign = 'center';
  pen.textBaseline = 'bottom';
  for (const { sample, symbol } of beats) {
    if (sample < box.from || sample > box.to) continue;
    pen.fillText(symbol === '' ? '▾' : symbol, xIn(box, sample), top - 2);
  }
}
