/** Reading and writing a classifier as JSON. Numbers are preserved exactly; everything that is read is validated. */
import { type FeatureDefinition, isWhole } from '../../beat/features/feature-definition.ts';
import { sizeOf, type Tensor, tensor } from '../../diff/tensor.ts';
import type { Classifier } from './classifier.ts';
import { type ConvolutionalFrontEnd, frontEndWidth, type Stage } from './convolutional-layers.ts';
import { decisionAt } from './decision-json.ts';
import {
  documentOf,
  listAt,
  ModelError,
  numberAt,
  numbersAt,
  numberText,
  objectAt,
  oneOfAt,
  shown,
  stringAt,
  stringsAt,
  trueAt,
  wholeAt,
} from './json-validation.ts';
import { type Layer, requireSerializable } from './network.ts';

export { ModelError } from './json-validation.ts';

const format = 'upstroke-classifier';
const version = 1;

/**
 * Formats a classifier as JSON text, from which `parseModel` restores it bit for bit. Throws `RangeError` for
 * user-defined layers, whose code cannot be written to a file.
 *
 * @example parseModel(formatModel(model)).classes.length // => 5
 */
export function formatModel(model: Classifier): string {
  requireSerializable('formatModel', model.network);
  const { classes, features, standardization, network, definition, decision, training } = model;
  const document = {
    format,
    version,
    use: 'Research use only, not for diagnosis.',
    classes,
    features,
    standardization: { mean: [...standardization.mean], scale: [...standardization.scale] },
    network: {
      activation: network.activation,
      ...(network.frontEnd === undefined ? {} : { front: frontEndDocument(network.frontEnd) }),
      layers: network.layers.map(({ weights, bias }) => ({
        weights: rowsOf(weights.data, weights.shape[1]!),
        bias: [...bias.data],
      })),
    },
    ...(definition === undefined ? {} : { definition }),
    ...(decision === undefined ? {} : { decision }),
    training,
  };
  return `${jsonOf(document, '\n')}\n`;
}

/**
 * JSON text that preserves every number: as JSON.stringify with an indent of 1, except for −0 and numbers that are not
 * finite.
 */
