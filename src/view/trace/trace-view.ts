/** The trace component: one canvas for the picture and one for the cursor above it. */

import { yIn } from '../../figure/curve-line.ts';
import { type DrawingContext, line } from '../../figure/drawing-context.ts';
import { oncePerFrame } from '../animation-frame.ts';
import { fillWithCanvas } from '../canvas.ts';
import { colour, followTheme } from '../palette.ts';
import type { Timeline } from '../timeline.ts';
import { type CaliperLine, type CaliperReading, readCaliper, snapped } from './caliper.ts';
import { fiducialsOf } from './fiducials.ts';
import { followPointer } from './pointer.ts';
import { type PaintedCurve, type PaintedScene, paintScene } from './trace-painter.ts';
import type { TraceScene } from './trace-scene.ts';

/** A value under the cursor. */
export interface ReadValue {
  readonly kind: 'voltage' | 'slope';
  readonly lead: string;
  readonly units: string;
  readonly value: number;
}

export interface Readout {
  /** s */
  readonly time: number;
  readonly values: readonly ReadValue[];
}

export interface TraceViewOptions {
  readonly timeline: Timeline;
  /** Called for every picture. */
  readonly scene: () => TraceScene;
  readonly canZoom: () => boolean;
  readonly onReadout: (readout: Readout | undefined) => void;
  /** Called when a time (s) was pressed. */
  readonly onPress: (time: number) => void;
  readonly onCaliper: (reading: CaliperReading | undefined) => void;
}

export interface TraceView {
  redraw(): void;
  /** Moves the cursor to a time (s); values are read at the nearest sample. */
  moveCursor(time: number): void;
  /** Position of the cursor, s; undefined when it is not on the trace. */
  readonly cursor: number | undefined;
  /** Paints the current picture to another context, for export. */
  paintTo(pen: DrawingContext, width: number, height: number): void;
  readonly size: { readonly width: number; readonly height: number };
  destroy(): void;
}

/** Distance within which the caliper snaps to a fiducial, px. */
const grasp = 8;

export function showTrace(host: HTMLElement, options: TraceViewOptions): TraceView {
  const { timeline, scene } = options;
  host.classList.add('trace-host');
  let painted: PaintedScene | undefined;
  let cursor: number | undefined;
  let isOverlayEmpty = false;
  let caliper: readonly [CaliperLine, CaliperLine] | undefined;

  const picture = fillWithCanvas(host, 'trace-picture', () => redraw(), { isOpaque: true });
  const overlay = fillWithCanvas(host, 'trace-overlay', () => redraw());
  const redraw = oncePerFrame(() => {
    picture.fit();
    if (picture.width < 60 || picture.height < 60) return;
    painted = paintScene(picture.context as DrawingContext, scene(), picture.width, picture.height);
    drawOverlay();
  });
  const drawOverlay = (): void => {
    const isEmpty = caliper === undefined && cursor === undefined;
    if (isEmpty && isOverlayEmpty) return;
    isOverlayEmpty = isEmpty;
    overlay.fit();
    overlay.context.clearRect(0, 0, overlay.width, overlay.height);
    if (painted === undefined) return;
    const pen = overlay.context as DrawingContext;
    if (caliper) paintCaliper(pen, painted, caliper);
    if (cursor !== undefined) paintCursor(pen, painted, cursor);
  };

  const putCursor = (time: number | undefined): void => {
    cursor = time;
    drawOverlay();
    options.onReadout(
      time === undefined || painted === undefined ? undefined : readAt(painted, scene(), time),
    );
  };
  followPointer(overlay.canvas, {
    timeline,
    canZoom: options.canZoom,
    plot: () => painted?.plan.plot ?? { left: 0, width: picture.width || 1 },
    onPoint: place => putCursor(place && timeAt(painted, place)),
    onPress: place => {
      caliper = undefined;
      options.onCaliper(undefined);
      const time = timeAt(painted, place);
      if (time !== undefined) options.onPress(time);
    },
    onMeasure: (from, to) => {
      const measured = painted?.curves.find(({ placed }) => placed.kind === 'voltage');
      if (measured === undefined) return;
      caliper = caliperLines(measured, scene(), from, to);
      options.onCaliper(caliperReading(measured, scene(), caliper));
      drawOverlay();
    },
  });
  const stops = [timeline.follow(redraw), followTheme(redraw)];
  redraw();

  return {
    redraw,
    moveCursor: putCursor,
    get cursor() {
      return cursor;
    },
    paintTo(pen, width, height) {
      paintScene(pen, scene(), width, height);
    },
    get size() {
      return { width: picture.width, height: picture.height };
    },
    destroy() {
      for (const stop of stops) stop();
      picture.destroy();
      overlay.destroy();
    },
  };
}

