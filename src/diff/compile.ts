/**
 * Trace once, run many times: a function of tensors is run on example inputs, the steps that its results need are
 * kept, their tensors are laid out in one memory, and every further run is a loop over those steps that makes no new
 * array. Gradients inside the function are traced along with it. A step runs as a WebAssembly kernel where its
 * operation has one, else as the operation's plain loop. In Float64 the two agree to the bit, but for the gradient of a
 * convolution's input, whose sum the kernel takes in another order; in Float32 they agree to rounding.
 */
import { InputError } from '../input-error.ts';
import { requireOptions, requireTensors } from './argument-checks.ts';
import { layOut } from './memory-layout.ts';
import { isTraced, newTape, traceInput } from './tape.ts';
import { type Floats, type FloatTensor, formatShape, sameShape, sizeOf, type Tensor } from './tensor.ts';
import { hasNative, type NativeKernels, type NativeStep, nativeKernels, type Place } from './wasm-kernels.ts';

export type Precision = 'float64' | 'float32';

export interface ProgramOptions {
  /** What the steps compute in. Default `float64`. */
  readonly precision?: Precision;
  /** Whether WebAssembly kernels may be used. Default true; without them the plain loops run. */
  readonly native?: boolean;
  /** Lengths of arrays to keep in the same memory, for a caller's own use of the kernels (an optimiser's state). */
  readonly reserve?: readonly number[];
}

/**
 * A compiled function: write `inputs`, `run`, read `outputs`. All of them stay where they are, and no two share memory:
 * an output that is an input, a constant or another output is a copy of it.
 */
export interface Program {
  readonly inputs: readonly FloatTensor[];
  readonly outputs: readonly FloatTensor[];
  readonly reserved: readonly Floats[];
  /** The kernels, when they are used. They take `byteOffset`s of the arrays above. */
  readonly kernels: NativeKernels | undefined;
  /** How many steps a run makes, and how many of them are kernels. */
  readonly steps: { readonly all: number; readonly native: number };
  run(): void;
}

/**
 * Compiles `f` for inputs shaped as the examples (whose numbers are the inputs' first). `f` is run once, now, on tensors
 * that have shapes and no numbers yet: what it does other than through operations (drawing random numbers, branching on
 * a shape) happens now and never again, and reading the numbers of what it computes throws `RangeError`.
 *
 * @example
 * const program = createProgram(x => [grad(v => sum(mul(v, v)))(x)], [tensor([3, 4])]);
 * program.run();
 * program.outputs[0].data // => [6, 8]
 */
export function createProgram(
  f: (...inputs: Tensor[]) => readonly Tensor[],
  examples: readonly Tensor[],
  options: ProgramOptions = {},
): Program {
  requireOptions('createProgram', options, ['precision', 'native', 'reserve']);
  requireTensors('createProgram', ...examples);
  const size = options.precision === 'float32' ? 4 : 8;
  const tape = newTape(true);
  const traced = examples.map(x => traceInput(tape, x));
  const results = f(...traced);
  if (!Array.isArray(results)) throw new TypeError('compile: the function gives a list of tensors: [result]');
  requireTensors('compile', ...results);
  const layout = layOut(tape, examples.length, results, size);
  const reserved = (options.reserve ?? []).map(length => layout.allocate(length));

  // Kernels share one scratch area, after everything else.
  const scratchAddress = layout.end();
  let scratchBytes = 0;
  const scratch = (bytes: number): number => {
    scratchBytes = Math.max(scratchBytes, bytes);
    return scratchAddress;
  };
  const native = options.native !== false && hasNative();
  const plans = layout.steps.map(({ node, out, inputs }) => ({
    ...{ node, out, inputs },
    kernel: native ? node.primitive!.native?.({ size, out, inputs, scratch }, node.params) : undefined,
  }));

  const { buffer, kernels } = memoryOf(scratchAddress + scratchBytes, native, size);
  const view = (address: number, length: number): Floats =>
    size === 4 ? new Float32Array(buffer, address, length) : new Float64Array(buffer, address, length);
  const tensorAt = ({ shape, address }: Place): FloatTensor => ({
    shape,
    data: view(address, sizeOf(shape)),
  });
  for (const { place, value } of layout.constants) tensorAt(place).data.set(value.data);
  const inputs = layout.inputs.map(tensorAt);
  examples.forEach((example, k) => {
    inputs[k]!.data.set(example.data);
  });

  const steps = plans.map(({ node, out, inputs: from, kernel }) => {
    const shapes = from.map(x => x.shape);
    const correctZeros = node.primitive!.correctZeros?.(out.shape, shapes, node.params);
    const target = tensorAt(out).data;
    const sources = from.map(x => tensorAt(x).data);
    if (kernel !== undefined && kernels !== undefined) {
      if (correctZeros === undefined) return bind(kernel, kernels);
      return () => {
        kernel(kernels);
        correctZeros(target, sources);
      };
    }
    const loop = node.primitive!.prepare(out.shape, shapes, node.params);
    return () => {
      loop(target, sources);
      correctZeros?.(target, sources);
    };
  });
  for (const { from, to } of layout.copies) {
    const [source, target] = [tensorAt(from).data, tensorAt(to).data];
    steps.push(() => target.set(source));
  }
  return {
    inputs,
    outputs: layout.outputs.map(tensorAt),
    reserved: reserved.map((address, k) => view(address, options.reserve![k]!)),
    kernels,
    steps: {
      all: steps.length,
      native: kernels === undefined ? 0 : plans.filter(plan => plan.kernel !== undefined).length,
    },
    run() {
      for (let k = 0; k < steps.length; k++) steps[k]!();
    },
  };
}

