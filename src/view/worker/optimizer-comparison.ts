/**
 * Comparison of optimisers from the same starting point on the labelled beats, and the loss surface in the plane of
 * their paths.
 */
import { reshape } from '../../diff/reshape.ts';
import { tensor } from '../../diff/tensor.ts';
import {
  gridOver,
  type ParameterPath,
  parametersAt,
  planeOfPaths,
} from '../../learn/diagnose/loss-surface.ts';
import { createNetwork, logits, parametersOf, withParameters } from '../../learn/model/network.ts';
import { classificationLoss } from '../../learn/train/losses.ts';
import type { OptimizerName } from '../../learn/train/optimizers.ts';
import { startTraining } from '../../learn/train/train.ts';
import { rowsOf, scalingOf } from '../../learn/train/training-rows.ts';
import { createRandom } from '../../random.ts';
import type { AnalysisState } from './analysis-worker.ts';
import type { TrainingRequest } from './labelled-beats.ts';
import { labelledBeats, trainingOptions } from './labelled-beats.ts';

export const comparedOptimizers: readonly OptimizerName[] = ['sgd', 'momentum', 'rmsprop', 'adam'];

/** One optimiser's path over the surface. */
export interface OptimizerPath {
  readonly optimizer: OptimizerName;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** The training loss at each point. */
  readonly losses: Float64Array;
  /** Whether the path was cut because its loss became too large to show. */
  readonly isCut: boolean;
}

export interface LossSurface {
  /** Coordinates of the grid along the two principal components. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** `losses[row · x.length + column]` at `(x[column], y[row])`. */
  readonly losses: Float64Array;
  readonly paths: readonly OptimizerPath[];
  /** Fraction of the paths' variance that lies in the plane. */
  readonly explainedVariance: number;
}

export interface ComparisonEvents {
  /** Fraction of the work done, 0 to 1. */
  readonly comparison: number;
}

const gridSize = 41;
const mostEpochs = 60;
/** A path ends when its loss exceeds that at the start by this factor. */
const cutFactor = 3;

export type OptimizerComparison = ReturnType<typeof createOptimizerComparison>;

export function createOptimizerComparison(
  state: AnalysisState,
  emit: <K extends keyof ComparisonEvents>(event: K, data: ComparisonEvents[K]) => void,
  pause: () => Promise<void>,
) {
  let run = 0;
  return {
    /**
     * The loss surface of a training task and the paths of the optimisers on it, all from the same starting point with
     * the same learning rate; undefined when it was cancelled. Throws `InputError` when there are too few labelled
     * beats or classes.
     */
    async compareOptimizers(request: TrainingRequest): Promise<LossSurface | undefined> {
      const mine = ++run;
      const { training: rows } = labelledBeats(state, request.labels);
      const options = trainingOptions({ ...request, epochs: Math.min(mostEpochs, request.epochs) }, rows);
      const network = createNetwork(
        [rows.features.length, ...options.hidden, rows.classes.length],
        options.activation,
        createRandom(request.seed),
      );
      const lossAt = lossOfParameters(rows, options, network);
      const steps = comparedOptimizers.length * options.epochs + gridSize;
      let done = 0;
      const step = async (): Promise<boolean> => {
        emit('comparison', ++done / steps);
        await pause();
        return mine === run;
      };
      const paths: (ParameterPath & { readonly losses: readonly number[]; readonly isCut: boolean })[] = [];
      for (const optimizer of comparedOptimizers) {
        const training = startTraining(rows, { ...options, optimizer, network });
        const points = [flat(training.checkpoint().parameters)];
        const losses = [lossAt(points[0]!)];
        let isCut = false;
        while (!training.finished && !isCut) {
          training.runEpoch();
          const point = flat(training.checkpoint().parameters);
          const loss = lossAt(point);
          isCut = !(loss <= cutFactor * losses[0]!);
          if (!isCut) {
            points.push(point);
            losses.push(loss);
          }
          if (!(await step())) return undefined;
        }
        done = (comparedOptimizers.indexOf(optimizer) + 1) * options.epochs;
        paths.push({ name: optimizer, points, losses, isCut });
      }
      const plane = planeOfPaths(paths);
      const { x, y } = gridOver(plane, gridSize);
      const losses = new Float64Array(gridSize * gridSize);
      for (let row = 0; row < gridSize; row++) {
        for (let column = 0; column < gridSize; column++) {
          losses[row * gridSize + column] = lossAt(parametersAt(plane, x[column]!, y[row]!));
        }
        if (!(await step())) return undefined;
      }
      return {
        ...{ x, y, losses },
        explainedVariance: plane.explainedVariance,
        paths: plane.paths.map((path, k) => ({
          ...{ optimizer: comparedOptimizers[k]!, x: path.x, y: path.y },
          ...{ losses: Float64Array.from(paths[k]!.losses), isCut: paths[k]!.isCut },
        })),
      };
    },
    cancelComparison(): void {
      run++;
    },
  };
}

/** The weighted training loss over all rows, without the penalty, as a function of all parameters in one vector. */
function lossOfParameters(
  rows: Parameters<typeof rowsOf>[0],
  options: Parameters<typeof rowsOf>[1],
  network: ReturnType<typeof createNetwork>,
): (parameters: Float64Array) => number {
  const { x, targets, count, columns, classes } = rowsOf(rows, options, scalingOf(rows, options));
  const inputs = tensor(Float64Array.from(x), [count, columns]);
  const wanted = tensor(Float64Array.from(targets), [count, classes]);
  const loss = classificationLoss(classes, undefined);
  const weight = loss.weightOf(wanted.data);
  return parameters => {
    let from = 0;
    const moved = parametersOf(network).map(({ data, shape }) => {
      from += data.length;
      return reshape(tensor(parameters.subarray(from - data.length, from)), shape);
    });
    const { data } = loss.rows(logits(withParameters(network, moved), inputs), wanted);
    return data.reduce((sum: number, value) => sum + value, 0) / weight;
  };
}

function flat(parameters: readonly ArrayLike<number>[]): Float64Array {
  return Float64Array.from(parameters.flatMap(part => Array.from(part)));
}
