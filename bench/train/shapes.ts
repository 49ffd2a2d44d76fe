/**
 * Networks that were not used for tuning, by name: `mlp-784-128-10@4096` is an MLP with these layer sizes and batches of
 * 4,096 rows; `cnn-1x128-5x16-3x32@64` is a convolutional network on rows of 128 samples with 16 outputs of 5 taps, then 32
 * of 3 taps, and batches of 64.
 */
export interface ShapedTask {
  readonly kind: 'mlp' | 'cnn';
  readonly batchSize: number;
  readonly inputs: number;
  /** Sizes of the layers after the input; for a CNN only the number of classes. */
  readonly layers: readonly number[];
  readonly convolutions: readonly { readonly taps: number; readonly outputs: number }[];
}

const layers = ['8-16-3', '128-256-256-10', '784-128-10'];
const batches = [32, 256, 4096];

/** The networks that `--tasks shapes` runs. */
export const shapes: readonly string[] = [
  ...layers.flatMap(sizes => batches.map(batch => `mlp-${sizes}@${batch}`)),
  ...['cnn-1x128-5x16-3x32@64', 'cnn-1x512-15x8@32', 'cnn-1x256-3x32-3x32-3x64@16'],
];

/** The task of a name. Throws `RangeError` for a name of another form. */
export function parseShape(name: string): ShapedTask {
  const mlp = /^mlp-(\d+(?:-\d+)+)@(\d+)$/.exec(name);
  if (mlp !== null) {
    const [inputs, ...rest] = mlp[1]!.split('-').map(Number);
    return { kind: 'mlp', batchSize: Number(mlp[2]), inputs: inputs!, layers: rest, convolutions: [] };
  }
  const cnn = /^cnn-1x(\d+)((?:-\d+x\d+)+)@(\d+)$/.exec(name);
  if (cnn === null)
    throw new RangeError(`bench train: no task is called ${name}; there are mlp, softmax, cnn and shapes`);
  const convolutions = cnn[2]!
    .slice(1)
    .split('-')
    .map(stage => {
      const [taps, outputs] = stage.split('x').map(Number);
      return { taps: taps!, outputs: outputs! };
    });
  return { kind: 'cnn', batchSize: Number(cnn[3]), inputs: Number(cnn[1]), layers: [5], convolutions };
}

/** The number of steps that takes about the same time for every shape, from the number of multiplications per step. */
export function stepsOf({ batchSize, inputs, layers: sizes, convolutions }: ShapedTask): number {
  let work = 0;
  let [channels, samples] = [1, inputs];
  for (const { taps, outputs } of convolutions) {
    work += samples * taps * channels * outputs;
    channels = outputs;
    samples /= 2;
  }
  let width = convolutions.length === 0 ? inputs : channels * samples;
  for (const size of sizes) {
    work += width * size;
    width = size;
  }
  const flops = 6 * work * batchSize;
  // Convolutions take minutes in some of the other libraries.
  const share = convolutions.length === 0 ? 1 : 0.1;
  return Math.max(4, Math.min(2000, Math.round((share * 6e9) / flops)));
}