const bind =
  (step: NativeStep, kernels: NativeKernels): (() => void) =>
  () =>
    step(kernels);

function memoryOf(
  bytes: number,
  native: boolean,
  size: 4 | 8,
): { buffer: ArrayBuffer; kernels: NativeKernels | undefined } {
  if (!native) return { buffer: new ArrayBuffer(bytes), kernels: undefined };
  // One page more: a kernel may read, never write, a vector past the last number.
  const pages = Math.ceil(bytes / 65536) + 1;
  // More than WebAssembly's 4 GiB: the plain loops have no such bound.
  if (pages > 65536) return { buffer: new ArrayBuffer(bytes), kernels: undefined };
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    return { buffer: memory.buffer, kernels: nativeKernels(memory, size) };
  } catch (error) {
    // Engines hand out less WebAssembly memory than ordinary, and less of it to each further program.
    if (!(error instanceof RangeError)) throw error;
    return { buffer: new ArrayBuffer(bytes), kernels: undefined };
  }
}

/**
 * A fast version of `f` for inputs shaped as the examples. Its results live in buffers that the next call
 * overwrites: copy what must last (as inputs of that call they are safe). No gradient goes through it: gradients are taken in `f` and compiled with it. Throws
 * `RangeError` when later inputs have other shapes or are being differentiated. See `createProgram`.
 *
 * @example
 * const fast = compile(x => [mul(x, x)], tensor([0, 0]));
 * fast(tensor([3, 4]))[0].data // => [9, 16]
 */
export function compile(
  f: (...inputs: Tensor[]) => readonly Tensor[],
  ...examples: readonly Tensor[]
): (...inputs: readonly Tensor[]) => readonly Tensor[] {
  const program = createProgram(f, examples);
  return (...inputs) => {
    if (inputs.length !== examples.length) {
      throw new InputError(
        `compile: the function takes ${examples.length} inputs, as in the example, not ${inputs.length}`,
      );
    }
    requireTensors('compile', ...inputs);
    for (let k = 0; k < examples.length; k++) {
      const given = inputs[k]!.shape;
      if (!sameShape(given, examples[k]!.shape)) {
        throw new InputError(
          `compile: input ${k} has the shape ${formatShape(given)}, the example had ${formatShape(examples[k]!.shape)}`,
        );
      }
      if (isTraced(inputs[k]!)) {
        throw new InputError(
          `compile: input ${k} is being differentiated; differentiate inside the compiled function`,
        );
      }
      program.inputs[k]!.data.set(inputs[k]!.data);
    }
    program.run();
    return program.outputs as readonly Tensor[]; // Float64, as no precision was asked for
  };
}
