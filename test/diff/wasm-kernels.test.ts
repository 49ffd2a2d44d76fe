/** The WebAssembly kernels against the plain loops at sizes with every kind of remainder, and against their source. */
import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { buildKernels } from '../../kernels/build.ts';
import { add } from '../../src/diff/arithmetic.ts';
import { createProgram, type Precision } from '../../src/diff/compile.ts';
import { conv1d } from '../../src/diff/convolution.ts';
import { exp, relu, sigmoid, tanh } from '../../src/diff/elementwise.ts';
import { valueAndGrad, vjp } from '../../src/diff/grad.ts';
import { softmaxCrossEntropy } from '../../src/diff/loss.ts';
import { maxPool } from '../../src/diff/pooling.ts';
import { matmul } from '../../src/diff/product.ts';
import { sum } from '../../src/diff/reduction.ts';
import { type Shape, sizeOf, type Tensor, tensor } from '../../src/diff/tensor.ts';
import { hasNative } from '../../src/diff/wasm-kernels.ts';
import { normalTensors } from './random-tensors.ts';

const noise = normalTensors(11);

function both(
  f: (...inputs: Tensor[]) => readonly Tensor[],
  inputs: readonly Tensor[],
  precision: Precision,
): { native: number[]; plain: number[]; kernels: number } {
  const [native, plain] = [true, false].map(native => {
    const program = createProgram(f, inputs, { precision, native });
    program.run();
    program.run(); // a second run starts from what the first left behind
    return { program, numbers: program.outputs.flatMap(x => [...x.data]) };
  });
  expect(plain!.program.steps.native).toBe(0);
  return { native: native!.numbers, plain: plain!.numbers, kernels: native!.program.steps.native };
}

/** Largest difference, in units of the size of the numbers. */
function apart(a: readonly number[], b: readonly number[]): number {
  const size = b.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-30);
  return a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i]!)), 0) / size;
}

test('this engine runs the kernels', () => {
  expect(hasNative()).toBe(true);
});

test('the checked-in bytes are what the source compiles to', async () => {
  expect(await buildKernels()).toBe(
    readFileSync(new URL('../../src/diff/wasm-binaries.ts', import.meta.url), 'utf8'),
  );
});

describe.each([
  [1, 1, 1],
  [3, 5, 7],
  [4, 8, 8],
  [5, 1, 9],
  [6, 33, 4],
  [7, 2, 19],
  [64, 256, 5],
  // Blocks over the shared axis, over rows and over columns, with remainders of each.
  [71, 530, 29],
  [3, 300, 40],
  [130, 257, 281],
])('matmul %i×%i by %i', (m, k, n) => {
  test.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('transposed %s, %s: Float64 to the bit, Float32 to rounding', (transposeA, transposeB) => {
    const a = noise(transposeA ? [k, m] : [m, k]);
    const b = noise(transposeB ? [n, k] : [k, n]);
    const f = (x?: Tensor, y?: Tensor): readonly Tensor[] => [matmul(x!, y!, { transposeA, transposeB })];
    const exact = both(f, [a, b], 'float64');
    expect(exact.kernels).toBe(1);
    expect(exact.native).toEqual(exact.plain);
    const single = both(f, [a, b], 'float32');
    expect(apart(single.native, exact.plain)).toBeLessThan(1e-5);
    expect(apart(single.plain, exact.plain)).toBeLessThan(1e-5);
  });
});

describe.each([
  { batch: 3, channels: 1, length: 40, outputs: 6, taps: 7, stride: 1, padding: 3, dilation: 1 },
  { batch: 2, channels: 5, length: 37, outputs: 9, taps: 4, stride: 1, padding: 0, dilation: 3 },
  { batch: 2, channels: 3, length: 64, outputs: 8, taps: 5, stride: 2, padding: 2, dilation: 2 },
  { batch: 1, channels: 2, length: 5, outputs: 1, taps: 3, stride: 4, padding: 9, dilation: 1 },
])('conv1d of %j', ({ batch, channels, length, outputs, taps, stride, padding, dilation }) => {
  const inputs = [noise([batch, channels, length]), noise([outputs, channels, taps])];
  const withGradients = (x?: Tensor, w?: Tensor): readonly Tensor[] => {
    const y = (a: Tensor, b: Tensor): Tensor => conv1d(a, b, { stride, padding, dilation });
    const { gradients } = valueAndGrad((a, b) => sum(tanh(y(a!, b!))))(x!, w!);
    return [y(x!, w!), ...gradients];
  };
  test('forward and both gradients agree with the plain loops', () => {
    const exact = both(withGradients, inputs, 'float64');
    expect(exact.kernels).toBeGreaterThanOrEqual(3);
    expect(apart(exact.native, exact.plain)).toBeLessThan(1e-14);
    const single = both(withGradients, inputs, 'float32');
    expect(apart(single.native, exact.plain)).toBeLessThan(1e-5);
  });
});

