/** ECG paper: grid lines at 1 and 5 mm when drawn at true scale, otherwise at 40 and 200 ms by 0.1 and 0.5 mV. */

import { type CurveBox, xIn, yIn } from './curve-line.ts';
import { type DrawingContext, inside } from './drawing-context.ts';

/** Smallest distance between grid lines, px. */
const nearest = 4;

/**
 * Possible distances of thin and thick lines, s; the first whose thin lines are at least `nearest` px apart is used.
 */
const timeSteps: readonly (readonly [thin: number, thick: number])[] = [
  [0.04, 0.2],
  [0.2, 1],
  [1, 5],
  [5, 30],
  [30, 120],
  [120, 600],
  [600, 3600],
  [3600, 21600],
];
const valueSteps: readonly (readonly [thin: number, thick: number])[] = [
  [0.1, 0.5],
  [0.5, 1],
  [1, 5],
  [5, 50],
  [50, 200],
  [200, 1000],
  [1000, 10000],
];

/** The line distances for a scale in pixels per unit. */
function stepsFor(
  steps: readonly (readonly [number, number])[],
  pixelsPerUnit: number,
): readonly [thin: number, thick: number] {
  return steps.find(([thin]) => thin * pixelsPerUnit >= nearest) ?? steps.at(-1)!;
}

/** The time line distances, s, for a scale in pixels per second. */
export const timeStepsFor = (pixelsPerSecond: number) => stepsFor(timeSteps, pixelsPerSecond);

/** Colours of thin and thick grid lines. */
export interface PaperColours {
  readonly thin: string;
  readonly thick: string;
}

/** Paints the grid under a curve. `samplingFrequency` (Hz) converts the box's samples to seconds. */
export function paintPaper(
  pen: DrawingContext,
  box: CurveBox,
  samplingFrequency: number,
  colours: PaperColours,
): void {
  const perSecond = (box.width / (box.to - box.from)) * samplingFrequency;
  const perUnit = box.height / (box.high - box.low);
  const [thinTime, thickTime] = timeStepsFor(perSecond);
  const [thinValue, thickValue] = stepsFor(valueSteps, perUnit);
  pen.fillStyle = colours.thin;
  lines(thinTime, thinValue);
  pen.fillStyle = colours.thick;
  lines(thickTime, thickValue);

  /** Draws lines as rectangles of whole pixels, which without a GPU takes a tenth of the time of strokes. */
  function lines(timeStep: number, valueStep: number): void {
    const [from, to] = [box.from / samplingFrequency, box.to / samplingFrequency];
    for (let k = Math.ceil(from / timeStep); k * timeStep <= to; k++) {
      pen.fillRect(Math.round(xIn(box, k * timeStep * samplingFrequency)), box.top, 1, box.height);
    }
    for (let k = Math.ceil(box.low / valueStep); k * valueStep <= box.high; k++) {
      pen.fillRect(box.left, Math.round(yIn(box, k * valueStep)), box.width, 1);
    }
  }
}

/** Where the calibration pulse is: px from the left edge of the box, its duration with its feet in s, and px after it. */
export const calibrationPlace = { lead: 4, seconds: 0.28, trail: 4 } as const;

/** The calibration pulse: 1 mV for 200 ms from 0 mV, at the left edge of a box. */
export function paintCalibration(
  pen: DrawingContext,
  box: CurveBox,
  samplingFrequency: number,
  ink: string,
): void {
  const width = (box.width / (box.to - box.from)) * samplingFrequency * 0.2;
  const [foot, top] = [yIn(box, 0), yIn(box, 1)];
  const left = box.left + calibrationPlace.lead;
  inside(pen, box, () => {
    pen.strokeStyle = ink;
    pen.lineWidth = 1.4;
    pen.beginPath();
    pen.moveTo(left, foot);
    pen.lineTo(left + width * 0.2, foot);
    pen.lineTo(left + width * 0.2, top);
    pen.lineTo(left + width * 1.2, top);
    pen.lineTo(left + width * 1.2, foot);
    pen.lineTo(left + width * 1.4, foot);
    pen.stroke();
  });
}
