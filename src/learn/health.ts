/** What the layers of a network say: gradients that vanish or explode, units that answer nothing; in numbers and words. */
import { createProgram } from '../diff/compile.ts';
import { vjp } from '../diff/grad.ts';
import { softmaxCrossEntropy } from '../diff/loss.ts';
import { type Floats, full, type Tensor } from '../diff/tensor.ts';
import { globalNorm } from './clipping.ts';
import {
  layerOutputs,
  logits,
  type Network,
  parameterNames,
  parametersOf,
  withParameters,
} from './network.ts';

export interface ParameterHealth {
  /** Such as `layers[0].weights`. */
  readonly name: string;
  /** Norms of the parameters and of the loss's gradient by them. */
  readonly norm: number;
  readonly gradientNorm: number;
}

export interface LayerHealth {
  readonly units: number;
  /** Units that give the same for every row: 0 for relu, beyond ±0.999 for tanh. No gradient passes them. */
  readonly deadUnits: number;
}

export interface NetworkHealth {
  /** Norm of the whole gradient over these rows. */
  readonly gradientNorm: number;
  readonly parameters: readonly ParameterHealth[];
  /** The hidden dense layers. */
  readonly layers: readonly LayerHealth[];
  /** What is wrong, one sentence each; empty when nothing is. */
  readonly findings: readonly string[];
}

/** A gradient this many times smaller in the first weights than in the last vanishes on its way down. */
const vanishing = 1e-4;
/** A gradient this many times the weights it is to move explodes. */
const exploding = 1e3;

const short = (x: number): string => String(Number(x.toPrecision(3)));

/** Rows looked at in one go. */
const batchSize = 256;

/** Looks at a network on standardised rows `[rows, inputs]` with weighted targets `[rows, classes]`. */
export function inspectNetwork(network: Network, x: Tensor, targets: Tensor): NetworkHealth {
  const start = parametersOf(network);
  const [rows, inputs] = x.shape as [number, number];
  const classes = targets.shape[1]!;
  const size = Math.min(batchSize, rows);
  const hidden = network.layers.length - 1;
  const program = createProgram(
    (bx, bt, ...parameters) => {
      const { value, pullback } = vjp(
        (...moving) => softmaxCrossEntropy(logits(withParameters(network, moving), bx!), bt!),
        ...parameters,
      );
      const outputs = layerOutputs(withParameters(network, parameters), bx!).slice(0, hidden);
      return [...outputs, ...pullback(full(value.shape, 1))];
    },
    [full([size, inputs], 0), full([size, classes], 0), ...start],
  );
  const [bx, bt] = program.inputs.map(tensor => tensor.data);
  const outputs = program.outputs.slice(0, hidden);
  const gradients = start.map(p => new Float64Array(p.data.length));
  const alive = outputs.map(({ shape }) => new Uint8Array(shape[1]!));
  for (let from = 0; from < rows; from += size) {
    const present = Math.min(size, rows - from);
    bx!.set(x.data.subarray(from * inputs, (from + present) * inputs));
    bt!.fill(0).set(targets.data.subarray(from * classes, (from + present) * classes));
    program.run();
    outputs.forEach((h, k) => {
      markAlive(alive[k]!, h.data, present, network.activation);
    });
    gradients.forEach((sum, p) => {
      const share = program.outputs[hidden + p]!.data;
      for (let i = 0; i < sum.length; i++) sum[i]! += share[i]!;
    });
  }
  const weight = targets.data.reduce((sum, t) => sum + t, 0);
  for (const sum of gradients) for (let i = 0; i < sum.length; i++) sum[i]! /= weight;

  const names = parameterNames(network);
  const parameters = start.map((p, k) => ({
    name: names[k]!,
    norm: globalNorm([p.data]),
    gradientNorm: globalNorm([gradients[k]!]),
  }));
  const layers = alive.map(units => ({
    units: units.length,
    deadUnits: units.reduce((dead, a) => dead + (a === 0 ? 1 : 0), 0),
  }));
  return {
    gradientNorm: globalNorm(gradients),
    parameters,
    layers,
    findings: [...gradientFindings(parameters), ...deadFindings(layers, network.activation)],
  };
}

/** Marks the units that let a gradient through for one of the first `rows` rows of their outputs. */
function markAlive(alive: Uint8Array, h: Floats, rows: number, activation: Network['activation']): void {
  const units = alive.length;
  for (let i = 0; i < rows * units; i++) {
    if (activation === 'relu' ? h[i] !== 0 : Math.abs(h[i]!) < 0.999) alive[i % units] = 1;
  }
}

function gradientFindings(parameters: readonly ParameterHealth[]): string[] {
  const findings: string[] = [];
  for (const { name, norm, gradientNorm } of parameters) {
    if (!Number.isFinite(gradientNorm)) findings.push(`The gradient of ${name} is not finite.`);
    else if (norm > 0 && gradientNorm > exploding * norm) {
      findings.push(
        `The gradient explodes: at ${name} its norm is ${short(gradientNorm)}, the weights' ${short(norm)}. Clip it or lower the rate.`,
      );
    }
  }
  const weights = parameters.filter(({ name }) => name.endsWith('weights'));
  const first = weights[0]!;
  const last = weights.at(-1)!;
  if (weights.length > 1 && first.gradientNorm < vanishing * last.gradientNorm) {
    findings.push(
      `The gradient vanishes: ${short(first.gradientNorm)} at ${first.name}, ${short(last.gradientNorm)} at ${last.name}.`,
    );
  }
  return findings;
}

function deadFindings(layers: readonly LayerHealth[], activation: Network['activation']): string[] {
  const state = activation === 'relu' ? 'dead (0 for every row)' : 'saturated (±1 for every row)';
  return layers.flatMap(({ units, deadUnits }, k) =>
    deadUnits === 0 ? [] : [`${deadUnits} of ${units} units of hidden layer ${k + 1} are ${state}.`],
  );
}
