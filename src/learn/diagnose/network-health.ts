/** What the layers of a network say: gradients that vanish or explode, units that answer nothing; in numbers and words. */
import { createProgram } from '../../diff/compile.ts';
import { vjp } from '../../diff/grad.ts';
import { type Floats, full } from '../../diff/tensor.ts';
import {
  type Network,
  networkOutputs,
  parameterNames,
  parametersOf,
  withParameters,
} from '../model/network.ts';
import { projectToSlope } from '../model/stencil-bank.ts';
import { globalNorm } from '../train/clipping.ts';
import { penalised, rowLosses } from '../train/learner.ts';
import type { RowsToLookAt } from '../train/training-rows.ts';

export interface ParameterHealth {
  /** Such as `layers[0].weights`. */
  readonly name: string;
  /** Norms of the parameters and of the loss's gradient by them. */
  readonly norm: number;
  readonly gradientNorm: number;
}

export interface LayerHealth {
  /** Such as `layers[0]`, or `front.stages[0]`, whose units are its outputs. */
  readonly name: string;
  readonly units: number;
  /** Units that give the same for every row: 0, or beyond ±0.999 for tanh. No gradient passes them. */
  readonly deadUnits: number;
}

export interface NetworkHealth {
  /** Norm of the whole gradient over these rows. */
  readonly gradientNorm: number;
  /** Norm of all the parameters. */
  readonly norm: number;
  readonly parameters: readonly ParameterHealth[];
  /** The stages of the front and the hidden dense layers. */
  readonly layers: readonly LayerHealth[];
  /** What is wrong, one sentence each; empty when nothing is. */
  readonly findings: readonly string[];
}

/** A gradient this many times smaller in some weights than in the last vanishes on its way down to them. */
const vanishing = 1e-4;
/** A gradient this many times larger in some weights than in the last … */
const growing = 1e4;
/** … or this many times the weights it is to move explodes. */
const exploding = 1e3;

const short = (x: number): string => String(Number(x.toPrecision(3)));

/** Rows looked at in one go. */
const batchSize = 256;

/**
 * Looks at a network on standardised rows `[rows, inputs]` with weighted targets `[rows, classes]`. The gradient is that
 * of the loss of training: with its penalty, and along the stencils that are held to unit slope.
 */
export function inspectNetwork(
  network: Network,
  { x, targets }: RowsToLookAt,
  { l2, focalGamma }: { readonly l2: number; readonly focalGamma?: number },
): NetworkHealth {
  const start = parametersOf(network);
  const [rows, inputs] = x.shape as [number, number];
  const classes = targets.shape[1]!;
  const size = Math.min(batchSize, rows);
  const stages = network.front?.stages ?? [];
  const bends = [
    ...stages.map(stage => stage.activation),
    ...network.layers.slice(1).map(() => network.activation),
  ];
  const program = createProgram(
    (bx, bt, ...parameters) => {
      const { value, pullback } = vjp(
        (...moving) =>
          rowLosses(networkOutputs(withParameters(network, moving), bx!).layers.at(-1)!, bt!, focalGamma),
        ...parameters,
      );
      const outputs = networkOutputs(withParameters(network, parameters), bx!);
      return [...outputs.stages, ...outputs.layers.slice(0, -1), ...pullback(full(value.shape, 1))];
    },
    [full([size, inputs], 0), full([size, classes], 0), ...start],
  );
  const [bx, bt] = program.inputs.map(tensor => tensor.data);
  const outputs = program.outputs.slice(0, bends.length);
  const gradients = start.map(p => new Float64Array(p.data.length));
  const alive = outputs.map(({ shape }) => new Uint8Array(shape[1]!));
  for (let from = 0; from < rows; from += size) {
    const present = Math.min(size, rows - from);
    bx!.set(x.data.subarray(from * inputs, (from + present) * inputs));
    bt!.fill(0).set(targets.data.subarray(from * classes, (from + present) * classes));
    program.run();
    outputs.forEach((h, k) => {
      markAlive(alive[k]!, h.data.subarray(0, (h.data.length / size) * present), h.shape[2] ?? 1, bends[k]!);
    });
    gradients.forEach((sum, p) => {
      const share = program.outputs[bends.length + p]!.data;
      for (let i = 0; i < sum.length; i++) sum[i]! += share[i]!;
    });
  }
  const weight = targets.data.reduce((sum, t) => sum + t, 0);
  const decayed = new Set(penalised(network));
  gradients.forEach((sum, p) => {
    const { data } = start[p]!;
    const decay = decayed.has(start[p]!) ? l2 : 0;
    for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! / weight + decay * data[i]!;
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
  const layers = alive.map((units, k) => ({
    name: k < stages.length ? `front.stages[${k}]` : `layers[${k - stages.length}]`,
    units: units.length,
    deadUnits: units.reduce((dead, a) => dead + (a === 0 ? 1 : 0), 0),
  }));
  return {
    gradientNorm: globalNorm(gradients),
    norm: globalNorm(start.map(p => p.data)),
    parameters,
    layers,
    findings: [
      ...gradientFindings(parameters),
      ...layers.flatMap((layer, k) => deadFinding(layer, bends[k] === 'tanh')),
    ],
  };
}

/** Marks the units that let a gradient through for one of the rows of `h`, `[rows, units, positions]`. */
function markAlive(alive: Uint8Array, h: Floats, positions: number, bend: string): void {
  const units = alive.length;
  for (let i = 0; i < h.length; i++) {
    if (bend === 'tanh' ? Math.abs(h[i]!) < 0.999 : h[i] !== 0) alive[Math.floor(i / positions) % units] = 1;
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
  const last = weights.at(-1)!;
  const beside = (p: ParameterHealth): string =>
    `${short(p.gradientNorm)} at ${p.name}, ${short(last.gradientNorm)} at ${last.name}`;
  for (const p of weights.slice(0, -1)) {
    if (p.gradientNorm < vanishing * last.gradientNorm) findings.push(`The gradient vanishes: ${beside(p)}.`);
    else if (p.gradientNorm > growing * last.gradientNorm && last.gradientNorm > 0) {
      findings.push(`The gradient explodes on its way down: ${beside(p)}.`);
    }
  }
  return findings;
}

function deadFinding({ name, units, deadUnits }: LayerHealth, saturates: boolean): string[] {
  const state = saturates ? 'saturated (±1 for every row)' : 'dead (0 for every row)';
  return deadUnits === 0 ? [] : [`${deadUnits} of ${units} units of ${name} are ${state}.`];
}
