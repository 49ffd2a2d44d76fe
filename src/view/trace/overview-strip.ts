/** The overview strip of the whole recording: envelope, heart rate and quality; press or drag to move the window. */

import { columnExtremes, traceBars } from '../../figure/curve-line.ts';
import { type DrawingContext, fontOf } from '../../figure/drawing-context.ts';
import { quantile } from '../../statistics.ts';
import { oncePerFrame } from '../animation-frame.ts';
import type { BeatColumns } from '../beats/beat-columns.ts';
import { fillWithCanvas } from '../canvas.ts';
import { colour, followTheme } from '../palette.ts';
import { centredOn, durationOf, type Timeline } from '../timeline.ts';
import { word } from '../translations.ts';
import { finestBucket } from './pyramid.ts';
import { type LabelledSpan, spanColour } from './span-lanes.ts';
import { axisWidth } from './trace-scene.ts';
import type { TraceSignals } from './trace-signals.ts';

export interface OverviewContent {
  readonly signals: TraceSignals;
  readonly lead: number;
  readonly beats: BeatColumns | undefined;
  readonly spans: readonly LabelledSpan[];
  /** The colour of a beat to be highlighted; undefined for others. */
  readonly colourOf: (beat: number) => string | undefined;
}

export interface Overview {
  redraw(): void;
  destroy(): void;
}

/** Range of heart rates in the lower half, 1/min. */
const slowest = 20;
const fastest = 200;

export function showOverview(
  host: HTMLElement,
  timeline: Timeline,
  content: () => OverviewContent,
): Overview {
  host.classList.add('overview-host');
  const picture = fillWithCanvas(host, 'overview-picture', () => redraw(), { isOpaque: true });
  /** The static part, drawn once. */
  let background: HTMLCanvasElement | undefined;
  const plotWidth = (): number => Math.max(10, picture.width - axisWidth - 8);

  const redraw = oncePerFrame(() => {
    background = undefined;
    draw();
  });
  /** Where the window was marked last, device pixels; undefined where it has to be marked anew. */
  let marked: string | undefined;
  const draw = oncePerFrame(() => {
    picture.fit();
    const { context, canvas, width, height } = picture;
    if (width < 60) return;
    const { bounds, span } = timeline;
    const perSecond = plotWidth() / durationOf(bounds);
    const pixel = canvas.width / width;
    const left = onPixels(axisWidth + (span.startSeconds - bounds.startSeconds) * perSecond, pixel);
    const wide = Math.max(3, onPixels(durationOf(span) * perSecond, pixel));
    const hasBackground = background?.width === canvas.width && background.height === canvas.height;
    // A window of seconds in a day stays on its pixel for many frames of panning.
    const mark = `${left} ${wide}`;
    if (hasBackground && mark === marked) return;
    marked = mark;
    if (hasBackground) {
      context.save();
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.drawImage(background!, 0, 0);
      context.restore();
    } else {
      paintOverview(context as DrawingContext, content(), width, plotWidth(), height);
      background = copyOf(canvas);
    }
    markWindow(context, left, wide, height);
  });

  const { canvas } = picture;
  const moveTo = (event: PointerEvent): void => {
    const x = event.clientX - canvas.getBoundingClientRect().left - axisWidth;
    const time = timeline.bounds.startSeconds + (x / plotWidth()) * durationOf(timeline.bounds);
    timeline.show(centredOn(timeline.span, time));
  };
  canvas.addEventListener('pointerdown', event => {
    canvas.setPointerCapture(event.pointerId);
    moveTo(event);
  });
  canvas.addEventListener('pointermove', event => {
    if (canvas.hasPointerCapture(event.pointerId)) moveTo(event);
  });
  const stops = [timeline.follow(draw), followTheme(redraw)];
  redraw();
  return {
    redraw,
    destroy() {
      for (const stop of stops) stop();
      picture.destroy();
    },
  };
}

/** The nearest position that is a whole number of device pixels. */
const onPixels = (position: number, pixel: number): number => Math.round(position * pixel) / pixel;

