/** Upstroke slope of each beat against time, by class; a press on a point shows its beat in the recording. */

import type { ReportBeat } from '../analysis/report/report-data.ts';
import { quantile } from '../statistics.ts';
import { element, section } from './element.ts';
import { significant } from './number-format.ts';
import { type ClassMark, classOf, colour, countsByClass, markIcon } from './palette.ts';
import { createPlot, type Surface } from './plot.ts';
import type { Selection } from './selection.ts';
import { tintSpans } from './span-strip.ts';
import type { Timeline } from './timeline.ts';
import type { LabelledSpan } from './trace/span-lanes.ts';
import { word } from './translations.ts';
import { intervalText, withError } from './uncertainty-text.ts';

const HEIGHT = 210;
/** Distance within which a press selects a point; CSS pixels. */
const GRASP = 14;

/** The beats to show, the unit of their voltage, and the marks of their classes. */
export interface BeatSlopesView {
  readonly beats: readonly ReportBeat[];
  readonly units: string;
  readonly marks: ReadonlyMap<string, ClassMark>;
  readonly spans: readonly LabelledSpan[];
}

/** Adds the section to the page; without a timeline (no recording) pressing a point only selects its beat. */
export function showSlopes(
  page: HTMLElement,
  { beats, units, marks, spans }: BeatSlopesView,
  timeline: Timeline | undefined,
  selection: Selection,
): void {
  const measured = beats.filter(beat => beat.upstroke);
  const host = element('div', { class: 'plot pointable' });
  const readout = element('output', { class: 'readout', id: 'slopes-readout' });
  page.append(
    section(
      'slopes',
      word('r_slopesOverTime'),
      element(
        'div',
        { class: 'caption' },
        element('h3', {}, `${word('r_upstrokeSlope')} `, unit(`${units}/s`)),
        readout,
      ),
      host,
      legend(measured, units, marks),
    ),
  );

  const times = measured.map(beat => beat.time);
  const slopes = measured.map(beat => beat.upstroke!.slope);
  let hovered: ReportBeat | undefined;
  const draw = slopePainter(measured, marks);
  const plot = createPlot({
    host,
    description: word('r_slopesLabel'),
    height: HEIGHT,
    lines: [{ colour: 'muted', width: 0 }],
    columns: [times, slopes],
    xRange: timeline ? [timeline.bounds.startSeconds, timeline.bounds.endSeconds] : rangeOf(times),
    xLabel: word('r_time'),
    yRange: (low, high) => [Math.min(0, low * 1.08), Math.max(0, high * 1.08) || 1],
    drawBelow: surface => tintSpans(surface, spans),
    drawAbove: surface => draw(surface, [selection.beat, hovered]),
  });

  const beatAt = (event: MouseEvent): ReportBeat | undefined => {
    const box = plot.area.getBoundingClientRect();
    return nearestPoint(measured, plot.placeOf, event.clientX - box.left, event.clientY - box.top);
  };
  const hover = (beat: ReportBeat | undefined): void => {
    if (beat === hovered) return;
    hovered = beat;
    host.classList.toggle('on-point', beat !== undefined);
    readout.textContent = beat ? slopeText(beat, units) : '';
    plot.redraw();
  };
  plot.area.addEventListener('mousemove', event => hover(beatAt(event)));
  plot.area.addEventListener('mouseleave', () => hover(undefined));
  plot.area.addEventListener('click', event => {
    const beat = beatAt(event);
    if (!beat) return;
    selection.pick(beat);
    if (timeline) document.getElementById('voltage')?.scrollIntoView({ block: 'nearest' });
  });
  if (timeline) {
    timeline.follow(span => plot.frame(span.startSeconds, span.endSeconds));
    plot.frame(timeline.span.startSeconds, timeline.span.endSeconds);
  }
  selection.follow(() => plot.redraw());
}

