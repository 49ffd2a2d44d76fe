/**
 * The tasks of `npm run bench train`, identical for every library: rows, labels, prepared batches and initial weights.
 * Everything is seeded and in Float32.
 */
import { createRandom } from '../../src/random.ts';
import { parseShape, stepsOf } from './shapes.ts';

/** `mlp`, `softmax`, `cnn`, or the name of a shape (shapes.ts). */
export type TaskName = string;

export interface TaskBatch {
  readonly rows: number;
  readonly x: Float32Array;
  /** One-hot, `[rows, classes]`. */
  readonly targets: Float32Array;
}

export interface Task {
  readonly name: TaskName;
  readonly words: string;
  /** Convolutions before the dense layers, each padded to keep the length and followed by relu and pooling by 2. */
  readonly convolutions: readonly { readonly taps: number; readonly outputs: number }[];
  readonly rows: number;
  /** Columns of a row; for the CNN the samples of one channel. */
  readonly inputs: number;
  readonly classes: number;
  readonly batchSize: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly batches: readonly TaskBatch[];
  /** Weights `[inputs, outputs]` or `[outputs, channels, taps]`, and biases, in order. */
  readonly parameters: readonly { readonly shape: readonly number[]; readonly data: Float32Array }[];
}

/** Taps and outputs of the CNN's two convolutions. */
const convolutions = [
  { taps: 7, outputs: 8 },
  { taps: 5, outputs: 16 },
] as const;

const usualClasses = 5;

function sliced(
  x: Float32Array,
  labels: Uint8Array,
  inputs: number,
  batchSize: number,
  classes = usualClasses,
): TaskBatch[] {
  const batches: TaskBatch[] = [];
  for (let from = 0; from < labels.length; from += batchSize) {
    const rows = Math.min(batchSize, labels.length - from);
    const targets = new Float32Array(rows * classes);
    for (let row = 0; row < rows; row++) targets[row * classes + labels[from + row]!] = 1;
    batches.push({ rows, x: x.slice(from * inputs, (from + rows) * inputs), targets });
  }
  return batches;
}

/** Normal rows whose class is the largest of several noisy linear scores, so that softmax regression can learn it. */
function scoredRows(
  rows: number,
  inputs: number,
  classes = usualClasses,
): { x: Float32Array; labels: Uint8Array } {
  const random = createRandom(1);
  const teacher = Float64Array.from({ length: inputs * classes }, () => random.normal());
  const x = new Float32Array(rows * inputs);
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < inputs; k++) x[row * inputs + k] = random.normal();
    let best = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < classes; c++) {
      let score = 2 * random.normal();
      for (let k = 0; k < inputs; k++) score += teacher[c * inputs + k]! * x[row * inputs + k]!;
      if (score > best) {
        best = score;
        labels[row] = c;
      }
    }
  }
  return { x, labels };
}

/** Beats of 256 samples: a bump in noise at a random position, whose width and sign determine the class. */
function beats(rows: number, samples: number): { x: Float32Array; labels: Uint8Array } {
  const random = createRandom(2);
  const x = new Float32Array(rows * samples);
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const label = Math.floor(random.uniform() * usualClasses);
    labels[row] = label;
    const width = 3 * 1.6 ** label;
    const centre = samples / 2 + 20 * random.normal();
    for (let i = 0; i < samples; i++) {
      x[row * samples + i] = 2 * Math.exp(-0.5 * ((i - centre) / width) ** 2) + 0.4 * random.normal();
    }
  }
  return { x, labels };
}

function uniformWeights(shapes: readonly (readonly number[])[]): Task['parameters'] {
  const random = createRandom(3);
  return shapes.map(shape => {
    const data = new Float32Array(shape.reduce((n, length) => n * length, 1));
    // Weights; a shape of one axis is a bias and starts at 0.
    const fanIn = shape.length === 3 ? shape[1]! * shape[2]! : shape[0]!;
    if (shape.length > 1) {
      for (let i = 0; i < data.length; i++) data[i] = Math.sqrt(6 / fanIn) * (2 * random.uniform() - 1) * 0.5;
    }
    return { shape, data };
  });
}

