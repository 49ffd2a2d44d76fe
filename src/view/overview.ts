/** The overview strip of the whole recording: press or drag to move the window. */

import type { ReportBeat } from '../analysis/report/report-data.ts';
import { decimate, type SampledSeries } from './decimate.ts';
import { type ClassMark, classOf, colour, countsByClass } from './palette.ts';
import { createPlot, type Surface } from './plot.ts';
import { tintSpans } from './span-strip.ts';
import { centredOn, type Timeline } from './timeline.ts';
import type { LabelledSpan } from './trace/span-lanes.ts';
import { word } from './translations.ts';

const HEIGHT = 46;
/** Height of the row of beat marks below the envelope; CSS pixels. */
const BEAT_ROW = 7;

/** What is marked on the overview. */
export interface OverviewMarks {
  readonly beats: readonly ReportBeat[];
  readonly marks: ReadonlyMap<string, ClassMark>;
  readonly spans: readonly LabelledSpan[];
}

export function drawOverview(
  host: HTMLElement,
  voltage: SampledSeries,
  { beats, marks, spans }: OverviewMarks,
  timeline: Timeline,
): void {
  const { bounds } = timeline;
  const envelope = decimate(voltage, bounds.startSeconds, bounds.endSeconds, 1200);
  // The most frequent class is not drawn, so that the others stand out.
  const common = countsByClass(beats)[0]?.[0];
  const others = beats.filter(beat => classOf(beat) !== common);

  const plot = createPlot({
    host,
    description: word('r_overview'),
    height: HEIGHT,
    bare: true,
    lines: [{ colour: 'muted', width: 1 }],
    columns: [envelope.times, envelope.values],
    xRange: [bounds.startSeconds, bounds.endSeconds],
    yRange: (low, high) => [low - ((high - low) * BEAT_ROW) / (HEIGHT - BEAT_ROW - 4), high],
    drawBelow: surface => tintSpans(surface, spans),
    drawAbove: drawOthers,
  });

  function drawOthers(surface: Surface): void {
    const { context, scale, top, height } = surface;
    context.globalAlpha = 0.75;
    for (const beat of others) {
      context.fillStyle = colour(marks.get(classOf(beat))!.colour);
      context.fillRect(surface.x(beat.time), top + height - BEAT_ROW * scale, 1.2 * scale, BEAT_ROW * scale);
    }
    context.globalAlpha = 1;
  }

  const { area } = plot;
  const moveTo = (event: PointerEvent): void => {
    const time = plot.xAt(event.clientX - area.getBoundingClientRect().left);
    timeline.show(centredOn(timeline.span, time));
  };
  area.addEventListener('pointerdown', event => {
    area.setPointerCapture(event.pointerId);
    moveTo(event);
  });
  area.addEventListener('pointermove', event => {
    if (area.hasPointerCapture(event.pointerId)) moveTo(event);
  });
  timeline.follow(span => plot.frame(span.startSeconds, span.endSeconds));
  plot.frame(timeline.span.startSeconds, timeline.span.endSeconds);
}