function markWindow(context: CanvasRenderingContext2D, left: number, wide: number, height: number): void {
  context.fillStyle = colour('tangent');
  context.globalAlpha = 0.15;
  context.fillRect(left, 0, wide, height);
  context.globalAlpha = 1;
  context.strokeStyle = colour('tangent');
  context.lineWidth = 1.5;
  context.strokeRect(left, 1, wide, height - 2);
}

function copyOf(canvas: HTMLCanvasElement): HTMLCanvasElement {
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  copy.getContext('2d')!.drawImage(canvas, 0, 0);
  return copy;
}

/** Extremes of the whole lead per column: of a short recording by its samples, as a column is less than a bucket. */
function extremesOf(signals: TraceSignals, lead: number, low: Float32Array, high: Float32Array): boolean {
  const { length } = signals;
  const perColumn = length / low.length;
  const curve =
    perColumn < finestBucket
      ? signals.curve('voltage', lead, 0, length, { scheme: 'central2', filter: 'none' })
      : undefined;
  if (curve === undefined) return signals.envelope('voltage', lead, { from: 0, to: length }, low, high);
  columnExtremes(curve, 0, perColumn, low, high);
  return true;
}

function paintOverview(
  pen: DrawingContext,
  { signals, lead, beats, spans, colourOf }: OverviewContent,
  width: number,
  plotWidth: number,
  height: number,
): void {
  const seconds = signals.length / signals.samplingFrequency;
  const perSecond = plotWidth / seconds;
  const half = height * 0.52;
  pen.fillStyle = colour('panel');
  pen.fillRect(0, 0, width, height);
  for (const { kind, startSeconds: from, endSeconds: to } of spans) {
    if (kind === 'rhythm' || kind === 'comment' || kind === 'pacing') continue;
    pen.fillStyle = colour(spanColour(kind));
    pen.globalAlpha = 0.3;
    pen.fillRect(axisWidth + from * perSecond, 0, Math.max(1.5, (to - from) * perSecond), height);
  }
  pen.globalAlpha = 1;

  const columns = Math.ceil(plotWidth);
  const low = new Float32Array(columns);
  const high = new Float32Array(columns);
  if (extremesOf(signals, lead, low, high)) {
    const [bottom, top] = [low, high].map(values => values.filter(Number.isFinite)) as [
      Float32Array,
      Float32Array,
    ];
    // A hundredth of the extremes may lie outside, so that one artefact does not flatten the record.
    const lowest = bottom.length === 0 ? -1 : quantile(bottom, 0.01);
    const highest = top.length === 0 ? 1 : quantile(top, 0.99);
    pen.strokeStyle = colour('muted');
    pen.lineWidth = 1;
    pen.beginPath();
    traceBars(
      pen,
      {
        ...{ left: axisWidth, top: 0, width: plotWidth, height: half },
        ...{ from: 0, to: signals.length, low: lowest, high: Math.max(highest, lowest + 1e-6) },
      },
      low,
      high,
    );
    pen.stroke();
  }
  if (beats === undefined) return;
  const yOf = (rate: number): number =>
    height -
    2 -
    ((Math.min(fastest, Math.max(slowest, rate)) - slowest) / (fastest - slowest)) * (height - half - 4);
  pen.font = fontOf(9);
  pen.fillStyle = colour('muted');
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  for (const rate of [slowest, fastest]) {
    const inside = rate === slowest ? -3 : 3;
    pen.fillText(String(rate), axisWidth - 4, yOf(rate) + inside);
  }
  pen.fillText(word('perMinute'), axisWidth - 4, (yOf(slowest) + yOf(fastest)) / 2);
  const each = beats.time.length > 20_000 ? 1 : 1.6;
  for (let k = 0; k < beats.time.length; k++) {
    const x = axisWidth + beats.time[k]! * perSecond;
    const own = colourOf(k);
    const rate = 60 / beats.rr[k]!;
    pen.fillStyle = own ?? colour('derivative');
    if (Number.isFinite(rate)) pen.fillRect(x - each / 2, yOf(rate) - each / 2, each, each);
    if (own !== undefined) pen.fillRect(x - 0.5, height - 5, 1, 5);
  }
}
