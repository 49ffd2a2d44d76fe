/** Diagnosis of a network's layers: vanishing and exploding gradients, and dead or saturated units. */
import { createProgram } from '../../diff/compile.ts';
import { vjp } from '../../diff/grad.ts';
import { type Floats, full, type Shape, type Tensor } from '../../diff/tensor.ts';
import {
  type Network,
  networkOutputs,
  parameterNames,
  parametersOf,
  withParameters,
} from '../model/network.ts';
import { projectToSlope } from '../model/stencil-bank.ts';
import { globalNorm } from '../train/clipping.ts';
import { penalised } from '../train/loss-gradient.ts';
import type { TrainingLoss } from '../train/losses.ts';
import type { InspectedRows } from '../train/training-rows.ts';
import { short } from './format-number.ts';
import { type LossOptions, lossOf } from './parameter-loss.ts';

export interface ParameterHealth {
  /** Such as `layers[0].weights`. */
  readonly name: string;
  /** Norms of the parameters, and of the gradient of the loss with respect to them. */
  readonly norm: number;
  readonly gradientNorm: number;
}

export interface LayerHealth {
  /** Such as `layers[0]` or `frontEnd.stages[0]`, whose units are its output channels. */
  readonly name: string;
  readonly units: number;
  /**
   * Units with a zero gradient for every row: relu units that are always 0, and tanh units that are always beyond
   * ±0.999.
   */
  readonly deadUnits: number;
}

export interface NetworkHealth {
  /** The loss over these rows, with and without the penalty. */
  readonly loss: number;
  readonly dataLoss: number;
  /**
   * For each class its fraction of the rows, and the number of rows predicted to belong to it; empty for a regression.
   */
  readonly classes: readonly { readonly share: number; readonly predictedRows: number }[];
  /** Norm of the gradient with respect to all parameters over these rows. */
  readonly gradientNorm: number;
  /** Norm of all the parameters. */
  readonly norm: number;
  readonly parameters: readonly ParameterHealth[];
  /** The stages of the front end and the hidden dense layers. */
  readonly layers: readonly LayerHealth[];
  /** The problems found, one sentence each. */
  readonly findings: readonly string[];
}

/** A problem, and the kind it is of. */
export interface Finding {
  readonly about: 'vanishing' | 'exploding' | 'units';
  readonly text: string;
}

/** A gradient vanishes where its norm per weight norm is this many times smaller than in the last layer. */
export const vanishingRatio = 1e-4;
/** A gradient explodes where it is this many times larger than in the last layer … */
const growing = 1e4;
/** … or this many times larger than the weights themselves. */
const exploding = 1e3;
/**
 * Whether the gradient reaches the first layer's biases but not its weights: then no input varies, and nothing has
 * vanished on the way back.
 */
export function isWithoutInput(parameters: readonly ParameterHealth[]): boolean {
  const weights = parameters.find(({ name }) => name.endsWith('weights'));
  const bias = parameters.find(({ name }) => name.endsWith('bias'));
  return (
    weights !== undefined && bias !== undefined && weights.gradientNorm < vanishingRatio * bias.gradientNorm
  );
}

/** Rows per batch. */
const batchSize = 256;

/**
 * Inspects a network on standardised rows `[rows, inputs]` with weighted targets `[rows, classes]`. The gradient is
 * that of the training loss, including its penalty, projected where stencils are constrained to unit slope.
 *
 * @example
 * const network = createNetwork([2, 4, 2], 'tanh', createRandom(1));
 * const rows = { x: tensor([[1, -1], [-1, 1]]), targets: tensor([[1, 0], [0, 1]]) };
 * inspectNetwork(network, rows, { l2: 0 }).classes // => [{ share: 0.5, predictedRows: 1 }, { share: 0.5, predictedRows: 1 }]
 */
export function inspectNetwork(network: Network, rows: InspectedRows, options: LossOptions): NetworkHealth {
  const { findings, ...health } = examineNetwork(network, rows, options);
  return { ...health, findings: findings.map(({ text }) => text) };
}

