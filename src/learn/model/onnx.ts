/**
 * Export of a classifier to ONNX (operator set 13): raw features in, class probabilities out, standardisation included,
 * so that any ONNX runtime computes what `classProbabilities` does, in Float32. Field numbers and attribute types are
 * those of onnx.proto3 (github.com/onnx/onnx).
 */
import { PbfWriter } from 'pbf';
import type { Tensor } from '../../diff/tensor.ts';
import type { Classifier } from './classifier.ts';
import type { ConvolutionalFrontEnd, Stage } from './convolutional-layers.ts';
import { requireSerializable } from './network.ts';

const irVersion = 8;
const operatorSet = 13;
const elementType = { float: 1, int64: 7 } as const;
const attributeType = { float: 1, int: 2, ints: 7 } as const;

type Attribute = number | readonly number[];

interface GraphNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

interface Initializer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly kind: keyof typeof elementType;
  readonly numbers: ArrayLike<number>;
}

/** A graph under construction: each node names its result, which later nodes take as input. */
function graphBuilder() {
  const nodes: GraphNode[] = [];
  const initializers: Initializer[] = [];
  return {
    nodes,
    initializers,
    constant(name: string, { shape, data }: Tensor): string {
      initializers.push({ name, shape, kind: 'float', numbers: data });
      return name;
    },
    whole(name: string, numbers: readonly number[]): string {
      initializers.push({ name, shape: [numbers.length], kind: 'int64', numbers });
      return name;
    },
    node(type: string, inputs: readonly string[], output: string, attributes: GraphNode['attributes'] = {}) {
      nodes.push({ type, inputs, output, attributes });
      return output;
    },
  };
}

const vector = (data: Float64Array): Tensor => ({ shape: [data.length], data });
const operatorOf = { relu: 'Relu', tanh: 'Tanh', abs: 'Abs' } as const;

function buildGraph({ standardization, network, features }: Classifier) {
  const graph = graphBuilder();
  const { mean, scale } = standardization;
  // In two parts: a single Float32 mean would lose precision where the standard deviation is small compared with the
  // mean.
  const near = mean.map(Math.fround);
  const rest = mean.map((m, k) => m - near[k]!);
  let h = graph.node('Sub', ['features', graph.constant('mean.near', vector(near))], 'nearly centred');
  h = graph.node('Sub', [h, graph.constant('mean.rest', vector(rest))], 'centred');
  h = graph.node('Div', [h, graph.constant('scale', vector(scale))], 'standardized');
  if (network.frontEnd !== undefined) h = addFrontEnd(graph, network.frontEnd, features.length, h);
  network.layers.forEach(({ weights, bias }, k) => {
    const parameters = [graph.constant(`layer${k}.weights`, weights), graph.constant(`layer${k}.bias`, bias)];
    h = graph.node('Gemm', [h, ...parameters], `layer${k}.sum`);
    if (k < network.layers.length - 1)
      h = graph.node(operatorOf[network.activation], [h], `layer${k}.output`);
  });
  graph.node('Softmax', [h], 'probabilities', { axis: 1 });
  return graph;
}

function addFrontEnd(
  graph: ReturnType<typeof graphBuilder>,
  { channels, inputs, stages, summary }: ConvolutionalFrontEnd,
  columns: number,
  input: string,
): string {
  const width = inputs ?? columns;
  const columnRange = (name: string, from: number, to: number): string =>
    graph.node(
      'Slice',
      [input, ...[from, to, 1].map((n, k) => graph.whole(`${name}.${['from', 'to', 'axis'][k]}`, [n]))],
      name,
    );
  const convolved = width === columns ? input : columnRange('frontEnd.columns', 0, width);
  const shape = graph.whole('frontEnd.shape', [-1, channels, width / channels]);
  let h = graph.node('Reshape', [convolved, shape], 'frontEnd.signal');
  stages.forEach((stage, k) => {
    h = addStage(graph, stage, `stage${k}`, h);
  });
  if (summary !== 'all') {
    h = graph.node(summary === 'mean' ? 'GlobalAveragePool' : 'GlobalMaxPool', [h], 'frontEnd.summary');
  }
  h = graph.node('Flatten', [h], 'frontEnd.summarised', { axis: 1 });
  if (width === columns) return h;
  return graph.node('Concat', [h, columnRange('frontEnd.side', width, columns)], 'frontEnd.features', {
    axis: 1,
  });
}

