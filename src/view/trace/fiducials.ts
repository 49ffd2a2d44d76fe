/** Drawing of fiducials on the measured lead: tangents of the steepest up- and downstroke, and P, QRS and T. */
import type { DelineatedBeat } from '../../beat/delineate/delineate.ts';
import { type CurveBox, xIn, yIn } from '../../figure/curve-line.ts';
import { type DrawingContext, fontOf, line } from '../../figure/drawing-context.ts';
import { type BeatColumns, firstBeatFrom } from '../beats/beat-columns.ts';
import { colour } from '../palette.ts';
import type { TraceScene } from './trace-scene.ts';
import type { Curve, CurveKind } from './trace-signals.ts';

/** Half the drawn length of a tangent, px. */
const tangentReach = 26;
/** Beats closer than this are not marked individually, px. */
const leastSpacing = 26;

/** A fiducial of a beat, for drawing and for calipers to snap to. */
export interface Fiducial {
  readonly kind: 'p' | 'qrsOnset' | 'r' | 'qrsOffset' | 't' | 'tOffset' | 'pOnset';
  /** Sample index. */
  readonly sample: number;
}

/** The fiducials of delineated beats. */
export function fiducialsOf(waves: readonly DelineatedBeat[]): Fiducial[] {
  return waves.flatMap(({ rPeak, qrs, p, t }): Fiducial[] => [
    ...(p
      ? ([
          { kind: 'pOnset', sample: p.onset },
          { kind: 'p', sample: p.peak },
        ] as const)
      : []),
    ...(qrs.onset === undefined ? [] : ([{ kind: 'qrsOnset', sample: qrs.onset }] as const)),
    { kind: 'r', sample: rPeak },
    ...(qrs.offset === undefined ? [] : ([{ kind: 'qrsOffset', sample: qrs.offset }] as const)),
    ...(t
      ? ([
          { kind: 't', sample: t.peak },
          { kind: 'tOffset', sample: t.offset },
        ] as const)
      : []),
  ]);
}

const at = ({ from, values }: Curve, sample: number): number => {
  const place = sample - from;
  const before = Math.floor(place);
  const here = values[before] ?? Number.NaN;
  return here + (place - before) * ((values[before + 1] ?? here) - here);
};

/** The beats in a box, when there is space to mark them individually. */
function spacedBeats(beats: BeatColumns | undefined, box: CurveBox, rate: number): readonly number[] {
  if (beats === undefined) return [];
  const first = firstBeatFrom(beats, box.from / rate);
  const end = firstBeatFrom(beats, box.to / rate);
  return (end - first) * leastSpacing > box.width
    ? []
    : Array.from({ length: end - first }, (_, k) => first + k);
}

/** Draws tangents of the measured slopes on the voltage, and dots on dV/dt. */
export function paintTangents(
  pen: DrawingContext,
  scene: TraceScene,
  box: CurveBox,
  kind: CurveKind,
  curve: Curve,
): void {
  const rate = scene.signals.samplingFrequency;
  const { beats } = scene;
  if (beats === undefined) return;
  pen.strokeStyle = colour('tangent');
  pen.fillStyle = colour('tangent');
  pen.lineWidth = 2;
  for (const beat of spacedBeats(beats, box, rate)) {
    for (const [time, slope] of [
      [beats.upstrokeTime[beat]!, beats.upstroke[beat]!],
      [beats.downstrokeTime[beat]!, beats.downstroke[beat]!],
    ] as const) {
      if (!Number.isFinite(time) || !Number.isFinite(slope)) continue;
      const x = xIn(box, time * rate);
      const y = yIn(box, at(curve, time * rate));
      if (!Number.isFinite(y)) continue;
      if (kind === 'slope') {
        pen.beginPath();
        pen.arc(x, y, 3, 0, 2 * Math.PI);
        pen.fill();
        continue;
      }
      const dx = box.width / ((box.to - box.from) / rate);
      const dy = (-slope * box.height) / (box.high - box.low);
      const length = Math.hypot(dx, dy);
      const [rx, ry] = [(dx / length) * tangentReach, (dy / length) * tangentReach];
      line(pen, x - rx, y - ry, x + rx, y + ry);
    }
  }
}

const letters = { p: 'P', t: 'T' } as const;

/** Draws onsets and offsets as ticks on the trace, and the names of P and T. */
export function paintFiducials(pen: DrawingContext, scene: TraceScene, box: CurveBox, curve: Curve): void {
  const waves = scene.waves.filter(({ rPeak }) => rPeak >= box.from && rPeak <= box.to);
  if (waves.length * leastSpacing > box.width) return;
  pen.lineWidth = 1.2;
  pen.textAlign = 'center';
  pen.textBaseline = 'bottom';
  for (const { kind, sample } of fiducialsOf(waves)) {
    const x = xIn(box, sample);
    const y = yIn(box, at(curve, sample));
    if (!Number.isFinite(y) || x < box.left || x > box.left + box.width) continue;
    pen.strokeStyle = colour('muted');
    pen.fillStyle = colour('muted');
    if (kind === 'p' || kind === 't') {
      pen.font = fontOf(11);
      pen.fillText(letters[kind], x, y - 4);
    } else if (kind === 'r') {
      pen.beginPath();
      pen.arc(x, y, 2.2, 0, 2 * Math.PI);
      pen.fill();
    } else line(pen, x, y - 6, x, y + 6);
  }
}
