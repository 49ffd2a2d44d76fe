/** Labelled spans above the trace, in as many lanes as overlap, and their colours. */

import type { SignalSpan, SpanKind } from '../../analysis/report/signal-spans.ts';
import { type Box, type DrawingContext, fitted, fontOf } from '../../figure/drawing-context.ts';
import { colour } from '../palette.ts';
import type { TimeSpan } from '../timeline.ts';

/** A span with its text. */
export interface LabelledSpan extends Omit<SignalSpan, 'kind'> {
  readonly kind: SpanKind | 'unusable' | 'pacing';
  readonly text: string;
}

export const laneHeight = 16;
/** Largest number of lanes drawn. */
export const mostLanes = 3;

const colours = {
  rhythm: 'class-0',
  flutter: 'class-1',
  noise: 'class-4',
  artefact: 'class-5',
  comment: 'class-7',
  asystole: 'class-1',
  fibrillation: 'class-1',
  quality: 'class-2',
  unusable: 'class-1',
  pacing: 'class-3',
} as const;

export const spanColour = (kind: LabelledSpan['kind']): (typeof colours)[keyof typeof colours] =>
  colours[kind];

/** Width of a moment, px, in drawing and in the assignment of lanes. */
const momentWidth = 70;

/** Spans of the window `[from, to)` (s), each in the first lane that is free there. */
export function lanesOf(
  spans: readonly LabelledSpan[],
  from: number,
  to: number,
  width: number,
): readonly { readonly span: LabelledSpan; readonly lane: number }[] {
  const perSecond = width / (to - from);
  const ends: number[] = [];
  const placed: { span: LabelledSpan; lane: number }[] = [];
  for (const span of spans) {
    const reach = span.startSeconds === span.endSeconds ? momentWidth / perSecond : 0;
    if (span.endSeconds + reach <= from || span.startSeconds >= to) continue;
    let lane = ends.findIndex(end => end <= span.startSeconds + 1e-9);
    if (lane < 0) lane = ends.length;
    ends[lane] = span.endSeconds + reach;
    placed.push({ span, lane });
  }
  return placed;
}

/** Draws spans into lanes at the top of `box`, and their extent as a tint down through it. */
export function paintSpans(
  pen: DrawingContext,
  box: Box,
  placed: ReturnType<typeof lanesOf>,
  { startSeconds: from, endSeconds: to }: TimeSpan,
  traceTop: number,
): void {
  const perSecond = box.width / (to - from);
  const right = box.left + box.width;
  pen.font = fontOf(11, 600);
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  for (const { span, lane } of placed) {
    if (lane >= mostLanes) continue;
    const isMoment = span.startSeconds === span.endSeconds;
    const x1 = Math.max(box.left, box.left + (span.startSeconds - from) * perSecond);
    const x2 = isMoment ? x1 + 2 : Math.min(right, box.left + (span.endSeconds - from) * perSecond);
    const top = box.top + lane * laneHeight;
    const tint = colour(colours[span.kind]);
    pen.fillStyle = tint;
    pen.globalAlpha = 0.22;
    if (!isMoment) pen.fillRect(x1, top + 1, x2 - x1, laneHeight - 2);
    // The trace is tinted under spans that concern the signal itself.
    if (span.kind !== 'rhythm' && span.kind !== 'comment' && span.kind !== 'pacing') {
      pen.globalAlpha = isMoment ? 0.5 : 0.09;
      pen.fillRect(x1, traceTop, Math.max(1, x2 - x1), box.top + box.height - traceTop);
    }
    pen.globalAlpha = 1;
    pen.fillRect(x1, top + 1, 2, laneHeight - 2);
    pen.fillStyle = colour('ink');
    const room = isMoment ? momentWidth : x2 - x1;
    pen.fillText(fitted(span.text, 11, room - 8), x1 + 5, top + laneHeight / 2);
  }
}
