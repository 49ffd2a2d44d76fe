/** A publication figure of an ECG as SVG: leads stacked vertically, dV/dt below each, and beat labels at the top. */

import { roundValues } from '../figure/axes.ts';
import { type Curve, type CurveBox, rangeOf, traceCurve, xIn } from '../figure/curve-line.ts';
import { type DrawingContext, fitted, fontOf, inside, line } from '../figure/drawing-context.ts';
import { calibrationPlace, paintCalibration, paintPaper, timeStepsFor } from '../figure/ecg-paper.ts';
import { createSvgContext } from '../figure/svg-context.ts';

/** One lead of the figure; sample indices count from its first sample. */
export interface FigureLead {
  readonly name: string;
  /** mV; absent to leave it out. */
  readonly voltage?: Float64Array;
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
  /** Family of the text; by default a sans-serif one of the system. */
  readonly font?: string | undefined;
  /** Height of 1 mV in mm; by default each lead is scaled to fill its box. */
  readonly mmPerMillivolt?: number | undefined;
}

const paperColours = { thin: '#f8e9e7', thick: '#eec9c4' };
const plainColours = { thin: '#ffffff', thick: '#ececec' };
const ink = '#1b232c';
const calibrationColour = '#9aa3ab';
const slopeColour = '#0072b2';
const beatColour = '#d55e00';
/** CSS pixels per mm. */
const pixelsPerMm = 96 / 25.4;
const boxHeight = { voltage: 120, slope: 80 };
/** Width of the column of names and ticks, and of the margin on the right, in text sizes. */
const leftSizes = 7.6;
const rightSizes = 1;

/** The font families of the text: the requested one, otherwise those that journals require. */
const figureFont = (family: string | undefined): string =>
  family === undefined
    ? 'Helvetica, Arial, "DejaVu Sans", sans-serif'
    : `"${family.replace(/["\\]/g, '')}", sans-serif`;

/** Renders the figure as an SVG document. */
export function ecgFigure(leads: readonly FigureLead[], options: FigureOptions): string {
  const { width, fontSize, title, beats } = options;
  const font = figureFont(options.font);
  const left = leftSizes * fontSize;
  const boxWidth = width - left - rightSizes * fontSize;
  const rows = leads.flatMap(lead => [
    ...(lead.voltage === undefined ? [] : [{ lead, kind: 'voltage' as const, values: lead.voltage }]),
    ...(lead.slope === undefined ? [] : [{ lead, kind: 'slope' as const, values: lead.slope }]),
  ]);
  const top = 2.4 * fontSize + (beats.length > 0 ? 1.6 * fontSize : 0);
  const plotHeight = rows.reduce((sum, row) => sum + heightOf(row, options) + 6, 0);
  const height = Math.ceil(top + plotHeight + 3.4 * fontSize);
  const { pen, document } = createSvgContext(width, height);
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = ink;
  pen.font = fontOf(1.15 * fontSize, 600, font);
  pen.textAlign = 'left';
  pen.textBaseline = 'top';
  pen.fillText(title, left, 0.5 * fontSize);
  let y = top;
  const boxes = rows.map(row => {
    const height = heightOf(row, options);
    const place = { left, top: y, width: boxWidth, height };
    y += height + 6;
    return boxOf({ from: 0, values: row.values }, row.kind, place, options);
  });
  const isPulsed = options.paper && rows.some(({ kind }, k) => kind === 'voltage' && holdsPulse(boxes[k]!));
  const placed = isPulsed ? boxes.map(box => withSpaceForPulse(box, options.samplingFrequency)) : boxes;
  for (const [k, { lead, kind, values }] of rows.entries()) {
    paintRow(pen, placed[k]!, { curve: { from: 0, values }, name: lead.name, kind }, options);
  }
  const lowest = placed.at(-1);
  if (lowest !== undefined) {
    paintTime(pen, lowest, options);
    paintBeats(pen, lowest, top, options);
  }
  return document();
}

