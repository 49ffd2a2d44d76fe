/** The caliper over the painted curves: its lines, what it reads, and its picture. */

import { type DrawingContext, line } from '../../figure/drawing-context.ts';
import { colour } from '../palette.ts';
import { type CaliperLine, type CaliperReading, readCaliper, snapped } from './caliper.ts';
import { sampleOf } from './cursor.ts';
import type { PaintedCurve } from './curve-painter.ts';
import { fiducialsOf } from './fiducials.ts';
import type { PaintedScene } from './trace-painter.ts';
import type { TraceScene } from './trace-scene.ts';

/** Distance within which the caliper snaps to a fiducial, CSS pixels. */
const grasp = 8;

/** The caliper lines at two horizontal positions, snapped to fiducials nearby. */
export function caliperLines(
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

export function paintCaliper(
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

export function caliperReading(
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