describe('functions in Float32', () => {
  const grid = Float64Array.from({ length: 20_003 }, (_, i) => Math.fround((i / 10_001 - 1) * 95));
  const small = grid.map(x => Math.fround(x / 1e4));
  const edges = [0, -0, 1e-30, -1e-30, 88.7, -87, 200, -200, Infinity, -Infinity, Number.NaN];
  const points = tensor(Float64Array.from([...grid, ...small, ...edges], Math.fround));
  const ulp = (y: number): number => 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(y)))) - 23);
  test.each([
    ['exp', exp, Math.exp],
    ['tanh', tanh, Math.tanh],
    ['sigmoid', sigmoid, (x: number) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)))],
    ['relu', relu, (x: number) => Math.max(x, 0)],
  ] as const)('%s is within 2 units in the last place, edges included', (_, f, exact) => {
    const program = createProgram(x => [f(x!)], [points], { precision: 'float32' });
    expect(program.steps.native).toBe(1);
    program.run();
    program.outputs[0]!.data.forEach((y, i) => {
      const x = points.data[i]!;
      const expected = Math.fround(exact(x));
      if (!Number.isFinite(expected)) expect(y).toBe(expected);
      // Below the smallest normal number the kernel gives 0.
      else if (Math.abs(expected) < 2 ** -126) expect(Math.abs(y)).toBeLessThan(2 ** -125);
      else if (Math.abs(y - expected) > 2 * ulp(expected)) expect(`f(${x}) = ${y}`).toBe(expected);
    });
  });
});

describe.each([
  { columns: 26, size: 2, stride: 2 },
  { columns: 27, size: 2, stride: 2 },
  { columns: 26, size: 3, stride: 1 },
])('max pooling of $columns samples by windows of $size every $stride', ({ columns, size, stride }) => {
  test('picks and places the same as the plain loop, ties and NaN included', () => {
    const x = noise([5, columns]);
    x.data.set([1, 1, Number.NaN, 2, 3, Number.NaN, Number.NaN, Number.NaN, -0, 0, Infinity, Infinity]);
    const count = Math.floor((columns - size) / stride) + 1;
    const ct = noise([5, count]);
    const f = (v?: Tensor, u?: Tensor): readonly Tensor[] => {
      const { value, pullback } = vjp(w => maxPool(w!, { size, stride }), v!);
      return [value, pullback(u!)[0]!];
    };
    for (const precision of ['float64', 'float32'] as const) {
      const { native, plain, kernels } = both(f, [x, ct], precision);
      expect(kernels).toBe(2);
      native.forEach((y, i) => {
        if (Number.isNaN(plain[i]!)) expect(y).toBeNaN();
        else expect(y - plain[i]! || 0).toBe(0);
      });
    }
  });
});

test('sums over every choice of axes', () => {
  const x = noise([3, 4, 5, 6]);
  for (let choice = 0; choice < 16; choice++) {
    const axis = [0, 1, 2, 3].filter(k => (choice >> k) & 1);
    const exact = both(v => [sum(v!, { axis, keepDims: true })], [x], 'float64');
    expect(exact.native).toEqual(exact.plain);
    const single = both(v => [sum(v!, { axis, keepDims: true })], [x], 'float32');
    expect(apart(single.native, exact.plain)).toBeLessThan(2e-6);
  }
});

