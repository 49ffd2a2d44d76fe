/**
 * `npm run bench kernels`: every kind of step that has a WebAssembly kernel, at the sizes of a small training, as a
 * kernel and as a plain loop, alternating; processor time, the fastest of several runs of each.
 */
import { add, gate, maskedMul, mul } from '../src/diff/arithmetic.ts';
import { createProgram, type Precision } from '../src/diff/compile.ts';
import { conv1d } from '../src/diff/convolution.ts';
import { exp, relu, tanh } from '../src/diff/elementwise.ts';
import { vjp } from '../src/diff/grad.ts';
import { softmaxCrossEntropy } from '../src/diff/loss.ts';
import { maxPool } from '../src/diff/pooling.ts';
import { matmul } from '../src/diff/product.ts';
import { sum } from '../src/diff/reduction.ts';
import { type Shape, sizeOf, type Tensor, tensor } from '../src/diff/tensor.ts';
import { createRandom } from '../src/random.ts';

const random = createRandom(1);
const noise = (...shape: Shape): Tensor =>
  tensor(
    Float64Array.from({ length: sizeOf(shape) }, () => random.normal()),
    shape,
  );

type Work = readonly [(...inputs: Tensor[]) => Tensor, readonly Tensor[]];
const back = (f: (...inputs: Tensor[]) => Tensor, argument: number, ...inputs: Tensor[]): Work => {
  const ct = noise(...f(...inputs).shape);
  return [
    (u, ...xs) =>
      vjp(x => f(...xs.map((other, k) => (k === argument ? x! : other))), xs[argument]!).pullback(u!)[0]!,
    [ct, ...inputs],
  ];
};
const convolve = (x?: Tensor, w?: Tensor): Tensor => conv1d(x!, w!, { padding: 2 });
const pool = (x?: Tensor): Tensor => maxPool(x!, { size: 2 });
const signals = noise(64, 8, 128);
const taps = noise(16, 8, 5);

const works: Readonly<Record<string, Work>> = {
  'matmul 256×32×64': [(a, b) => matmul(a!, b!), [noise(256, 32), noise(32, 64)]],
  'matmul 32×256×64, left transposed': [
    (a, b) => matmul(a!, b!, { transposeA: true }),
    [noise(256, 32), noise(256, 64)],
  ],
  'matmul 256×5×64, right transposed': [
    (a, b) => matmul(a!, b!, { transposeB: true }),
    [noise(256, 5), noise(64, 5)],
  ],
  'conv1d 64×8×128 by 16×8×5': [convolve, [signals, taps]],
  'its adjoint in the signal': back(convolve, 0, signals, taps),
  'its adjoint in the taps': back(convolve, 1, signals, taps),
  'add a row to 256×64': [(a, b) => add(a!, b!), [noise(256, 64), noise(64)]],
  'multiply 256×64': [(a, b) => mul(a!, b!), [noise(256, 64), noise(256, 64)]],
  'relu 256×64': [x => relu(x!), [noise(256, 64)]],
  'a masked product 256×64': [(a, b) => maskedMul(a!, b!), [noise(256, 64), noise(256, 64)]],
  'gate 256×64': [(a, b) => gate(a!, b!), [noise(256, 64), noise(256, 64)]],
  'sum the rows of 256×64': [x => sum(x!, { axis: 0 }), [noise(256, 64)]],
  'exp 256×64': [x => exp(x!), [noise(256, 64)]],
  'tanh 256×64': [x => tanh(x!), [noise(256, 64)]],
  'cross-entropy 256×5': [(z, t) => softmaxCrossEntropy(z!, t!), [noise(256, 5), mul(noise(256, 5), 0)]],
  'max pool 64×8×128 by 2': [pool, [signals]],
  'its adjoint': back(pool, 0, signals),
};

/** Microseconds of processor time per run, the minimum of several measurements. */
function microseconds(run: () => void): number {
  for (let k = 0; k < 30; k++) run();
  let least = Number.POSITIVE_INFINITY;
  for (let go = 0; go < 7; go++) {
    const runs = 60;
    const start = process.cpuUsage();
    for (let k = 0; k < runs; k++) run();
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, (user + system) / runs);
  }
  return least;
}

for (const precision of ['float32', 'float64'] satisfies Precision[]) {
  console.log(
    `${precision.padEnd(36)}${'kernel µs'.padStart(11)}${'loop µs'.padStart(10)}${'ratio'.padStart(8)}`,
  );
  for (const [name, [f, inputs]] of Object.entries(works)) {
    const [kernel, loop] = [true, false].map(native =>
      createProgram((...xs) => [f(...xs)], inputs, { precision, native }),
    );
    if (kernel!.steps.native === 0) continue;
    const [fast, slow] = [microseconds(kernel!.run), microseconds(loop!.run)];
    console.log(
      name.padEnd(36) +
        fast.toFixed(1).padStart(11) +
        slow.toFixed(1).padStart(10) +
        (slow / fast).toFixed(1).padStart(8),
    );
  }
  console.log();
}
