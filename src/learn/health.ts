/** What the layers of a network say: gradients that vanish or explode, units that answer nothing; in numbers and words. */
import { vjp } from '../diff/grad.ts';
import { softmaxCrossEntropy, weightedMean } from '../diff/loss.ts';
import { full, type Tensor } from '../diff/tensor.ts';
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

/** Looks at a network on standardised rows `[rows, inputs]` with weighted targets `[rows, classes]`. */
export function inspectNetwork(network: Network, x: Tensor, targets: Tensor): NetworkHealth {
  const start = parametersOf(network);
  const { pullback } = vjp(
    (...moving) =>
      weightedMean(softmaxCrossEntropy(logits(withParameters(network, moving), x), targets), targets),
    ...start,
  );
  const gradients = pullback(full([], 1)).map(g => g.data);
  const names = parameterNames(network);
  const parameters = start.map((p, k) => ({
    name: names[k]!,
    norm: globalNorm([p.data]),
    gradientNorm: globalNorm([gradients[k]!]),
  }));
  const layers = layerOutputs(network, x)
    .slice(0, -1)
    .map(h => deadUnitsOf(h, network.activation));
  return {
    gradientNorm: globalNorm(gradients),
    parameters,
    layers,
    findings: [...gradientFindings(parameters), ...deadFindings(layers, network.activation)],
  };
}

function deadUnitsOf({ shape, data }: Tensor, activation: Network['activation']): LayerHealth {
  const [rows, units] = shape as [number, number];
  const alive = new Uint8Array(units);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < units; k++) {
      const h = data[row * units + k]!;
      if (activation === 'relu' ? h !== 0 : Math.abs(h) < 0.999) alive[k] = 1;
    }
  }
  return { units, deadUnits: alive.reduce((dead, a) => dead + (a === 0 ? 1 : 0), 0) };
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
