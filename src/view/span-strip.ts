/** The strip of labelled spans above a trace whose plot has its own margins. */
import type { SignalSpan } from '../analysis/report/signal-spans.ts';
import type { DrawingContext } from '../figure/drawing-context.ts';
import { oncePerFrame } from './animation-frame.ts';
import { fillWithCanvas } from './canvas.ts';
import { element } from './element.ts';
import { colour, followTheme } from './palette.ts';
import type { Surface } from './plot.ts';
import type { Timeline } from './timeline.ts';
import {
  type LabelledSpan,
  laneHeight,
  lanesOf,
  mostLanes,
  paintSpans,
  spanColour,
} from './trace/span-lanes.ts';
import { isWord, word } from './translations.ts';

/** Margins of the plots below, px: see `plot.ts`. */
const left = 52;
const right = 12;

/** Spans with their texts: the kind, and the annotator's comment or what is poor about the signal. */
export const labelledSpans = (spans: readonly SignalSpan[]): readonly LabelledSpan[] =>
  spans.map(span => ({ ...span, text: spanText(span) }));

function spanText({ kind, label }: SignalSpan): string {
  if (kind === 'rhythm' || kind === 'comment') return label;
  if (kind === 'quality') return qualityText(label.split(', '));
  return [word(`span_${kind}`), label].filter(text => text !== '').join(': ');
}

/** What is poor about a signal, by the flags of its quality. */
export function qualityText(flags: readonly string[]): string {
  const names = flags.flatMap(flag => {
    const name = `quality_${flag}`;
    return flag === '' ? [] : [isWord(name) ? word(name) : flag];
  });
  return names.length === 0 ? word('quality') : names.join(', ');
}

/** Shows the spans of the window in `host`, with as many lanes as any window needs. */
export function showSpanStrip(host: HTMLElement, spans: readonly LabelledSpan[], timeline: Timeline): void {
  const { bounds } = timeline;
  const lanes = Math.max(
    0,
    ...lanesOf(spans, bounds.startSeconds, bounds.endSeconds, 1000).map(({ lane }) => lane + 1),
  );
  host.style.height = `${Math.min(mostLanes, lanes) * laneHeight}px`;
  host.setAttribute('role', 'img');
  host.setAttribute('aria-label', [...new Set(spans.map(span => span.text))].slice(0, 20).join(', '));
  const picture = fillWithCanvas(host, 'span-picture', () => redraw());
  const redraw = oncePerFrame(() => {
    picture.fit();
    const { context, width, height } = picture;
    context.clearRect(0, 0, width, height);
    const { startSeconds: from, endSeconds: to } = timeline.span;
    const box = { left, top: 0, width: Math.max(10, width - left - right), height };
    paintSpans(
      context as DrawingContext,
      box,
      lanesOf(spans, from, to, box.width),
      { startSeconds: from, endSeconds: to },
      height,
    );
  });
  timeline.follow(redraw);
  followTheme(redraw);
}

/** The kinds of span that occur, each with its colour: the legend of a strip. */
export function spanLegend(spans: readonly LabelledSpan[]): HTMLElement {
  const kinds = [...new Set(spans.map(({ kind }) => kind))];
  const list = element('ul', { class: 'span-legend', 'aria-label': word('spanLegend') });
  for (const kind of kinds) {
    const swatch = element('i', { 'aria-hidden': 'true' });
    swatch.style.background = `var(--${spanColour(kind)})`;
    list.append(element('li', {}, swatch, word(kind === 'quality' ? 'quality' : `span_${kind}`)));
  }
  list.hidden = kinds.length === 0;
  return list;
}

/** Tints a plot over spans that concern the signal itself: flutter, noise, artefacts. */
export function tintSpans(surface: Surface, spans: readonly LabelledSpan[]): void {
  const { context, top, height, left: from, width } = surface;
  context.globalAlpha = 0.12;
  for (const span of spans) {
    if (span.kind === 'rhythm' || span.kind === 'comment') continue;
    const x1 = Math.max(from, surface.x(span.startSeconds));
    const x2 = Math.min(
      from + width,
      Math.max(surface.x(span.endSeconds), surface.x(span.startSeconds) + surface.scale),
    );
    if (x2 <= x1) continue;
    context.fillStyle = colour(spanColour(span.kind));
    context.fillRect(x1, top, x2 - x1, height);
  }
  context.globalAlpha = 1;
}
