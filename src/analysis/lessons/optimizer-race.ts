/**
 * Lesson 8: momentum, Nesterov, RMSprop and Adam against plain gradient descent, on three landscapes of the same table: a
 * ravine (its own units), a saddle and a curved valley (a network of two weights in a row).
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

/** ½ · penalty · (u² + v²): it gives the curved valley one lowest point, and a floor that falls towards it. */
const penalty = 0.005;
const slopeScale = 3;

export function createRaceLandscape(task: RiskTask, name: LandscapeName): RaceLandscape {
  if (name === 'ravine') return { name, ...createValley(task, 'raw'), start: [0.05, -0.3] };
  const losses = twoWeightLosses(task);
  return name === 'saddle'
    ? { name, ...landscapeOf(losses, [1, 1]), start: [1, -0.9999] }
    : { name, ...landscapeOf(losses, [1, 1]), start: [3, 0.07] };
}

/** Loss of a network of one input, the ejection fraction, and two weights in a row: log-odds = b − 3·u·v·x. */
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

/** Rates tried for each racer, and steps each may take. */
export const triedRates: readonly number[] = logRates(1e-3, 100, 26);
export const raceSteps = 200;
/** Arrived: the loss is above the least by no more than this share of what it was at the start. */
const arrived = 0.01;

/** The first step at which it has arrived to stay; undefined when it has not. */
export function stepsToArrive({ least }: RaceLandscape, losses: readonly number[]): number | undefined {
  const bound = least + arrived * (losses[0]! - least);
  if (losses.length <= raceSteps) return undefined;
  const late = losses.findLastIndex(loss => !(loss <= bound));
  return late === losses.length - 1 ? undefined : late + 1;
}

export interface RaceEntry {
  readonly racer: Racer;
  /** The rate of `triedRates` at which it arrives first. */
  readonly rate: number;
  readonly steps: number | undefined;
  /** How many of the rates arrive at all. */
  readonly arriving: number;
}

/** Each racer at each rate. Takes seconds. */
export function bestRates(landscape: RaceLandscape): RaceEntry[] {
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

/** What `bestRates` finds, so that the page need not try them all; a test holds them to it. */
export const raceRates: Readonly<Record<LandscapeName, Readonly<Record<Racer, number>>>> = {
  ravine: { sgd: 0.0631, momentum: 0.0251, nesterov: 0.0398, rmsprop: 0.0251, adam: 0.0398 },
  saddle: { sgd: 1, momentum: 0.398, nesterov: 0.631, rmsprop: 0.0631, adam: 1 },
  banana: { sgd: 1, momentum: 0.631, nesterov: 0.398, rmsprop: 0.0251, adam: 0.158 },
};

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