test('cross-entropy in Float32: value and gradient, extreme logits, NaN kept to its row', () => {
  const logits = noise([10, 5]);
  logits.data.set([1000, 0, -1000, 20, 3, Number.NaN, 1, 2, 3, 4, Number.NEGATIVE_INFINITY, 1, 2, 3, 4]);
  logits.data.set([Number.NaN, 1, 2, 3, 4], 45);
  const targets = tensor(
    Float64Array.from({ length: 50 }, (_, i) => (i % 5 === Math.floor(i / 5) % 4 ? 1 + (i % 3) : 0)),
    [10, 5],
  );
  targets.data.set([0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0]);
  targets.data.fill(0, 45); // a row that counts for nothing
  const f = (z?: Tensor, t?: Tensor): readonly Tensor[] => {
    const { value, pullback } = vjp(x => softmaxCrossEntropy(x!, t!), z!);
    return [value, pullback(tensor(new Float64Array(10).fill(0.5), [10, 1]))[0]!];
  };
  const { native, plain, kernels } = both(f, [logits, targets], 'float32');
  expect(kernels).toBe(2);
  expect(native.slice(0, 3).map(Number.isNaN)).toEqual([false, true, false]);
  expect([native[9], ...native.slice(55, 60)]).toEqual([0, 0, 0, 0, 0, 0]);
  native.forEach((y, i) => {
    const reference = plain[i]!;
    if (Number.isNaN(reference)) expect(y).toBeNaN();
    else expect(Math.abs(y - reference)).toBeLessThan(2e-6 * Math.max(1, Math.abs(reference)));
  });
});

test('a program without kernels, with reserved memory, and with a result that is an input', () => {
  const program = createProgram(x => [x!, add(x!, 1)], [tensor([1, 2, 3])], { native: false, reserve: [5] });
  program.inputs[0]!.data.set([4, 5, 6]);
  program.reserved[0]!.fill(7);
  program.run();
  expect(program.outputs.map(x => [...x.data])).toEqual([
    [4, 5, 6],
    [5, 6, 7],
  ]);
  expect([...program.reserved[0]!]).toEqual([7, 7, 7, 7, 7]);
  expect(program.kernels).toBeUndefined();
});

describe('large operations outside a compiled program', () => {
  const a = noise([70, 40]);
  const b = noise([40, 33]);
  const signal = noise([5, 3, 200]);
  const taps = noise([6, 3, 9]);
  const works: Readonly<Record<string, readonly [(...xs: Tensor[]) => Tensor, ...Tensor[]]>> = {
    'a product': [(x, y) => matmul(x!, y!), a, b],
    'its adjoint': [(x, y) => vjp(z => matmul(z!, y!), x!).pullback(noiseOf([70, 33]))[0]!, a, b],
    'a stack of products': [(x, y) => matmul(x!, y!), noise([4, 30, 40]), noise([4, 40, 33])],
    'a convolution': [(x, w) => conv1d(x!, w!, { padding: 4 }), signal, taps],
    'its adjoint in the taps': [
      (x, w) => vjp(v => conv1d(x!, v!, { padding: 4 }), w!).pullback(noiseOf([5, 6, 200]))[0]!,
      signal,
      taps,
    ],
  };
  function noiseOf(shape: Shape): Tensor {
    return tensor(
      Float64Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i)),
      shape,
    );
  }
  test.each(Object.entries(works))(
    '%s is to the bit what the plain loop gives, twice over',
    (_, [f, ...inputs]) => {
      const program = createProgram((...xs) => [f(...xs)], inputs, { native: false });
      program.run();
      for (let k = 0; k < 2; k++) expect([...f(...inputs).data]).toEqual([...program.outputs[0]!.data]);
    },
  );
  test('an invalid factor behind a zero cotangent stays there', () => {
    const invalid = { ...b, data: b.data.slice().fill(Number.NaN, 0, 33) };
    const ct = { shape: [70, 33], data: new Float64Array(70 * 33) };
    expect(
      vjp(x => matmul(x!, invalid), a)
        .pullback(ct)[0]!
        .data.every(v => v === 0),
    ).toBe(true);
  });
  test('without memory for the kernels the plain loops are used', () => {
    const expected = matmul(a, b).data;
    const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
      throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded');
    });
    const [x, y] = [noise([300, 300]), noise([300, 300])];
    const plain = createProgram((p, q) => [matmul(p!, q!)], [x, y], { native: false });
    plain.run();
    expect([...matmul(x, y).data]).toEqual([...plain.outputs[0]!.data]);
    expect(grow).toHaveBeenCalled();
    grow.mockRestore();
    expect([...matmul(a, b).data]).toEqual([...expected]);
  });
});
