/**
 * Lesson 6: backpropagation. A three-layer network classifies one beat as normal or ventricular from three
 * measurements of its QRS complex. Every number of the forward and backward pass is computed with plain loops and
 * compared to `grad`.
 */
import { grad } from '../../diff/grad.ts';
import { softmaxCrossEntropy } from '../../diff/loss.ts';
import { sum } from '../../diff/reduction.ts';
import { type Tensor, tensor } from '../../diff/tensor.ts';
import { type Standardization, standardize } from '../../learn/model/classifier.ts';
import { logits, type Network, parametersOf, withParameters } from '../../learn/model/network.ts';
import { train } from '../../learn/train/train.ts';
import { type Figures, type LessonInputs, shown } from './lesson-inputs.ts';

/** The inputs of the network. */
export const measurements = [
  { name: 'upstroke', unit: 'mV/s' },
  { name: 'downstroke', unit: 'mV/s' },
  { name: 'QRS duration', unit: 'ms' },
] as const;

/** The ventricular beat used in the lesson; index from 0. */
const backpropagationBeat = 104;

export interface BeatNetwork {
  readonly network: Network;
  readonly standardization: Standardization;
  /** Measurements of the beat, in physical units. */
  readonly measured: readonly number[];
  /** The standardised measurements, `[1, 3]`: the input of the network. */
  readonly x: Tensor;
}

/** Index of the true class, ventricular. */
const truth = 1;

/** Trains the network on the beats that the sample classifier labels N or V. */
export function createBeatNetwork({ slopes, classified, beats }: LessonInputs): BeatNetwork {
  const rows = slopes.beats.flatMap((beat, k) => {
    const name = classified.classes[k];
    const { upstroke, downstroke, qrsDuration } = beat;
    if ((name !== 'N' && name !== 'V') || !upstroke || !downstroke || qrsDuration === undefined) return [];
    return [{ k, label: name === 'V' ? 1 : 0, x: [upstroke.slope, downstroke.slope, 1000 * qrsDuration] }];
  });
  const { model } = train(
    {
      classes: ['N', 'V'],
      features: measurements,
      x: tensor(rows.map(({ x }) => x)),
      labels: Int32Array.from(rows, ({ label }) => label),
      groups: rows.map(() => beats.record),
    },
    {
      ...{ hidden: [3, 2], activation: 'tanh', optimizer: 'lbfgs', learningRate: 1, epochs: 40 },
      ...{ batchSize: rows.length, l2: 0.01, classWeights: [1, 1], seed: 3 },
    },
  );
  const measured = rows.find(({ k }) => k === backpropagationBeat)!.x;
  return {
    network: model.network,
    standardization: model.standardization,
    measured,
    x: standardize(tensor([measured]), model.standardization),
  };
}

/** One layer in the forward and the backward pass. */
export interface LayerPass {
  /** Outputs of the layer: after tanh, or the logits for the last layer. */
  readonly outputs: readonly number[];
  /** ∂loss/∂(input of the layer's activation function). */
  readonly errors: readonly number[];
  /** ∂loss/∂weight, `[inputs][outputs]`, and ∂loss/∂bias. */
  readonly weightShares: readonly (readonly number[])[];
  readonly biasShares: readonly number[];
}

export interface Passes {
  readonly layers: readonly LayerPass[];
  /** Probabilities of N and V. */
  readonly probabilities: readonly number[];
  /** −ln of the probability of V. */
  readonly loss: number;
}

/** Forward and backward pass with plain loops: the chain rule, layer by layer. */
export function passes({ layers }: Network, x: readonly number[]): Passes {
  const activations: number[][] = [[...x]];
  layers.forEach(({ weights, bias }, k) => {
    const before = activations[k]!;
    const isLast = k === layers.length - 1;
    activations.push(
      Array.from(bias.data, (b, j) => {
        const z =
          before.reduce((all, value, i) => all + value * weights.data[i * bias.data.length + j]!, 0) + b;
        return isLast ? z : Math.tanh(z);
      }),
    );
  });
  const scores = activations.at(-1)!;
  const top = Math.max(...scores);
  const exponentials = scores.map(score => Math.exp(score - top));
  const total = exponentials.reduce((all, value) => all + value, 0);
  const probabilities = exponentials.map(value => value / total);
  // Error of a layer: p − y at the output; in earlier layers the error propagated back through the weights, times
  // tanh′ = 1 − a².
  let errors = probabilities.map((p, j) => p - (j === truth ? 1 : 0));
  const passed: LayerPass[] = [];
  for (let k = layers.length - 1; k >= 0; k--) {
    const before = activations[k]!;
    const { weights } = layers[k]!;
    const here = errors;
    passed.unshift({
      outputs: activations[k + 1]!,
      errors: here,
      weightShares: before.map(value => here.map(error => value * error)),
      biasShares: here,
    });
    errors = before.map(
      (value, i) =>
        here.reduce((all, error, j) => all + error * weights.data[i * here.length + j]!, 0) *
        (1 - value * value),
    );
  }
  return { layers: passed, probabilities, loss: -Math.log(probabilities[truth]!) };
}

/** The gradient of the same loss with respect to each parameter, in the order of `parametersOf`, computed by `grad`. */
function libraryGradients({ network, x }: BeatNetwork): readonly Tensor[] {
  return parametersOf(network).map((parameter, k) =>
    grad((moving: Tensor) => {
      const all = parametersOf(network).map((other, j) => (j === k ? moving : other));
      return sum(softmaxCrossEntropy(logits(withParameters(network, all), x), tensor([[0, 1]])));
    })(parameter),
  );
}

/** The network with one weight set to `value`. */
export function withWeight(network: Network, layer: number, index: number, value: number): Network {
  return withParameters(
    network,
    parametersOf(network).map((parameter, k) => {
      if (k !== 2 * layer) return parameter;
      const data = parameter.data.slice();
      data[index] = value;
      return { ...parameter, data };
    }),
  );
}

/** The weight that the text changes: first layer, from the upstroke to the first unit. */
export const turned = { layer: 0, index: 0, by: 0.1 } as const;

/** The numbers quoted in lesson 6. */
export function backpropagationFigures(inputs: LessonInputs): Figures {
  const beat = createBeatNetwork(inputs);
  const { layers, probabilities, loss } = passes(beat.network, [...beat.x.data]);
  const gradients = libraryGradients(beat);
  const differences = layers.flatMap(({ weightShares, biasShares }, k) => [
    ...weightShares.flat().map((share, at) => Math.abs(share - gradients[2 * k]!.data[at]!)),
    ...biasShares.map((share, at) => Math.abs(share - gradients[2 * k + 1]!.data[at]!)),
  ]);
  const weight = parametersOf(beat.network)[2 * turned.layer]!.data[turned.index]!;
  const share = layers[turned.layer]!.weightShares.flat()[turned.index]!;
  const after = passes(withWeight(beat.network, turned.layer, turned.index, weight + turned.by), [
    ...beat.x.data,
  ]);
  return {
    upstroke: shown(beat.measured[0]!, 0),
    downstroke: shown(beat.measured[1]!, 0),
    duration: shown(beat.measured[2]!, 0),
    probability: shown(probabilities[truth]!, 3),
    loss: shown(loss, 4),
    parameters: String(differences.length),
    'largest-difference': String(Math.max(...differences)),
    weight: shown(weight, 4),
    share: shown(share, 6),
    'share-by-grad': shown(gradients[2 * turned.layer]!.data[turned.index]!, 6),
    turned: shown(weight + turned.by, 4),
    promised: shown(loss + turned.by * share, 4),
    happened: shown(after.loss, 4),
  };
}
