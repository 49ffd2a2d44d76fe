/** The trace component: one canvas for the picture and one for the cursor above it. */

import type { DrawingContext } from '../../figure/drawing-context.ts';
import { oncePerFrame } from '../animation-frame.ts';
import { type FilledCanvas, fillWithCanvas } from '../canvas.ts';
import { followTheme } from '../palette.ts';
import { centreOf, type Timeline } from '../timeline.ts';
import type { CaliperLine, CaliperReading } from './caliper.ts';
import { caliperLines, caliperReading, paintCaliper } from './caliper-overlay.ts';
import { paintCursor, type Readout, readAt, timeAt } from './cursor.ts';
import { createCurveTiles } from './curve-tiles.ts';
import { followPointer } from './pointer.ts';
import { type PaintedScene, paintScene } from './trace-painter.ts';
import type { TraceScene } from './trace-scene.ts';

export interface TraceViewOptions {
  readonly timeline: Timeline;
  /** Called for every picture. */
  readonly scene: () => TraceScene;
  readonly canZoom: () => boolean;
  /** Whether a drag measures instead of panning. */
  readonly isMeasuring: () => boolean;
  readonly onReadout: (readout: Readout | undefined) => void;
  /** Called when a time (s) was pressed. */
  readonly onPress: (time: number) => void;
  readonly onCaliper: (reading: CaliperReading | undefined) => void;
}

export interface TraceView {
  /** Paints everything anew. */
  redraw(): void;
  /** Paints the picture after a change that does not concern the curves already painted. */
  update(): void;
  /** Moves the cursor to a time (s); values are read at the nearest sample. */
  moveCursor(time: number): void;
  /** Starts a caliper at the cursor, which the cursor then draws out, or ends it. */
  toggleCaliper(): void;
  /** Position of the cursor, s; undefined when it is not on the trace. */
  readonly cursor: number | undefined;
  /** Paints the current picture to another context, for export. */
  paintTo(pen: DrawingContext, width: number, height: number): void;
  readonly size: { readonly width: number; readonly height: number };
  destroy(): void;
}

/** The picture as it was painted last, and what is drawn above it. */
interface TraceState {
  painted: PaintedScene | undefined;
  /** s */
  cursor: number | undefined;
  caliper: readonly [CaliperLine, CaliperLine] | undefined;
  /** Where a caliper began that the cursor draws out, s. */
  anchor: number | undefined;
  isOverlayEmpty: boolean;
}

const nothingYet: Readonly<TraceState> = {
  painted: undefined,
  cursor: undefined,
  caliper: undefined,
  anchor: undefined,
  isOverlayEmpty: false,
};

export function showTrace(host: HTMLElement, options: TraceViewOptions): TraceView {
  const { timeline, scene } = options;
  host.classList.add('trace-host');
  const state: TraceState = { ...nothingYet };
  const picture = fillWithCanvas(host, 'trace-picture', () => redraw(), { isOpaque: true });
  const overlay = fillWithCanvas(host, 'trace-overlay', () => redraw());
  const before = { tiles: createCurveTiles(picture.context), ranges: new Map() };
  const draw = oncePerFrame(() => {
    picture.fit();
    if (picture.width < 60 || picture.height < 60) return;
    state.painted = paintScene(picture.context as DrawingContext, scene(), picture, before);
    drawOverlay(overlay, state);
  });
  // In panning and zooming the curves stay the same.
  const redraw = (): void => {
    before.tiles.clear();
    draw();
  };
  const measure = (from: number, to: number): void => measureBetween(from, to, options, state, overlay);
  const moveCursor = (time: number | undefined): void => {
    state.cursor = time;
    if (time !== undefined && state.anchor !== undefined) measure(state.anchor, time);
    drawOverlay(overlay, state);
    const { painted } = state;
    options.onReadout(
      time === undefined || painted === undefined ? undefined : readAt(painted, scene(), time),
    );
  };
  followPointer(overlay.canvas, {
    timeline,
    canZoom: options.canZoom,
    plot: () => state.painted?.plan.plot ?? { left: 0, width: picture.width || 1 },
    onPoint: place => moveCursor(place && timeAt(state.painted, place)),
    isMeasuring: options.isMeasuring,
    onPress: place => {
      state.caliper = undefined;
      state.anchor = undefined;
      options.onCaliper(undefined);
      const time = timeAt(state.painted, place);
      if (time !== undefined) options.onPress(time);
    },
    onMeasure: (from, to) => {
      state.anchor = undefined;
      const times = [from, to].map(x => timeAt(state.painted, { x, y: 0 }));
      if (times[0] !== undefined && times[1] !== undefined) measure(times[0], times[1]);
    },
  });
  const stops = [timeline.follow(draw), followTheme(redraw)];
  redraw();

  return {
    redraw,
    update: draw,
    moveCursor,
    toggleCaliper() {
      if (state.anchor === undefined) {
        state.anchor = state.cursor ?? centreOf(timeline.span);
        moveCursor(state.anchor);
      } else state.anchor = undefined;
    },
    get cursor() {
      return state.cursor;
    },
    paintTo(pen, width, height) {
      paintScene(pen, scene(), { width, height }, { tiles: undefined, ranges: new Map(before.ranges) });
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

/** Sets the caliper between two times (s) and reports its readings. */
function measureBetween(
  from: number,
  to: number,
  { scene, onCaliper }: TraceViewOptions,
  state: TraceState,
  overlay: FilledCanvas,
): void {
  const measured = state.painted?.curves.find(({ placed }) => placed.kind === 'voltage');
  if (measured === undefined) return;
  const now = scene();
  state.caliper = caliperLines(measured, now, from, to);
  onCaliper(caliperReading(measured, now, state.caliper));
  drawOverlay(overlay, state);
}

/** Draws the cursor and the caliper above the picture. */
function drawOverlay(overlay: FilledCanvas, state: TraceState): void {
  const { painted, cursor, caliper } = state;
  const isEmpty = caliper === undefined && cursor === undefined;
  if (isEmpty) {
    if (!state.isOverlayEmpty) overlay.empty();
    state.isOverlayEmpty = true;
    return;
  }
  state.isOverlayEmpty = false;
  overlay.fit();
  overlay.context.clearRect(0, 0, overlay.width, overlay.height);
  if (painted === undefined) return;
  const pen = overlay.context as DrawingContext;
  if (caliper) paintCaliper(pen, painted, caliper);
  if (cursor !== undefined) paintCursor(pen, painted, cursor);
}