/** As `inspectNetwork`, with the kind of each finding. */
export function examineNetwork(
  network: Network,
  rows: InspectedRows,
  options: LossOptions,
): Omit<NetworkHealth, 'findings'> & { readonly findings: readonly Finding[] } {
  const trainingLoss = lossOf(network, options);
  const seen = passOverRows(network, rows, trainingLoss);
  const start = parametersOf(network);
  const stages = network.frontEnd?.stages ?? [];
  const { gradients } = seen;
  const weight = trainingLoss.weightOf(rows.targets.data);
  const decayed = new Set(penalised(network));
  let squares = 0;
  gradients.forEach((sum, p) => {
    const { data } = start[p]!;
    const decay = decayed.has(start[p]!) ? options.l2 : 0;
    for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! / weight + decay * data[i]!;
    if (decay !== 0) squares += data.reduce((total, w) => total + w * w, 0);
  });
  for (const { weights, unitSlope } of stages) {
    if (unitSlope) projectToSlope(gradients[start.indexOf(weights)]!, weights.shape[2]!, 0);
  }

  const names = parameterNames(network);
  const parameters = start.map((p, k) => ({
    name: names[k]!,
    norm: globalNorm([p.data]),
    gradientNorm: globalNorm([gradients[k]!]),
  }));
  const layers = seen.alive.map((units, k) => ({
    name: k < stages.length ? `frontEnd.stages[${k}]` : `layers[${k - stages.length}]`,
    units: units.length,
    deadUnits: units.reduce((dead, a) => dead + (a === 0 ? 1 : 0), 0),
  }));
  const dataLoss = seen.lossSum / weight;
  return {
    ...{ loss: dataLoss + (options.l2 / 2) * squares, dataLoss, classes: seen.classes },
    gradientNorm: globalNorm(gradients),
    norm: globalNorm(start.map(p => p.data)),
    parameters,
    layers,
    findings: [
      ...gradientFindings(parameters, start),
      ...layers.flatMap((layer, k) => deadFinding(layer, seen.activations[k] === 'tanh')),
    ],
  };
}

/** Accumulates over all rows: losses, gradients, the units with a non-zero gradient, and the predicted classes. */
function passOverRows(network: Network, { x, targets }: InspectedRows, trainingLoss: TrainingLoss) {
  const start = parametersOf(network);
  const [rows, inputs] = x.shape as [number, number];
  const classes = targets.shape[1]!;
  const size = Math.min(batchSize, rows);
  const activations = [
    ...(network.frontEnd?.stages ?? []).map(stage => stage.activation),
    ...network.layers.slice(1).map(() => network.activation),
  ];
  const program = createProgram(
    (bx, bt, ...parameters) => {
      const { value, pullback } = vjp(
        (...moving) =>
          trainingLoss.rows(networkOutputs(withParameters(network, moving), bx!).layers.at(-1)!, bt!),
        ...parameters,
      );
      const outputs = networkOutputs(withParameters(network, parameters), bx!);
      return [...outputs.stages, ...outputs.layers, value, ...pullback(full(value.shape, 1))];
    },
    [full([size, inputs], 0), full([size, classes], 0), ...start],
  );
  const [bx, bt] = program.inputs.map(tensor => tensor.data);
  const hidden = program.outputs.slice(0, activations.length);
  const [scores, losses, ...shares] = program.outputs.slice(activations.length).map(({ data }) => data);
  const gradients = start.map(p => new Float64Array(p.data.length));
  const alive = hidden.map(({ shape }) => new Uint8Array(shape[1]!));
  const seen = Array.from({ length: classes }, () => ({ rows: 0, predictedRows: 0 }));
  let lossSum = 0;
  for (let from = 0; from < rows; from += size) {
    const present = Math.min(size, rows - from);
    bx!.set(x.data.subarray(from * inputs, (from + present) * inputs));
    bt!.fill(0).set(targets.data.subarray(from * classes, (from + present) * classes));
    program.run();
    hidden.forEach((h, k) => {
      const own = h.data.subarray(0, (h.data.length / size) * present);
      markAlive(alive[k]!, own, h.shape[2] ?? 1, activations[k]!);
    });
    for (let row = 0; row < present; row++) {
      lossSum += losses![row]!;
      if (!trainingLoss.classifies) continue;
      seen[largestAt(bt!, row * classes, classes)]!.rows++;
      seen[largestAt(scores!, row * classes, classes)]!.predictedRows++;
    }
    gradients.forEach((sum, p) => {
      for (let i = 0; i < sum.length; i++) sum[i]! += shares[p]![i]!;
    });
  }
  const counted = (trainingLoss.classifies ? seen : []).map(({ rows: own, predictedRows }) => ({
    share: own / rows,
    predictedRows,
  }));
  return { activations, alive, gradients, lossSum, classes: counted };
}

