/** The caliper over the painted curves: its lines, what it reads, and its picture. */

import { type DrawingContext, line } from '../../figure/drawing-context.ts';
import { beatNear, firstBeatFrom } from '../beats/beat-columns.ts';
import { colour } from '../palette.ts';
import { type CaliperLine, type CaliperReading, readCaliper, snapped } from './caliper.ts';
import { sampleOf } from './cursor.ts';
import type { PaintedCurve } from './curve-painter.ts';
import { fiducialsOf } from './fiducials.ts';
import { differenceError } from './reading-errors.ts';
import type { PaintedScene } from './trace-painter.ts';
import type { TraceScene } from './trace-scene.ts';

/** Farthest that a QRS boundary lies from its R peak, s. */
const longestQrs = 0.15;
/** Distance within which the caliper snaps to a fiducial, CSS pixels. */
const grasp = 8;

/** The caliper lines at two times (s), snapped to fiducials nearby. */
export function caliperLines(
  { box }: PaintedCurve,
  { waves, signals }: TraceScene,
  from: number,
  to: number,
): readonly [CaliperLine, CaliperLine] {
  const perPixel = (box.to - box.from) / box.width;
  const fiducials = fiducialsOf(waves);
  const at = (time: number): CaliperLine =>
    snapped(time * signals.samplingFrequency, fiducials, grasp * perPixel);
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
  const rr = beats?.rr[firstBeatFrom(beats, earlier)];
  const context = { rr, ...caliperErrors(measured, scene, first, second) };
  return readCaliper(first, second, rate, sample => sampleOf(measured, sample), context);
}

/** The errors of a caliper: of its voltages by the noise, of its time where both lines are on fiducials of known error. */
function caliperErrors(
  { placed }: PaintedCurve,
  scene: TraceScene,
  first: CaliperLine,
  second: CaliperLine,
): { readonly seconds?: number; readonly millivolts?: number } {
  if (placed.cell.lead !== scene.slopeLead) return {};
  const noise =
    scene.processing.filter === 'none'
      ? scene.noiseAt(first.sample / scene.signals.samplingFrequency)
      : undefined;
  const [a, b] = [fiducialError(scene, first), fiducialError(scene, second)];
  return {
    ...(a !== undefined && b !== undefined && { seconds: Math.hypot(a, b) }),
    ...(noise && { millivolts: differenceError(noise, first.sample - second.sample) }),
  };
}

const errorNames = { qrsOnset: 'qrsOnset', r: 'time', qrsOffset: 'qrsOffset' } as const;

/** The standard error of the fiducial that a line is on, s. */
function fiducialError(
  { beats, errors, signals }: TraceScene,
  { fiducial }: CaliperLine,
): number | undefined {
  if (fiducial === undefined || beats === undefined) return undefined;
  const { kind, sample } = fiducial;
  if (kind !== 'qrsOnset' && kind !== 'r' && kind !== 'qrsOffset') return undefined;
  const beat = beatNear(beats, sample / signals.samplingFrequency, longestQrs);
  const error = beat === undefined ? undefined : errors?.[errorNames[kind]]?.[beat];
  return error !== undefined && Number.isFinite(error) ? error : undefined;
}