function addStage(graph: ReturnType<typeof graphBuilder>, stage: Stage, name: string, input: string): string {
  const { weights, bias, stride, padding, dilation, activation, pool } = stage;
  const inputs = [input, graph.constant(`${name}.weights`, weights)];
  if (bias !== undefined) inputs.push(graph.constant(`${name}.bias`, bias));
  let h = graph.node('Conv', inputs, `${name}.sum`, {
    kernel_shape: [weights.shape[2]!],
    strides: [stride],
    dilations: [dilation],
    pads: [padding, padding],
  });
  if (activation !== 'none') h = graph.node(operatorOf[activation], [h], `${name}.activated`);
  if (pool !== undefined) {
    const windows = { kernel_shape: [pool.size], strides: [pool.size] };
    h = graph.node(pool.kind === 'max' ? 'MaxPool' : 'AveragePool', [h], `${name}.pooled`, windows);
  }
  return h;
}

function writeInitializer({ name, shape, kind, numbers }: Initializer, pbf: PbfWriter): void {
  const size = kind === 'float' ? 4 : 8;
  const bytes = new DataView(new ArrayBuffer(numbers.length * size));
  for (let i = 0; i < numbers.length; i++) {
    if (kind === 'float') bytes.setFloat32(4 * i, numbers[i]!, true);
    else bytes.setBigInt64(8 * i, BigInt(numbers[i]!), true);
  }
  for (const length of shape) pbf.writeVarintField(1, length);
  pbf.writeVarintField(2, elementType[kind]);
  pbf.writeStringField(8, name);
  pbf.writeBytesField(9, new Uint8Array(bytes.buffer));
}

function writeAttribute([name, value]: readonly [string, Attribute], pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  if (typeof value === 'number') {
    pbf.writeVarintField(3, value);
    pbf.writeVarintField(20, attributeType.int);
  } else {
    for (const one of value) pbf.writeVarintField(8, one);
    pbf.writeVarintField(20, attributeType.ints);
  }
}

function writeNode({ type, inputs, output, attributes }: GraphNode, pbf: PbfWriter): void {
  for (const input of inputs) pbf.writeStringField(1, input);
  pbf.writeStringField(2, output);
  pbf.writeStringField(3, output);
  pbf.writeStringField(4, type);
  for (const attribute of Object.entries(attributes)) pbf.writeMessage(5, writeAttribute, attribute);
}

/** An input or output: any number of rows of `columns` numbers. */
function writeValue({ name, columns }: { name: string; columns: number }, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  pbf.writeMessage(2, writeType, columns);
}

function writeType(columns: number, pbf: PbfWriter): void {
  pbf.writeMessage(1, writeTensorType, columns);
}

function writeTensorType(columns: number, pbf: PbfWriter): void {
  pbf.writeVarintField(1, elementType.float);
  pbf.writeMessage(2, writeShape, columns);
}

function writeShape(columns: number, pbf: PbfWriter): void {
  pbf.writeMessage(1, (name, inner) => inner.writeStringField(2, name), 'rows');
  pbf.writeMessage(1, (length, inner) => inner.writeVarintField(1, length), columns);
}

function writeGraph(model: Classifier, pbf: PbfWriter): void {
  const { nodes, initializers } = buildGraph(model);
  for (const node of nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, 'classifier');
  for (const initializer of initializers) pbf.writeMessage(5, writeInitializer, initializer);
  pbf.writeMessage(11, writeValue, { name: 'features', columns: model.features.length });
  pbf.writeMessage(12, writeValue, { name: 'probabilities', columns: model.classes.length });
}

/**
 * Formats a classifier as an ONNX model: input `features` `[rows, features]`, output `probabilities` `[rows, classes]`,
 * both Float32. Class names, feature names with units, and the provenance are stored as JSON in the model's metadata
 * (`classes`, `features`, `training`). Throws `RangeError` for user-defined layers.
 *
 * @example formatOnnx(model).length // => 6117
 */
export function formatOnnx(model: Classifier): Uint8Array {
  requireSerializable('formatOnnx', model.network);
  const pbf = new PbfWriter();
  const metadata = {
    classes: JSON.stringify(model.classes),
    features: JSON.stringify(model.features),
    training: JSON.stringify(model.training),
    use: 'Research use only, not for diagnosis.',
  };
  pbf.writeVarintField(1, irVersion);
  pbf.writeStringField(2, 'upstroke');
  pbf.writeMessage(7, writeGraph, model);
  pbf.writeMessage(8, (version, inner) => inner.writeVarintField(2, version), operatorSet);
  for (const [key, value] of Object.entries(metadata)) {
    pbf.writeMessage(
      14,
      (text, inner) => {
        inner.writeStringField(1, key);
        inner.writeStringField(2, text);
      },
      value,
    );
  }
  return pbf.finish();
}
