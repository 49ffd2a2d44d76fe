/** Paints the curves of a scene with their paper and names, and chooses the visible range of values. */

import { type CurveBox, rangeOf, traceBars, traceCurve } from '../../figure/curve-line.ts';
import { type DrawingContext, inside } from '../../figure/drawing-context.ts';
import { paintCalibration, paintPaper } from '../../figure/ecg-paper.ts';
import { colour } from '../palette.ts';
import { paintEmpty, paintNames } from './curve-labels.ts';
import type { CurveTiles } from './curve-tiles.ts';
import { paintFiducials, paintTangents } from './fiducials.ts';
import { curveBox, isNear, type PlacedCurve, type TraceScene } from './trace-scene.ts';
import type { Curve } from './trace-signals.ts';

/** A painted curve, for reading values at the cursor. */
export interface PaintedCurve {
  readonly placed: PlacedCurve;
  readonly box: CurveBox;
  /** Undefined where only the envelope was drawn. */
  readonly curve: Curve | undefined;
}

/** What is kept from one picture to the next. */
export interface PaintedBefore {
  /** The tiles of the curves; undefined to paint each curve whole. */
  readonly tiles: CurveTiles | undefined;
  /** The visible range of values of each curve: it changes only when the data need it. */
  readonly ranges: Map<string, Range>;
}

type Range = readonly [low: number, high: number];

/** Largest distance between the window and the edge of the tile next to those that show a part of it, px. */
const tileReach = 2 * 256 + 8;

/** A curve with its range, before it is painted. */
interface PreparedCurve extends PaintedCurve {
  readonly id: string;
  /** Whether there is anything to draw. */
  readonly isEmpty: boolean;
  readonly range: Range;
  readonly tiles: CurveTiles | undefined;
}

/**
 * Paints the curves of a scene into the part of the picture that is theirs. At the scale of ECG paper a curve may leave
 * its row, as on paper; otherwise each is fitted to its own.
 */
export function paintCurves(
  pen: DrawingContext,
  scene: TraceScene,
  curves: readonly PlacedCurve[],
  before: PaintedBefore,
): readonly PaintedCurve[] {
  const prepared = curves.map(placed => prepare(scene, placed, before));
  const voltages = curves.filter(({ kind }) => kind === 'voltage').map(({ box }) => box);
  const top = Math.min(...voltages.map(box => box.top));
  const height = Math.max(...voltages.map(box => box.top + box.height)) - top;
  const isFree = ({ placed }: PreparedCurve): boolean => mayOverlap(scene, placed);
  for (const curve of prepared) {
    if (isFree(curve)) paintGrid(pen, scene, curve, curve.box);
    else paintInRow(pen, scene, curve);
  }
  for (const curve of prepared.filter(isFree)) {
    const column = { ...curve.placed.box, top, height };
    inside(pen, column, () => paintLine(pen, scene, curve, curve.box));
  }
  for (const curve of prepared) paintAbove(pen, scene, curve);
  return prepared;
}

/** Whether a curve has the fixed scale of the paper and shares the picture with others. */
const mayOverlap = (scene: TraceScene, { kind }: PlacedCurve): boolean =>
  scene.pixelsPerMillivolt !== undefined && scene.layout.rows > 1 && kind === 'voltage';

function prepare(scene: TraceScene, placed: PlacedCurve, before: PaintedBefore): PreparedCurve {
  const { samplingFrequency } = scene.signals;
  const { lead, column, row, isInverted } = placed.cell;
  const [from, to] = [placed.box.from * samplingFrequency, placed.box.to * samplingFrequency];
  // Tiles reach beyond the window; while samples there are being read, the curve is painted without tiles.
  const around = ((to - from) / placed.box.width) * tileReach;
  const tiles = scene.layout.columns === 1 && !mayOverlap(scene, placed) ? before.tiles : undefined;
  const wide = tiles && curveIn(scene, placed, from - around, to + around);
  const curve = wide ?? curveIn(scene, placed, from, to);
  const data = curve ? rangeOf(curve, from, to) : farRange(scene, placed, from, to);
  const id = `${placed.kind} ${lead} ${column} ${row}`;
  const range = steadyRange(scene, placed, data, id, before.ranges);
  const [low, high] = isInverted ? [range[1], range[0]] : range;
  const box = curveBox(placed, samplingFrequency, low, high);
  const isTiled = wide !== undefined || curve === undefined;
  return { placed, box, curve, id, isEmpty: data === undefined, range, tiles: isTiled ? tiles : undefined };
}

/** Paints paper and curve into the curve's own box, from tiles where there are any. */
function paintInRow(pen: DrawingContext, scene: TraceScene, prepared: PreparedCurve): void {
  const { placed, box, id, tiles, curve } = prepared;
  const paint = (into: DrawingContext, part: CurveBox): void => {
    paintGrid(into, scene, prepared, part);
    paintLine(into, scene, prepared, part);
  };
  if (tiles === undefined) {
    inside(pen, placed.box, () => paint(pen, box));
    return;
  }
  const { scheme, filter } = scene.processing;
  const { samplingFrequency } = scene.signals;
  tiles.draw({ id, box, samplingFrequency, look: `${scheme} ${filter} ${curve !== undefined}` }, paint);
}

