/** Drawing of beats on the traces: symbol, R peak, and tangents of the measured slopes. */

import type { MeasuredSlope, ReportBeat } from '../analysis/report/report-data.ts';
import { lowerBoundBy } from '../lower-bound.ts';
import { type ClassMark, classOf, colour } from './palette.ts';
import type { Surface } from './plot.ts';
import type { TimeSpan } from './timeline.ts';

/** Height of the lane of symbols above the trace; CSS pixels. */
export const SYMBOL_LANE = 24;

/** Half the drawn length of a tangent; CSS pixels. */
const TANGENT_REACH = 30;

/** Beats closer than this are not marked individually; CSS pixels. */
const LEAST_SPACING = 9;

/** The beats within a time span; `beats` are in order. */
export function beatsWithin(beats: readonly ReportBeat[], span: TimeSpan): readonly ReportBeat[] {
  return beats.slice(firstAtOrAfter(beats, span.startSeconds), firstAtOrAfter(beats, span.endSeconds));
}

/** Index of the first beat at or after a time (s); the number of beats when there is none. */
export const firstAtOrAfter = (beats: readonly ReportBeat[], time: number): number =>
  lowerBoundBy(beats.length, k => beats[k]!.time < time);

/** Whether a surface has space for this many marks. */
export const hasSpace = (surface: Surface, count: number): boolean =>
  count === 0 || surface.width / surface.scale / count >= LEAST_SPACING;

/**
 * The end points of a tangent on the canvas: through the voltage at its time, `reach` canvas pixels to either side,
 * with the direction of the slope (physical units per second) at the current scale.
 */
export function tangentEnds(
  surface: Pick<Surface, 'x' | 'y'>,
  { time, slope }: MeasuredSlope,
  voltage: number,
  reach: number,
): readonly [x0: number, y0: number, x1: number, y1: number] {
  const x = surface.x(time);
  const y = surface.y(voltage);
  const across = surface.x(time + 1) - x;
  const up = surface.y(voltage + slope) - y;
  const share = reach / Math.hypot(across, up);
  return [x - share * across, y - share * up, x + share * across, y + share * up];
}

/** Draws the R peak and symbol of each beat, joined by a faint line; the selected beat has a band. */
export function drawBeats(
  surface: Surface,
  beats: readonly ReportBeat[],
  marks: ReadonlyMap<string, ClassMark>,
  voltageAt: (time: number) => number,
): void {
  const { context, scale, top } = surface;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineWidth = scale;
  for (const beat of beats) {
    const x = surface.x(beat.time);
    const peak = surface.y(voltageAt(beat.time));
    const hue = colour(marks.get(classOf(beat))!.colour);
    context.strokeStyle = hue;
    context.globalAlpha = 0.28;
    context.beginPath();
    context.moveTo(x, top + SYMBOL_LANE * scale);
    context.lineTo(x, Number.isFinite(peak) ? peak - 5 * scale : top + surface.height);
    context.stroke();
    context.globalAlpha = 1;

    context.fillStyle = hue;
    context.font = `600 ${13 * scale}px system-ui, sans-serif`;
    context.fillText(symbolText(beat), x, top + (SYMBOL_LANE / 2 + 1) * scale);
    if (!Number.isFinite(peak)) continue;
    context.fillStyle = colour('panel');
    context.lineWidth = 1.6 * scale;
    context.beginPath();
    context.arc(x, peak, 3.2 * scale, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

/** The symbol, and the model's class where it differs, e.g. `V→N`. */
export const symbolText = (beat: ReportBeat): string =>
  beat.predicted === undefined || beat.predicted === classOf(beat)
    ? beat.symbol
    : `${beat.symbol}→${beat.predicted}`;

const slopesOf = (beat: ReportBeat): readonly MeasuredSlope[] =>
  [beat.upstroke, beat.downstroke].filter(slope => slope !== undefined);

/** Draws the tangents of the measured slopes: the upstroke solid, the downstroke dashed. */
export function drawTangents(
  surface: Surface,
  beats: readonly ReportBeat[],
  voltageAt: (time: number) => number,
): void {
  const { context, scale } = surface;
  context.strokeStyle = colour('tangent');
  context.fillStyle = colour('tangent');
  context.lineCap = 'round';
  for (const beat of beats) {
    for (const slope of slopesOf(beat)) {
      const voltage = voltageAt(slope.time);
      if (!Number.isFinite(voltage)) continue;
      const isUpstroke = slope === beat.upstroke;
      const [x0, y0, x1, y1] = tangentEnds(surface, slope, voltage, TANGENT_REACH * scale);
      context.lineWidth = (isUpstroke ? 2.4 : 1.8) * scale;
      context.setLineDash(isUpstroke ? [] : [3 * scale, 4 * scale]);
      context.beginPath();
      context.moveTo(x0, y0);
      context.lineTo(x1, y1);
      context.stroke();
      if (!isUpstroke) continue;
      context.beginPath();
      context.arc(surface.x(slope.time), surface.y(voltage), 2.6 * scale, 0, 2 * Math.PI);
      context.fill();
    }
  }
  context.setLineDash([]);
}

/** Draws the measured slopes as points on dV/dt: upstrokes filled, downstrokes hollow. */
export function drawSlopePoints(surface: Surface, beats: readonly ReportBeat[]): void {
  const { context, scale } = surface;
  context.strokeStyle = colour('tangent');
  context.lineWidth = 1.6 * scale;
  for (const beat of beats) {
    for (const slope of slopesOf(beat)) {
      context.fillStyle = colour(slope === beat.upstroke ? 'tangent' : 'panel');
      context.beginPath();
      context.arc(surface.x(slope.time), surface.y(slope.slope), 3.4 * scale, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
  }
}

/** Draws a band behind the selected beat. */
export function drawSelected(surface: Surface, beat: ReportBeat | undefined): void {
  if (!beat) return;
  const { context, scale } = surface;
  context.fillStyle = colour('tangent');
  context.globalAlpha = 0.1;
  const half = Math.max(12 * scale, surface.x(beat.time + 0.12) - surface.x(beat.time));
  context.fillRect(surface.x(beat.time) - half, surface.top, 2 * half, surface.height);
  context.globalAlpha = 1;
}
