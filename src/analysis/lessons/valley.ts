/**
 * Lesson 1: the valley. The loss of a model of death after heart failure as a function of two parameters, the weights
 * of ejection fraction and serum creatinine; the intercept is fixed at the log-odds of the overall event rate.
 */
import { add, mul, sub } from '../../diff/arithmetic.ts';
import { softplus } from '../../diff/elementwise.ts';
import { valueAndGrad } from '../../diff/grad.ts';
import { matmul } from '../../diff/product.ts';
import { mean, sum } from '../../diff/reduction.ts';
import { reshape } from '../../diff/reshape.ts';
import { type Tensor, tensor } from '../../diff/tensor.ts';
import { largestCurvature } from '../../learn/diagnose/curvature.ts';
import { standardizationOf } from '../../learn/model/classifier.ts';
import { minimize } from '../../learn/train/lbfgs.ts';
import { createRandom } from '../../random.ts';
import type { RiskTask } from '../risk/risk-task.ts';
import { descend } from './descent.ts';
import { type Figures, shown } from './lesson-inputs.ts';

/** A loss function of two parameters. */
export interface Landscape {
  /** The loss at each column of `[2, points]`, as `[1, points]`. Differentiable. */
  readonly losses: (points: Tensor) => Tensor;
  /** The loss at a point `[2]`. Differentiable. */
  readonly loss: (w: Tensor) => Tensor;
  /** The minimum, and the loss there. */
  readonly bottom: readonly [number, number];
  readonly least: number;
}

export interface Valley extends Landscape {
  /** 2/λmax at the minimum, the largest learning rate at which gradient descent converges there. */
  readonly largestStableRate: number;
}

/** The two covariates: ejection fraction (%) and serum creatinine (mg/dL). */
const valleyColumns = ['ejection_fraction', 'serum_creatinine'] as const;

/**
 * The loss with weights per standard deviation, whose contours are nearly round, or per original unit (1/% and
 * 1/(mg/dL), covariates centred), whose contours are elongated.
 */
export function createValley(task: RiskTask, units: 'deviations' | 'raw'): Valley {
  const rows = task.outcomes.length;
  const raw = tensor(
    Float64Array.from(
      Array.from({ length: rows }, (_, row) =>
        valleyColumns.map(name => covariateOf(task, row, name)),
      ).flat(),
    ),
    [rows, 2],
  );
  const { mean: centre, scale } = standardizationOf(raw);
  const x = raw.data.map((value, k) => (value - centre[k % 2]!) / (units === 'raw' ? 1 : scale[k % 2]!));
  const share = task.outcomes.reduce((all, value) => all + value, 0) / rows;
  const losses = crossEntropy(tensor(x, [rows, 2]), task.outcomes, Math.log(share / (1 - share)));
  const landscape = landscapeOf(losses, [0, 0]);
  const curvature = largestCurvature(landscape.loss, tensor([...landscape.bottom]), createRandom(1));
  return { ...landscape, largestStableRate: curvature.largestStableRate! };
}

const covariateOf = (task: RiskTask, row: number, name: string): number =>
  task.x.data[row * task.covariates.length + task.covariates.findIndex(each => each.name === name)]!;

/** Mean cross-entropy of a logistic model with a fixed intercept, for each column of weights. */
function crossEntropy(x: Tensor, outcomes: Int32Array, intercept: number): (points: Tensor) => Tensor {
  const y = tensor(Float64Array.from(outcomes), [outcomes.length, 1]);
  return points => {
    const logOdds = add(matmul(x, points), intercept);
    return mean(sub(softplus(logOdds), mul(y, logOdds)), { axis: 0, keepDims: true });
  };
}

/** A loss with its minimum, found by L-BFGS from `start`. */
export function landscapeOf(losses: (points: Tensor) => Tensor, start: readonly [number, number]): Landscape {
  const loss = (w: Tensor): Tensor => sum(losses(reshape(w, [2, 1])));
  const lossAndGradient = valueAndGrad(loss);
  const { w, value } = minimize((at, gradient) => {
    const found = lossAndGradient(tensor(at.slice()));
    gradient.set(found.gradients[0]!.data);
    return found.value.data[0]!;
  }, Float64Array.from(start));
  return { losses, loss, bottom: [w[0]!, w[1]!], least: value };
}

/** Starting point of the first descent. */
export const firstDrop: readonly [number, number] = [-2, -1.5];

/** Learning rate and number of steps of the descent. */
export const marble = { rate: 2, steps: 80 } as const;

/** The numbers quoted in lesson 1. */
export function valleyFigures(valley: Valley): Figures {
  const drops = [firstDrop, [2.5, 2], [-2.5, 2.5], [2, -2]] as const;
  const ends = drops.map(
    start => descend(valley.loss, start, { optimizer: 'sgd', ...marble }).points.at(-1)!,
  );
  const away = ends.map(([a, b]) => Math.hypot(a - valley.bottom[0], b - valley.bottom[1]));
  const at = (w: readonly number[]): number => valley.loss(tensor([...w])).data[0]!;
  return {
    'loss-at-drop': shown(at(firstDrop), 3),
    'loss-at-zero': shown(at([0, 0]), 3),
    'loss-at-bottom': shown(valley.least, 3),
    'bottom-ef': shown(valley.bottom[0], 2),
    'bottom-creatinine': shown(valley.bottom[1], 2),
    'farthest-end': shown(Math.max(...away), 4),
  };
}