/** Paints what lies over a curve: tangents, fiducials, the calibration pulse and names. */
function paintAbove(pen: DrawingContext, scene: TraceScene, prepared: PreparedCurve): void {
  const { placed, box, curve, isEmpty, range } = prepared;
  const { lead, column, isInverted } = placed.cell;
  if (curve && lead === scene.slopeLead && column === 0 && !isInverted) {
    inside(pen, placed.box, () => {
      paintTangents(pen, scene, box, placed.kind, curve);
      if (placed.kind === 'voltage') paintFiducials(pen, scene, box, curve);
    });
  }
  if (placed.pulse) {
    paintCalibration(pen, pulseBox(box, placed.pulse), scene.signals.samplingFrequency, colour('ink'));
  }
  paintNames(pen, scene, placed, range);
  if (isEmpty) paintEmpty(pen, scene, placed, curve !== undefined);
}

/** The box of a curve's calibration pulse: beside the curve, or where 0 to 1 mV is not in its box, in the middle. */
function pulseBox(box: CurveBox, pulse: NonNullable<PlacedCurve['pulse']>): CurveBox {
  const [bottom, top] = [Math.min(box.low, box.high), Math.max(box.low, box.high)];
  const half = (top - bottom) / 2;
  if (pulse === 'inside' && bottom <= 0 && top >= 1) return box;
  const left = pulse === 'beside' ? box.left + box.width + 6 : box.left;
  return { ...box, left, low: 0.5 - half, high: 0.5 + half };
}

/** The samples that contain `[from, to)`; undefined while they are being read, or where the envelope is drawn. */
function curveIn(
  { signals, processing }: TraceScene,
  placed: PlacedCurve,
  from: number,
  to: number,
): Curve | undefined {
  if (!isNear(placed, signals.samplingFrequency)) return undefined;
  const [first, end] = [Math.max(0, Math.floor(from)), Math.min(signals.length, Math.ceil(to) + 1)];
  return signals.curve(placed.kind, placed.cell.lead, first, end, processing);
}

/** Paints the paper of a curve into a box: the curve's own, or that of a tile. */
function paintGrid(
  pen: DrawingContext,
  { signals }: TraceScene,
  { placed }: PreparedCurve,
  box: CurveBox,
): void {
  const upright = placed.cell.isInverted ? { ...box, low: box.high, high: box.low } : box;
  paintPaper(pen, upright, signals.samplingFrequency, {
    thin: colour('paper-thin'),
    thick: colour('paper-thick'),
  });
}

/** Paints a curve into a box: its own, or that of a tile. */
function paintLine(
  pen: DrawingContext,
  { signals }: TraceScene,
  { placed: { kind, cell }, curve }: PreparedCurve,
  box: CurveBox,
): void {
  pen.strokeStyle = colour(kind === 'voltage' ? 'trace' : 'derivative');
  // A hairline where many samples share a pixel: it looks the same and is drawn several times as fast.
  pen.lineWidth = (box.to - box.from) / box.width > 1.5 ? 1 : 1.4;
  pen.lineJoin = 'bevel';
  pen.beginPath();
  if (curve) traceCurve(pen, box, curve);
  else {
    const columns = Math.ceil(box.width);
    const [low, high] = [new Float32Array(columns), new Float32Array(columns)];
    if (signals.envelope(kind, cell.lead, box, low, high)) traceBars(pen, box, low, high);
  }
  pen.stroke();
}

/** Columns of the envelope that the range of a far view is read from, made once. */
const coarse = { low: new Float32Array(128), high: new Float32Array(128) };

/** The range of values in view by the pyramid, at most a column wider than the window. */
function farRange(
  { signals }: TraceScene,
  { kind, cell }: PlacedCurve,
  from: number,
  to: number,
): Range | undefined {
  const { low, high } = coarse;
  if (!signals.envelope(kind, cell.lead, { from, to }, low, high)) return undefined;
  let smallest = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < low.length; k++) {
    if (low[k]! < smallest) smallest = low[k]!;
    if (high[k]! > largest) largest = high[k]!;
  }
  return smallest <= largest ? [smallest, largest] : undefined;
}

/**
 * The range of the previous picture while it has the scale of the paper or the data fill half of it, and none lie outside:
 * so the curve does not jump while the window moves.
 */
function steadyRange(
  scene: TraceScene,
  placed: PlacedCurve,
  data: Range | undefined,
  id: string,
  ranges: Map<string, Range>,
): Range {
  const { scheme, filter } = scene.processing;
  const wanted = valueRange(scene, placed, data);
  if (data === undefined) return wanted;
  const key = `${id} ${placed.kind === 'slope' ? scheme : ''} ${filter}`;
  const held = ranges.get(key);
  const share = held && (wanted[1] - wanted[0]) / (held[1] - held[0]);
  const isPaper = scene.pixelsPerMillivolt !== undefined && placed.kind === 'voltage';
  const isSteady =
    held !== undefined &&
    (isPaper ? Math.abs(share! - 1) < 1e-9 : share! >= 0.5) &&
    data[0] >= held[0] &&
    data[1] <= held[1];
  if (isSteady) return held;
  ranges.set(key, wanted);
  return wanted;
}

/** The visible range of values: by the scale of the paper, or fitted to the data in view. */
function valueRange(scene: TraceScene, { kind, box }: PlacedCurve, range: Range | undefined): Range {
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