/** Height of a row, px: enough for the whole voltage at the requested scale. */
function heightOf(
  { kind, values }: { readonly kind: 'voltage' | 'slope'; readonly values: Float64Array },
  { mmPerMillivolt }: FigureOptions,
): number {
  if (kind === 'slope' || mmPerMillivolt === undefined) return boxHeight[kind];
  const [low, high] = rangeOf({ from: 0, values }, 0, values.length) ?? [0, 0];
  // Half a millivolt above and below, because the box is centred on a multiple of it.
  return Math.ceil(Math.max(boxHeight.voltage, (high - low + 0.5) * mmPerMillivolt * pixelsPerMm));
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

/** Whether a box shows the voltages of the calibration pulse, 0 to 1 mV. */
const holdsPulse = ({ low, high }: CurveBox): boolean => low <= 0 && high >= 1;

/** The box with its samples moved right of the calibration pulse. */
function withSpaceForPulse(box: CurveBox, samplingFrequency: number): CurveBox {
  const { lead, trail, seconds } = calibrationPlace;
  // The space of the pulse is part of the width, so the samples are drawn closer together.
  const share = (lead + trail) / box.width;
  const from = (-seconds * samplingFrequency - share * box.to) / (1 - share);
  return { ...box, from };
}

function paintRow(
  pen: DrawingContext,
  box: CurveBox,
  { curve, name, kind }: { readonly curve: Curve; readonly name: string; readonly kind: 'voltage' | 'slope' },
  { samplingFrequency, paper, fontSize, font }: FigureOptions,
): void {
  const family = figureFont(font);
  if (kind === 'voltage') paintPaper(pen, box, samplingFrequency, paper ? paperColours : plainColours);
  if (paper && kind === 'voltage' && holdsPulse(box))
    paintCalibration(pen, box, samplingFrequency, calibrationColour);
  inside(pen, box, () => {
    pen.strokeStyle = kind === 'voltage' ? ink : slopeColour;
    pen.lineWidth = 1.2;
    pen.lineJoin = 'bevel';
    pen.beginPath();
    traceCurve(pen, box, curve);
    pen.stroke();
  });
  pen.strokeStyle = '#999';
  pen.lineWidth = 0.7;
  pen.strokeRect(box.left, box.top, box.width, box.height);
  pen.fillStyle = kind === 'voltage' ? ink : slopeColour;
  pen.font = fontOf(fontSize, 600, family);
  pen.textAlign = 'left';
  pen.textBaseline = 'top';
  const lines = kind === 'voltage' ? [name] : ['dV/dt', name];
  for (const [k, text] of lines.entries()) {
    pen.fillText(fitted(text, fontSize, nameSizes * fontSize), 2, box.top + 3 + 1.3 * k * fontSize);
  }
  pen.font = fontOf(0.9 * fontSize, 400, family);
  const unit = kind === 'voltage' ? 'mV' : 'mV/s';
  pen.fillText(unit, 2, box.top + 3 + 1.3 * lines.length * fontSize);
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  for (const value of ticksOf(box, fontSize)) {
    const y = box.top + ((box.high - value) / (box.high - box.low)) * box.height;
    line(pen, box.left - 4, y, box.left, y);
    pen.fillText(tickText(value), box.left - 6, y);
  }
}

/** Width of a name beside a row, in text sizes. */
const nameSizes = 4;
/** Distances of ticks in text sizes; the widest that leaves three of them. */
const tickSizes = [2.4, 1.8, 1.3];

function ticksOf(box: CurveBox, fontSize: number): number[] {
  const choices = tickSizes.map(sizes =>
    roundValues({ from: box.low, to: box.high }, box.height / (sizes * fontSize)),
  );
  return choices.find(values => values.length >= 3) ?? choices.at(-1)!;
}

/** A number with a true minus sign. */
const tickText = (value: number): string => String(value).replace('-', '−');

function paintTime(
  pen: DrawingContext,
  box: CurveBox,
  { samplingFrequency, start, fontSize, font, paper }: FigureOptions,
): void {
  const family = figureFont(font);
  const bottom = box.top + box.height;
  const end = start + box.to / samplingFrequency;
  pen.fillStyle = ink;
  pen.strokeStyle = ink;
  pen.lineWidth = 0.7;
  pen.font = fontOf(0.9 * fontSize, 400, family);
  pen.textAlign = 'center';
  pen.textBaseline = 'top';
  for (const time of roundValues({ from: start, to: end }, box.width / (6 * fontSize))) {
    const x = xIn(box, (time - start) * samplingFrequency);
    line(pen, x, bottom, x, bottom + 4);
    pen.fillText(tickText(time), x, bottom + 6);
  }
  pen.fillText('time, s', box.left + box.width / 2, bottom + 6 + 1.3 * fontSize);
  if (paper) {
    pen.textAlign = 'right';
    const [seconds] = timeStepsFor((box.width / (box.to - box.from)) * samplingFrequency);
    pen.fillText(`grid ${Math.round(1000 * seconds)} ms`, box.left + box.width, bottom + 6 + 1.3 * fontSize);
  }
}

function paintBeats(
  pen: DrawingContext,
  box: CurveBox,
  top: number,
  { beats, fontSize, font }: FigureOptions,
): void {
  const family = figureFont(font);
  pen.fillStyle = beatColour;
  pen.font = fontOf(fontSize, 700, family);
  pen.textAlign = 'center';
  pen.textBaseline = 'bottom';
  for (const { sample, symbol } of beats) {
    if (sample < box.from || sample > box.to) continue;
    pen.fillText(symbol === '' ? '▾' : symbol, xIn(box, sample), top - 2);
  }
}
