/** The cursor over the painted curves: its time, the values it reads, and its line. */

import { yIn } from '../../figure/curve-line.ts';
import { type DrawingContext, line } from '../../figure/drawing-context.ts';
import { colour } from '../palette.ts';
import type { PaintedCurve } from './curve-painter.ts';
import { slopeError, voltageError } from './reading-errors.ts';
import type { PaintedScene } from './trace-painter.ts';
import type { TraceScene } from './trace-scene.ts';

/** A value under the cursor. */
export interface ReadValue {
  readonly kind: 'voltage' | 'slope';
  readonly lead: string;
  readonly units: string;
  readonly value: number;
  /** Standard error due to the noise of the lead, where it is known. */
  readonly error?: number;
}

export interface Readout {
  /** s */
  readonly time: number;
  readonly values: readonly ReadValue[];
}

/** The time at a position, by the curve whose column contains it. */
export function timeAt(
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

/** The value of a curve at the nearest sample; NaN outside what was painted. */
export function sampleOf({ curve }: PaintedCurve, sample: number): number {
  return curve?.values[Math.round(sample) - curve.from] ?? Number.NaN;
}

/** The values of all curves at the sample nearest to a time. */
export function readAt({ curves }: PaintedScene, scene: TraceScene, time: number): Readout {
  const { signals, processing, slopeLead } = scene;
  const sample = Math.max(0, Math.min(signals.length - 1, Math.round(time * signals.samplingFrequency)));
  // A filter changes the noise, which is known of the recorded signal alone.
  const noise = processing.filter === 'none' ? scene.noiseAt(time) : undefined;
  const seen = new Set<string>();
  const values: ReadValue[] = [];
  for (const painted of curves) {
    const { kind, cell } = painted.placed;
    const key = `${kind} ${cell.lead}`;
    const value = sampleOf(painted, sample);
    if (seen.has(key) || Number.isNaN(value)) continue;
    seen.add(key);
    const { name, units } = signals.leads[cell.lead]!;
    const error =
      noise === undefined || cell.lead !== slopeLead
        ? undefined
        : kind === 'voltage'
          ? voltageError(noise)
          : slopeError(noise, processing.scheme, signals.samplingFrequency);
    values.push({
      ...{ kind, lead: name, units: kind === 'voltage' ? units : `${units}/s`, value },
      ...(error !== undefined && { error }),
    });
  }
  return { time: sample / signals.samplingFrequency, values };
}

export function paintCursor(
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
