/**
 * Lesson 4: the compass. The gradient, a numerical check in 360 directions that it is the direction of steepest
 * ascent, and one descent step.
 */
import { grad } from '../../diff/grad.ts';
import { tensor } from '../../diff/tensor.ts';
import { type Figures, shown } from './lesson-inputs.ts';
import type { Landscape } from './valley.ts';

/** Point at which the gradient is computed. */
export const compassPoint: readonly [number, number] = [0.9, -0.7];
/** Learning rate of the descent step. */
export const compassRate = 3;

export interface Compass {
  readonly loss: number;
  readonly gradient: readonly [number, number];
  /** Norm of the gradient, and its direction in degrees, counterclockwise from the first axis. */
  readonly length: number;
  readonly degrees: number;
  /** Directional derivative of the loss for each whole degree by central differences: (f(w + hu) − f(w − hu)) / 2h. */
  readonly rises: Float64Array;
}

const h = 1e-5;

/** Loss, gradient and directional derivatives at a point. */
export function readCompass({ loss }: Landscape, [a, b]: readonly [number, number]): Compass {
  const at = (x: number, y: number): number => loss(tensor([x, y])).data[0]!;
  const [da, db] = grad(loss)(tensor([a, b])).data as unknown as [number, number];
  return {
    loss: at(a, b),
    gradient: [da, db],
    length: Math.hypot(da, db),
    degrees: ((Math.atan2(db, da) * 180) / Math.PI + 360) % 360,
    rises: Float64Array.from({ length: 360 }, (_, degree) => {
      const [u, v] = [Math.cos((degree * Math.PI) / 180), Math.sin((degree * Math.PI) / 180)];
      return (at(a + h * u, b + h * v) - at(a - h * u, b - h * v)) / (2 * h);
    }),
  };
}

/** The numbers quoted in lesson 4. */
export function compassFigures(valley: Landscape): Figures {
  const { loss, gradient, length, degrees, rises } = readCompass(valley, compassPoint);
  const steepest = rises.indexOf(Math.max(...rises));
  const after = compassPoint.map((value, k) => value - compassRate * gradient[k]!);
  return {
    'gradient-ef': shown(gradient[0], 3),
    'gradient-creatinine': shown(gradient[1], 3),
    length: shown(length, 3),
    degrees: shown(degrees, 1),
    'best-degree': String(steepest),
    'best-rise': shown(rises[steepest]!, 3),
    'across-rise': shown(rises[(Math.round(degrees) + 90) % 360]!, 3),
    'down-rise': shown(rises[(Math.round(degrees) + 180) % 360]!, 3),
    'loss-before': shown(loss, 3),
    'loss-after': shown(valley.loss(tensor(after)).data[0]!, 3),
  };
}