/** The index of the maximum of `count` numbers from index `at` on; 0 when all are equal or NaN. */
function largestAt(numbers: Floats, at: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) if (numbers[at + k]! > numbers[at + best]!) best = k;
  return best;
}

/** Marks the units with a non-zero gradient for one of the rows of `h`, `[rows, units, positions]`. */
function markAlive(alive: Uint8Array, h: Floats, positions: number, activation: string): void {
  const units = alive.length;
  for (let i = 0; i < h.length; i++) {
    if (activation === 'tanh' ? Math.abs(h[i]!) < 0.999 : h[i] !== 0)
      alive[Math.floor(i / positions) % units] = 1;
  }
}

/** The approximate norm of initial weights of this shape (Glorot & Bengio 2010, He et al. 2015); never 0. */
export function usualNorm(shape: Shape): number {
  const inputs = shape.length === 3 ? shape[1]! * shape[2]! : shape[0]!;
  const outputs = shape.length === 3 ? shape[0]! : (shape[1] ?? 1);
  return Math.sqrt((2 * inputs * outputs) / (inputs + outputs));
}

function gradientFindings(parameters: readonly ParameterHealth[], tensors: readonly Tensor[]): Finding[] {
  const findings: Finding[] = [];
  const found = (about: Finding['about'], text: string): void => {
    findings.push({ about, text });
  };
  parameters.forEach(({ name, norm, gradientNorm }, k) => {
    if (!Number.isFinite(gradientNorm)) found('exploding', `The gradient of ${name} is not finite.`);
    // Biases and some weights start at 0: their present norm is no scale for their gradient.
    else if (
      name.endsWith('weights') &&
      gradientNorm > exploding * Math.max(norm, usualNorm(tensors[k]!.shape))
    ) {
      found(
        'exploding',
        `The gradient explodes: at ${name} its norm is ${short(gradientNorm)}, the weights' ${short(norm)}.`,
      );
    }
  });
  const weights = parameters.filter(({ name }) => name.endsWith('weights'));
  const last = weights.at(-1)!;
  const beside = (p: ParameterHealth): string =>
    `${short(p.gradientNorm)} at ${p.name}, ${short(last.gradientNorm)} at ${last.name}`;
  for (const p of weights.slice(isWithoutInput(parameters) ? 1 : 0, -1)) {
    if (p.gradientNorm < vanishingRatio * last.gradientNorm)
      found('vanishing', `The gradient vanishes: ${beside(p)}.`);
    else if (p.gradientNorm > growing * last.gradientNorm && last.gradientNorm > 0) {
      found('exploding', `The gradient explodes on its way down: ${beside(p)}.`);
    }
  }
  return findings;
}

function deadFinding({ name, units, deadUnits }: LayerHealth, saturates: boolean): Finding[] {
  const state = saturates ? 'saturated (±1 for every row)' : 'dead (0 for every row)';
  return deadUnits === 0
    ? []
    : [{ about: 'units', text: `${deadUnits} of ${units} units of ${name} are ${state}.` }];
}