/** The caliper lines at two horizontal positions, snapped to fiducials nearby. */
function caliperLines(
  { box }: PaintedCurve,
  { waves }: TraceScene,
  from: number,
  to: number,
): readonly [CaliperLine, CaliperLine] {
  const perPixel = (box.to - box.from) / box.width;
  const fiducials = fiducialsOf(waves);
  const at = (x: number): CaliperLine =>
    snapped(box.from + (x - box.left) * perPixel, fiducials, grasp * perPixel);
  return [at(from), at(to)];
}

/** The time at a position, by the curve whose column contains it. */
function timeAt(
  painted: PaintedScene | undefined,
  { x, y }: { readonly x: number; readonly y: number },
): number | undefined {
  const at = painted?.curves.find(
    ({ placed: { box } }) =>
      x >= box.left - 1 && x <= box.left + box.width + 1 && y >= box.top && y <= box.top + box.height,
  );
  const box = at?.placed.box ?? painted?.curves[0]?.placed.box;
  return box && box.from + ((x - box.left) / box.width) * (box.to - box.from);
}

function sampleOf({ curve }: PaintedCurve, sample: number): number {
  return curve?.values[Math.round(sample) - curve.from] ?? Number.NaN;
}

/** The values of all curves at the sample nearest to a time. */
function readAt({ curves }: PaintedScene, { signals }: TraceScene, time: number): Readout {
  const sample = Math.max(0, Math.min(signals.length - 1, Math.round(time * signals.samplingFrequency)));
  const seen = new Set<string>();
  const values: ReadValue[] = [];
  for (const painted of curves) {
    const { kind, cell } = painted.placed;
    const key = `${kind} ${cell.lead}`;
    const value = sampleOf(painted, sample);
    if (seen.has(key) || Number.isNaN(value)) continue;
    seen.add(key);
    const { name, units } = signals.leads[cell.lead]!;
    values.push({ kind, lead: name, units: kind === 'voltage' ? units : `${units}/s`, value });
  }
  return { time: sample / signals.samplingFrequency, values };
}

function paintCursor(
  pen: DrawingContext,
  { curves, plan, samplingFrequency }: PaintedScene,
  time: number,
): void {
  pen.lineWidth = 1;
  pen.strokeStyle = colour('muted');
  for (const painted of curves) {
    const { box } = painted.placed;
    if (time < box.from || time > box.to) continue;
    const x = box.left + ((time - box.from) / (box.to - box.from)) * box.width;
    line(pen, x, Math.max(plan.plot.top, box.top), x, box.top + box.height);
    const value = sampleOf(painted, time * samplingFrequency);
    if (!Number.isFinite(value)) continue;
    pen.fillStyle = colour(painted.placed.kind === 'voltage' ? 'trace' : 'derivative');
    pen.beginPath();
    pen.arc(x, yIn(painted.box, value), 3.5, 0, 2 * Math.PI);
    pen.fill();
  }
}

function paintCaliper(
  pen: DrawingContext,
  { curves }: PaintedScene,
  lines: readonly [CaliperLine, CaliperLine],
): void {
  pen.lineWidth = 1.5;
  pen.strokeStyle = colour('tangent');
  pen.fillStyle = colour('tangent');
  for (const { box, placed } of curves) {
    if (placed.cell.column > 0) continue;
    const [x1, x2] = lines.map(
      ({ sample }) => box.left + ((sample - box.from) / (box.to - box.from)) * box.width,
    ) as [number, number];
    for (const x of [x1, x2]) line(pen, x, box.top, x, box.top + box.height);
    pen.globalAlpha = 0.1;
    pen.fillRect(Math.min(x1, x2), box.top, Math.abs(x2 - x1), box.height);
    pen.globalAlpha = 1;
  }
}

function caliperReading(
  measured: PaintedCurve,
  scene: TraceScene,
  [first, second]: readonly [CaliperLine, CaliperLine],
): CaliperReading {
  const rate = scene.signals.samplingFrequency;
  const { beats } = scene;
  const earlier = Math.min(first.sample, second.sample) / rate;
  const beat = beats ? beats.time.findIndex(time => time >= earlier) : -1;
  const rr = beats && beat >= 0 ? beats.rr[beat] : undefined;
  return readCaliper(first, second, rate, sample => sampleOf(measured, sample), rr);
}
