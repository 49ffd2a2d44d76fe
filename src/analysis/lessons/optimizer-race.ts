/**
 * Lesson 8: momentum, Nesterov, RMSprop and Adam compared to plain gradient descent, on three losses from the same
 * table: a ravine (covariates in their original units), a saddle and a curved valley (a network with two weights in
 * series).
 */
import { add, mul, sub } from '../../diff/arithmetic.ts';
import { softplus } from '../../diff/elementwise.ts';
import { matmul } from '../../diff/product.ts';
import { mean, sum } from '../../diff/reduction.ts';
import { slice } from '../../diff/slice.ts';
import { type Tensor, tensor } from '../../diff/tensor.ts';
import { logRates } from '../../learn/diagnose/rate-sweep.ts';
import { standardizationOf } from '../../learn/model/classifier.ts';
import type { OptimizerName } from '../../learn/train/optimizers.ts';
import type { RiskTask } from '../risk/risk-task.ts';
import { descend } from './descent.ts';
import { type Figures, shown } from './lesson-inputs.ts';
import { createValley, type Landscape, landscapeOf } from './valley.ts';

export const racers = ['sgd', 'momentum', 'nesterov', 'rmsprop', 'adam'] as const satisfies OptimizerName[];
export type Racer = (typeof racers)[number];
export const landscapes = ['ravine', 'saddle', 'banana'] as const;
export type LandscapeName = (typeof landscapes)[number];

export interface RaceLandscape extends Landscape {
  readonly name: LandscapeName;
  readonly start: readonly [number, number];
}

/** Weight of ½ · penalty · (u² + v²), which gives the curved valley a unique minimum and a gradient along its floor. */
const penalty = 0.005;
const slopeScale = 3;

/** One of the three losses, with the starting point of the race. */
export function createRaceLandscape(task: RiskTask, name: LandscapeName): RaceLandscape {
  if (name === 'ravine') return { name, ...createValley(task, 'raw'), start: [0.05, -0.3] };
  const losses = twoWeightLosses(task);
  return name === 'saddle'
    ? { name, ...landscapeOf(losses, [1, 1]), start: [1, -0.9999] }
    : { name, ...landscapeOf(losses, [1, 1]), start: [3, 0.07] };
}

/** Loss of a network with one input, the ejection fraction, and two weights in series: log-odds = b − 3·u·v·x. */
function twoWeightLosses(task: RiskTask): (points: Tensor) => Tensor {
  const rows = task.outcomes.length;
  const column = task.covariates.findIndex(({ name }) => name === 'ejection_fraction');
  const raw = tensor(
    Float64Array.from({ length: rows }, (_, row) => task.x.data[row * task.covariates.length + column]!),
    [rows, 1],
  );
  const { mean: centre, scale } = standardizationOf(raw);
  const x = tensor(
    raw.data.map(value => (-slopeScale * (value - centre[0]!)) / scale[0]!),
    [rows, 1],
  );
  const share = task.outcomes.reduce((all, value) => all + value, 0) / rows;
  const intercept = Math.log(share / (1 - share));
  const y = tensor(Float64Array.from(task.outcomes), [rows, 1]);
  return points => {
    const width = points.shape[1]!;
    const u = slice(points, [0, 0], [1, width]);
    const v = slice(points, [1, 0], [2, width]);
    const logOdds = add(matmul(x, mul(u, v)), intercept);
    const crossEntropy = mean(sub(softplus(logOdds), mul(y, logOdds)), { axis: 0, keepDims: true });
    return add(crossEntropy, mul(penalty / 2, sum(mul(points, points), { axis: 0, keepDims: true })));
  };
}

/** Learning rates tried for each optimiser, and number of steps per run. */
const triedRates: readonly number[] = logRates(1e-3, 100, 26);
export const raceSteps = 200;
/** Convergence criterion: the excess over the minimum loss, as a fraction of the excess at the start. */
const arrived = 0.01;

/** Number of steps after which the loss stays within the convergence criterion; undefined if it does not. */
export function stepsToArrive({ least }: RaceLandscape, losses: readonly number[]): number | undefined {
  const bound = least + arrived * (losses[0]! - least);
  if (losses.length <= raceSteps) return undefined;
  const late = losses.findLastIndex(loss => !(loss <= bound));
  return late === losses.length - 1 ? undefined : late + 1;
}

export interface RaceEntry {
  readonly racer: Racer;
  /** The rate in `triedRates` with the fewest steps to convergence. */
  readonly rate: number;
  readonly steps: number | undefined;
  /** Number of rates that converge. */
  readonly arriving: number;
}

/** Runs each optimiser at each rate; takes several seconds. */
function bestRates(landscape: RaceLandscape): RaceEntry[] {
  return racers.map(racer => {
    const runs = triedRates.map(rate => ({
      rate,
      steps: stepsToArrive(
        landscape,
        descend(landscape.loss, landscape.start, { optimizer: racer, rate, steps: raceSteps }).losses,
      ),
    }));
    const arriving = runs.filter(({ steps }) => steps !== undefined);
    const best = arriving.reduce(
      (least, run) => (run.steps! < least.steps! ? run : least),
      arriving[0] ?? runs[0]!,
    );
    return { racer, ...best, arriving: arriving.length };
  });
}

/** The best rates found by `bestRates`, stored so that the page does not need to search; a test verifies them. */
export const raceRates: Readonly<Record<LandscapeName, Readonly<Record<Racer, number>>>> = {
  ravine: { sgd: 0.0631, momentum: 0.0251, nesterov: 0.0398, rmsprop: 0.0251, adam: 0.0398 },
  saddle: { sgd: 1, momentum: 0.398, nesterov: 0.631, rmsprop: 0.0631, adam: 1 },
  banana: { sgd: 1, momentum: 0.631, nesterov: 0.398, rmsprop: 0.0251, adam: 0.158 },
};

/** The numbers quoted in lesson 8. Runs `bestRates` on all three losses, which takes several seconds. */
export function raceFigures(task: RiskTask): Figures {
  const figures: Record<string, string> = {
    'tried-rates': String(triedRates.length),
    budget: String(raceSteps),
  };
  for (const name of landscapes) {
    for (const { racer, rate, steps, arriving } of bestRates(createRaceLandscape(task, name))) {
      figures[`${name}-${racer}`] = steps === undefined ? '—' : String(steps);
      figures[`${name}-${racer}-rate`] = shown(rate, rate < 0.1 ? 4 : 2);
      figures[`${name}-${racer}-arriving`] = String(arriving);
    }
  }
  return figures;
}