/** Builds a task, with the same numbers in every process. */
export function taskOf(name: TaskName): Task {
  if (!['mlp', 'softmax', 'cnn'].includes(name)) return shapedTask(name);
  const classes = usualClasses;
  if (name === 'cnn') {
    const [rows, inputs, batchSize] = [10_000, 256, 100];
    const { x, labels } = beats(rows, inputs);
    const [one, two] = convolutions;
    return {
      ...{ name, rows, inputs, classes, batchSize, epochs: 2, learningRate: 2e-3, convolutions },
      words: '1-D CNN 1-8-16 channels, 10,000 beats of 256 samples, batch 100, Adam 2e-3, 2 epochs',
      batches: sliced(x, labels, inputs, batchSize),
      parameters: uniformWeights([
        ...[[one.outputs, 1, one.taps], [one.outputs], [two.outputs, one.outputs, two.taps], [two.outputs]],
        ...[[(two.outputs * inputs) / 4, classes], [classes]],
      ]),
    };
  }
  const [rows, inputs, batchSize] = [50_000, 32, 256];
  const { x, labels } = scoredRows(rows, inputs);
  const layers = name === 'mlp' ? [inputs, 64, classes] : [inputs, classes];
  return {
    ...{ name, rows, inputs, classes, batchSize, epochs: 10, learningRate: 1e-2, convolutions: [] },
    words: `${name === 'mlp' ? 'MLP 32-64-5 (relu)' : 'softmax regression 32-5'}, 50,000 rows, batch 256, Adam 1e-2, 10 epochs`,
    batches: sliced(x, labels, inputs, batchSize),
    parameters: uniformWeights(layers.slice(1).flatMap((outputs, k) => [[layers[k]!, outputs], [outputs]])),
  };
}

/** The task of a shape: few rows, repeated for as many epochs as give enough steps. */
function shapedTask(name: string): Task {
  const shape = parseShape(name);
  const { kind, batchSize, inputs, layers, convolutions: stages } = shape;
  const classes = layers.at(-1)!;
  const steps = stepsOf(shape);
  const kept = Math.min(steps, Math.max(2, Math.floor(2e6 / (batchSize * inputs))));
  const rows = kept * batchSize;
  const { x, labels } = kind === 'cnn' ? beats(rows, inputs) : scoredRows(rows, inputs, classes);
  let [channels, width] = [1, inputs];
  const convolved = stages.flatMap(({ taps, outputs }) => {
    const shapes = [[outputs, channels, taps], [outputs]];
    channels = outputs;
    width /= 2;
    return shapes;
  });
  let from = kind === 'cnn' ? channels * width : inputs;
  const dense = layers.flatMap(size => {
    const shapes = [[from, size], [size]];
    from = size;
    return shapes;
  });
  return {
    ...{
      name,
      rows,
      inputs,
      classes,
      batchSize,
      epochs: Math.max(1, Math.round(steps / kept)),
      learningRate: 1e-3,
    },
    ...{ words: `${name}, Adam 1e-3, ${steps} steps`, convolutions: stages },
    batches: sliced(x, labels, inputs, batchSize, classes),
    parameters: uniformWeights([...convolved, ...dense]),
  };
}

/** Adam's constants, for all libraries. */
export const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** A library's implementation of a task. */
export interface Contestant {
  step(batch: number): number | Promise<number>;
  /** Restores the initial weights and the initial state of the optimiser. */
  reset(): void | Promise<void>;
}

const warmUpSteps = 30;

/**
 * Runs a contestant in this process and prints the result as one line of JSON: wall-clock and processor seconds of
 * training, final loss (mean over the rows of the last epoch), peak memory. Warm-up, including compilation, is not timed.
 */
export async function race(make: (task: Task) => Promise<Contestant>): Promise<void> {
  const task = taskOf(process.argv[2]!);
  const contestant = await make(task);
  for (let k = 0; k < Math.min(warmUpSteps, 2 * task.batches.length); k++)
    await contestant.step(k % task.batches.length);
  await contestant.step(task.batches.length - 1); // the last batch may be smaller
  await contestant.reset();
  const cpu = process.cpuUsage();
  const start = performance.now();
  let loss = 0;
  for (let epoch = 0; epoch < task.epochs; epoch++) {
    loss = 0;
    for (let k = 0; k < task.batches.length; k++) {
      const own = contestant.step(k);
      loss += (typeof own === 'number' ? own : await own) * task.batches[k]!.rows;
    }
  }
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    JSON.stringify({
      ...{ seconds, cpuSeconds: (user + system) / 1e6, loss: loss / task.rows },
      peakMegabytes: process.resourceUsage().maxRSS / 1024,
    }),
  );
}
