/** A classifier as JSON text and back. Numbers keep every bit; what is read is checked before it is believed. */
import { tensor } from '../diff/tensor.ts';
import type { Classifier } from './classifier.ts';
import type { Activation, Layer } from './network.ts';

const format = 'upstroke-classifier';
const version = 1;

/** A model file that is not one, with the place in it: `model.network.layers[0].bias: …`. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
}

/** The classifier as JSON text. `parseModel` gives it back bit for bit. */
export function formatModel(model: Classifier): string {
  const { classes, features, standardization, network, training } = model;
  const document = {
    format,
    version,
    use: 'Research use only, not for diagnosis.',
    classes,
    features,
    standardization: { mean: [...standardization.mean], scale: [...standardization.scale] },
    network: {
      activation: network.activation,
      layers: network.layers.map(({ weights, bias }) => ({
        weights: rowsOf(weights.data, weights.shape[1]!),
        bias: [...bias.data],
      })),
    },
    training,
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

function rowsOf(data: Float64Array, columns: number): number[][] {
  return Array.from({ length: data.length / columns }, (_, row) => [
    ...data.subarray(row * columns, (row + 1) * columns),
  ]);
}

/** The classifier in a JSON text. Throws `ModelError` that names the place and what was expected there. */
export function parseModel(text: string): Classifier {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new ModelError(`model: not JSON: ${(cause as SyntaxError).message}`, { cause });
  }
  const root = objectAt(document, 'model');
  if (root.format !== format) {
    throw new ModelError(
      `model.format: expected '${format}', found ${JSON.stringify(root.format) ?? 'nothing'}`,
    );
  }
  if (root.version !== version) {
    throw new ModelError(`model.version: expected ${version}, found ${JSON.stringify(root.version)}`);
  }
  const classes = stringsAt(root.classes, 'model.classes');
  const features = listAt(root.features, 'model.features').map((entry, k) => {
    const at = `model.features[${k}]`;
    const feature = objectAt(entry, at);
    return { name: stringAt(feature.name, `${at}.name`), unit: stringAt(feature.unit, `${at}.unit`) };
  });
  const scaling = objectAt(root.standardization, 'model.standardization');
  const mean = numbersAt(scaling.mean, features.length, 'model.standardization.mean');
  const scale = numbersAt(scaling.scale, features.length, 'model.standardization.scale');
  if (scale.some(value => !(value > 0)))
    throw new ModelError('model.standardization.scale: expected positive numbers');
  return {
    classes,
    features,
    standardization: { mean, scale },
    network: networkAt(root.network, features.length, classes.length),
    training: trainingAt(root.training),
  };
}

function networkAt(value: unknown, inputs: number, outputs: number): Classifier['network'] {
  const network = objectAt(value, 'model.network');
  const activation = stringAt(network.activation, 'model.network.activation');
  if (activation !== 'tanh' && activation !== 'relu') {
    throw new ModelError(`model.network.activation: expected tanh or relu, found ${activation}`);
  }
  let width = inputs;
  const layers = listAt(network.layers, 'model.network.layers').map((entry, k): Layer => {
    const at = `model.network.layers[${k}]`;
    const layer = objectAt(entry, at);
    const rows = listAt(layer.weights, `${at}.weights`);
    if (rows.length !== width)
      throw new ModelError(`${at}.weights: expected ${width} rows, found ${rows.length}`);
    const bias = numbersAt(layer.bias, undefined, `${at}.bias`);
    const weights = new Float64Array(width * bias.length);
    rows.forEach((row, r) => {
      weights.set(numbersAt(row, bias.length, `${at}.weights[${r}]`), r * bias.length);
    });
    const shape = [width, bias.length];
    width = bias.length;
    return { weights: tensor(weights, shape), bias: tensor(bias) };
  });
  if (layers.length === 0 || width !== outputs) {
    throw new ModelError(
      `model.network.layers: expected the last to give ${outputs} classes, found ${width}`,
    );
  }
  return { activation: activation satisfies Activation, layers };
}

function trainingAt(value: unknown): Classifier['training'] {
  const training = objectAt(value, 'model.training');
  const number = (name: string): number => numbersAt([training[name]], 1, `model.training.${name}`)[0]!;
  return {
    trainedOn: stringsAt(training.trainedOn, 'model.training.trainedOn'),
    rows: number('rows'),
    optimizer: stringAt(training.optimizer, 'model.training.optimizer'),
    learningRate: number('learningRate'),
    epochs: number('epochs'),
    seed: number('seed'),
  };
}

function objectAt(value: unknown, at: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ModelError(`${at}: expected an object`);
  }
  return value as Record<string, unknown>;
}

function listAt(value: unknown, at: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new ModelError(`${at}: expected a list`);
  return value;
}

function stringAt(value: unknown, at: string): string {
  if (typeof value !== 'string') throw new ModelError(`${at}: expected a text`);
  return value;
}

function stringsAt(value: unknown, at: string): string[] {
  return listAt(value, at).map((entry, k) => stringAt(entry, `${at}[${k}]`));
}

function numbersAt(value: unknown, length: number | undefined, at: string): Float64Array {
  const list = listAt(value, at);
  if (length !== undefined && list.length !== length) {
    throw new ModelError(`${at}: expected ${length} numbers, found ${list.length}`);
  }
  const wrong = list.findIndex(entry => typeof entry !== 'number' || !Number.isFinite(entry));
  if (wrong >= 0) throw new ModelError(`${at}[${wrong}]: expected a finite number`);
  return Float64Array.from(list as readonly number[]);
}