function jsonOf(value: unknown, newline: string): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${newline} `;
  const parts = Array.isArray(value)
    ? value.map(entry => jsonOf(entry, inner))
    : Object.entries(value).flatMap(([key, entry]) =>
        entry === undefined ? [] : [`${JSON.stringify(key)}: ${jsonOf(entry, inner)}`],
      );
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return parts.length === 0
    ? `${open}${close}`
    : `${open}${inner}${parts.join(`,${inner}`)}${newline}${close}`;
}

function rowsOf(data: Float64Array, columns: number): number[][] {
  return Array.from({ length: data.length / columns }, (_, row) => [
    ...data.subarray(row * columns, (row + 1) * columns),
  ]);
}

function frontEndDocument({ channels, inputs, stages, summary }: ConvolutionalFrontEnd): unknown {
  return {
    channels,
    ...(inputs === undefined ? {} : { inputs }),
    stages: stages.map(({ weights, bias, ...rest }) => ({
      ...rest,
      shape: weights.shape,
      weights: [...weights.data],
      ...(bias === undefined ? {} : { bias: [...bias.data] }),
    })),
    summary,
  };
}

/**
 * Parses a classifier from JSON text. Throws `ModelError` with the path of an invalid value and what was expected
 * there.
 *
 * @example
 * parseModel('{}') // throws ModelError: model.format: expected 'upstroke-classifier', found nothing
 */
export function parseModel(text: string): Classifier {
  const root = documentOf(text, 'model', format, version);
  const classes = namesAt(stringsAt(root.classes, 'model.classes'), 'model.classes');
  const features = listAt(root.features, 'model.features').map((entry, k) => {
    const at = `model.features[${k}]`;
    const feature = objectAt(entry, at);
    return { name: stringAt(feature.name, `${at}.name`), unit: stringAt(feature.unit, `${at}.unit`) };
  });
  namesAt(
    features.map(({ name }) => name),
    'model.features',
  );
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
    ...(root.definition === undefined ? {} : { definition: definitionAt(root.definition) }),
    ...(root.decision === undefined ? {} : { decision: decisionAt(root.decision, classes) }),
    training: trainingAt(root.training),
  };
}

/** A non-empty list of distinct names. */
function namesAt(names: string[], at: string): string[] {
  if (names.length === 0) throw new ModelError(`${at}: expected one or more`);
  const twice = names.findIndex((name, k) => names.indexOf(name) < k);
  if (twice >= 0)
    throw new ModelError(`${at}[${twice}]: expected a new name, found ${shown(names[twice])} again`);
  return names;
}

function frontEndAt(
  value: unknown,
  at: string,
  inputs: number,
): { frontEnd: ConvolutionalFrontEnd; width: number } {
  const root = objectAt(value, at);
  const channels = wholeAt(root.channels, 1, `${at}.channels`, inputs);
  const frontEnd: ConvolutionalFrontEnd = {
    channels,
    ...(root.inputs === undefined ? {} : { inputs: wholeAt(root.inputs, 1, `${at}.inputs`, inputs) }),
    stages: listAt(root.stages, `${at}.stages`).map((entry, k) =>
      stageAt(entry, `${at}.stages[${k}]`, inputs),
    ),
    summary: oneOfAt(root.summary, ['all', 'mean', 'max'], `${at}.summary`),
  };
  try {
    return { frontEnd, width: frontEndWidth(frontEnd, inputs) };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ModelError(`${at}: ${cause.message}`, { cause });
  }
}

/**
 * A stage; its stride, padding, dilation and pool size are limited by the row length, so that a file cannot cause large
 * allocations.
 */
function stageAt(value: unknown, at: string, longest: number): Stage {
  const root = objectAt(value, at);
  const shape = listAt(root.shape, `${at}.shape`).map((n, k) => wholeAt(n, 1, `${at}.shape[${k}]`));
  if (shape.length !== 3) throw new ModelError(`${at}.shape: expected [outputs, channels, taps]`);
  const tensorAt = (name: 'weights' | 'bias', of: readonly number[]): Tensor =>
    tensor(numbersAt(root[name], sizeOf(of), `${at}.${name}`), of);
  const pool = root.pool === undefined ? undefined : objectAt(root.pool, `${at}.pool`);
  return {
    weights: tensorAt('weights', shape),
    ...(root.bias === undefined ? {} : { bias: tensorAt('bias', [shape[0]!]) }),
    stride: wholeAt(root.stride, 1, `${at}.stride`, longest),
    padding: wholeAt(root.padding, 0, `${at}.padding`, longest),
    dilation: wholeAt(root.dilation, 1, `${at}.dilation`, longest),
    activation: oneOfAt(root.activation, ['none', 'relu', 'tanh', 'abs'], `${at}.activation`),
    ...(pool === undefined
      ? {}
      : {
          pool: {
            kind: oneOfAt(pool.kind, ['max', 'average'], `${at}.pool.kind`),
            size: wholeAt(pool.size, 1, `${at}.pool.size`, longest),
          },
        }),
    ...(root.unitSlope === undefined ? {} : { unitSlope: trueAt(root.unitSlope, `${at}.unitSlope`) }),
  };
}

function networkAt(value: unknown, inputs: number, outputs: number): Classifier['network'] {
  const network = objectAt(value, 'model.network');
  const activation = oneOfAt(network.activation, ['tanh', 'relu'], 'model.network.activation');
  const frontEnd =
    network.front === undefined ? undefined : frontEndAt(network.front, 'model.network.front', inputs);
  let width = frontEnd?.width ?? inputs;
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
  return frontEnd === undefined
    ? { activation, layers }
    : { activation, frontEnd: frontEnd.frontEnd, layers };
}

/**
 * A feature definition whose fingerprint matches its content. Whether this version can compute it is checked where it
 * is used.
 */
function definitionAt(value: unknown): FeatureDefinition {
  const at = 'model.definition';
  const root = objectAt(value, at);
  const definition = {
    version: wholeAt(root.version, 1, `${at}.version`),
    leadRule: namesAt(stringsAt(root.leadRule, `${at}.leadRule`), `${at}.leadRule`),
    constants: objectAt(root.constants, `${at}.constants`),
    features: listAt(root.features, `${at}.features`).map((entry, k) => {
      const feature = objectAt(entry, `${at}.features[${k}]`);
      const text = (name: string): string => stringAt(feature[name], `${at}.features[${k}].${name}`);
      return { name: text('name'), unit: text('unit'), against: text('against') };
    }),
    fingerprint: stringAt(root.fingerprint, `${at}.fingerprint`),
  };
  if (!isWhole(definition)) {
    throw new ModelError(
      `${at}: its fingerprint ${shown(definition.fingerprint)} is not that of its content`,
    );
  }
  return definition;
}

function trainingAt(value: unknown): Classifier['training'] {
  const training = objectAt(value, 'model.training');
  const whole = (name: string): number => wholeAt(training[name], 0, `model.training.${name}`);
  return {
    trainedOn: stringsAt(training.trainedOn, 'model.training.trainedOn'),
    rows: whole('rows'),
    optimizer: stringAt(training.optimizer, 'model.training.optimizer'),
    learningRate: numberAt(training.learningRate, 'model.training.learningRate'),
    epochs: whole('epochs'),
    seed: whole('seed'),
  };
}