/** Time, class and upstroke slope of a beat, with its standard error and 95 % interval where they are known. */
function slopeText({ uncertainty, ...beat }: ReportBeat, units: string): string {
  const slope = withError(beat.upstroke!.slope, uncertainty?.upstrokeSlope, 1);
  const interval = intervalText(beat.upstroke!.slope, uncertainty?.upstrokeSlope, 1);
  const told = `${beat.time.toFixed(2)} s   ${classOf(beat)}   ${slope} ${units}/s`;
  return interval === '' ? told : `${told}   (${interval})`;
}

/** The range of ascending times with a margin. */
function rangeOf(times: readonly number[]): readonly [number, number] {
  const margin = 0.01 * (times.at(-1)! - times[0]!) || 1;
  return [times[0]! - margin, times.at(-1)! + margin];
}

/** More beats than this are drawn smaller; more than `most`, as squares. */
const many = 600;
/** A shape for each of a day's beats would take seconds, and look like a square. */
const most = 20_000;

/** Draws the slope of each beat in the colour of its class, and the highlighted beats larger on top. */
function slopePainter(beats: readonly ReportBeat[], marks: ReadonlyMap<string, ClassMark>) {
  const drawPoint = pointPainter(marks);
  const colourOf = (beat: ReportBeat): string => colour(marks.get(classOf(beat))!.colour);
  return (surface: Surface, highlighted: readonly (ReportBeat | undefined)[]): void => {
    const { context } = surface;
    const size = beats.length > many ? 0.6 : 0.85;
    context.globalAlpha = beats.length > many ? 0.7 : 0.9;
    const side = surface.scale * 1.5;
    for (const beat of beats) {
      context.fillStyle = colourOf(beat);
      if (beats.length <= most) drawPoint(surface, beat, size);
      else context.fillRect(surface.x(beat.time), surface.y(beat.upstroke!.slope), side, side);
    }
    context.globalAlpha = 1;
    for (const beat of highlighted) {
      if (!beat?.upstroke) continue;
      context.fillStyle = colour('ink');
      drawPoint(surface, beat, 1.7);
      context.fillStyle = colourOf(beat);
      drawPoint(surface, beat, 1.1);
    }
  };
}

/** Draws the mark of a beat's class at its time and slope, `size` times its natural size. */
function pointPainter(marks: ReadonlyMap<string, ClassMark>) {
  const pathOf = new Map([...marks].map(([name, mark]) => [name, new Path2D(mark.shape)]));
  return (surface: Surface, beat: ReportBeat, size: number): void => {
    const { context } = surface;
    context.save();
    context.translate(surface.x(beat.time), surface.y(beat.upstroke!.slope));
    context.scale(size * surface.scale, size * surface.scale);
    context.fill(pathOf.get(classOf(beat))!);
    context.restore();
  };
}

/** The beat whose point is nearest to a position in the plotting area, if close enough. */
function nearestPoint(
  beats: readonly ReportBeat[],
  placeOf: (x: number, y: number) => readonly [number, number],
  left: number,
  top: number,
): ReportBeat | undefined {
  let nearest: ReportBeat | undefined;
  let distance = GRASP;
  for (const beat of beats) {
    const [x, y] = placeOf(beat.time, beat.upstroke!.slope);
    const away = Math.hypot(x - left, y - top);
    if (away < distance) {
      nearest = beat;
      distance = away;
    }
  }
  return nearest;
}

const unit = (text: string): HTMLElement => element('span', { class: 'unit' }, text);

function legend(
  beats: readonly ReportBeat[],
  units: string,
  marks: ReadonlyMap<string, ClassMark>,
): HTMLElement {
  const rows = countsByClass(beats).map(([name, count]) => {
    const slopes = beats.filter(beat => classOf(beat) === name).map(beat => beat.upstroke!.slope);
    const [low, middle, high] = [0.25, 0.5, 0.75].map(q => significant(quantile(slopes, q)));
    return element(
      'li',
      {},
      markIcon(marks.get(name)!),
      element('b', {}, name),
      ` ${word('r_median', { value: middle!, unit: `${units}/s` })}`,
      unit(` ${word('r_quartiles', { low: low!, high: high!, count })}`),
    );
  });
  return element('ul', { class: 'legend', 'aria-label': word('r_slopesLegend') }, ...rows);
}
