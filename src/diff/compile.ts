/**
 * Compilation of a function of tensors: it is traced once on example inputs, the steps that its results depend on are
 * kept and their tensors laid out in one memory, and every run is a loop over those steps that allocates nothing.
 * Gradients taken inside the function are traced along with it. A step runs as a WebAssembly kernel where its primitive
 * has one, else as its JavaScript loop. In Float64 the two agree to the bit, except for the gradient of a convolution
 * with respect to its input, which the kernel sums in another order; in Float32 they agree up to rounding.
 */
import { InputError } from '../input-error.ts';
import { requireOptions, requireTensors } from './argument-checks.ts';
import { type Located, type PlannedStep, planBlocks, runBlocks } from './block-steps.ts';
import { type LaidOutStep, layOut } from './memory-layout.ts';
import { simplified } from './simplify.ts';
import { isTraced, newTape, type Tape, traceInput } from './tape.ts';
import { type Floats, type FloatTensor, formatShape, sameShape, sizeOf, type Tensor } from './tensor.ts';
import { hasNative, type NativeKernels, type NativeStep, nativeKernels, type Place } from './wasm-kernels.ts';

export type Precision = 'float64' | 'float32';

export interface ProgramOptions {
  /** Precision of the computation. Default `float64`. */
  readonly precision?: Precision;
  /** Whether WebAssembly kernels may be used. Default true; otherwise the JavaScript loops run. */
  readonly native?: boolean;
  /**
   * Lengths of further arrays to allocate in the same memory, on which the caller runs the kernels itself (an
   * optimiser's state).
   */
  readonly reserve?: readonly number[];
}

/**
 * A compiled function: write `inputs`, call `run`, read `outputs`. The arrays stay in place and do not overlap: an
 * output that is an input, a constant or another output is a copy of it.
 */
export interface Program {
  readonly inputs: readonly FloatTensor[];
  readonly outputs: readonly FloatTensor[];
  readonly reserved: readonly Floats[];
  /** The kernels, when they are in use; their arguments are `byteOffset`s of the arrays above. */
  readonly kernels: NativeKernels | undefined;
  /** The number of steps of a run, and how many of them are WebAssembly kernels. */
  readonly steps: { readonly all: number; readonly native: number };
  run(): void;
}

/**
 * Compiles `f` for inputs with the shapes of the examples, which are also the first values of the inputs. `f` is called
 * once, on tensors that have shapes but no values: whatever it does besides operations (drawing random numbers,
 * branching on a shape) happens at that time only, and reading the values of a result throws `RangeError`.
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
  const tape = newTape(true);
  const traced = examples.map(x => traceInput(tape, x));
  const results = f(...traced);
  if (!Array.isArray(results))
    throw new TypeError('compile: the function must return a list of tensors, such as [result]');
  requireTensors('compile', ...results);
  return planProgram(tape, examples, results, options);
}

/** A block of memory with the kernels on it, if there are any for it. */
export interface ProgramMemory {
  readonly buffer: ArrayBuffer;
  readonly kernels: NativeKernels | undefined;
}

/** What a program is planned for. */
interface Surroundings {
  /** Memory for at least this many bytes. */
  readonly memoryOf: (bytes: number, native: boolean, size: 4 | 8) => ProgramMemory;
  /**
   * Whether the program, in Float64, runs once: then the arrays of the examples are read where they are if possible, and
   * results are written where they stay.
   */
  readonly single: boolean;
}

/** The program that computes `wanted`, recorded on a tape, from the tape's first nodes, its inputs. */
export function planProgram(
  recorded: Tape,
  examples: readonly Tensor[],
  wanted: readonly Tensor[],
  options: ProgramOptions,
  { memoryOf, single }: Surroundings = { memoryOf: newMemory, single: false },
): Program {
  const size = options.precision === 'float32' ? 4 : 8;
  const { tape, results } = simplified(recorded, examples.length, wanted);
  const layout = layOut(tape, examples.length, results, size, single);
  const reserved = (options.reserve ?? []).map(length => layout.allocate(length));

  // All kernels share one scratch area, after everything else.
  const scratchAddress = layout.end();
  let scratchBytes = 0;
  const scratch = (bytes: number): number => {
    scratchBytes = Math.max(scratchBytes, bytes);
    return scratchAddress;
  };
  const native = options.native !== false && hasNative();
  const planned = ({ node, out, inputs, sums }: LaidOutStep): PlannedStep => ({
    ...{ node, out, inputs, sums: sums ?? false },
    kernel:
      native && !sums ? node.primitive!.native?.({ size, out, inputs, scratch }, node.params) : undefined,
  });
  const plans = layout.steps.map(step =>
    'blocks' in step ? planBlocks(step.length, step.blocks, planned) : [planned(step)],
  );

  const memory = memoryOf(scratchAddress + scratchBytes, native, size);
  const { buffer, kernels } = memory;
  const view = (address: number, length: number): Floats =>
    size === 4 ? new Float32Array(buffer, address, length) : new Float64Array(buffer, address, length);
  const outside = new Map<number, Floats>();
  const arrayAt = ({ shape, address }: Place): Floats => {
    if (address >= 0) return view(address, sizeOf(shape));
    const array = outside.get(address) ?? examples[-1 - address]?.data ?? new Float64Array(sizeOf(shape));
    outside.set(address, array);
    return array;
  };
  const tensorAt = (place: Place): FloatTensor => ({ shape: place.shape, data: arrayAt(place) });
  for (const { place, value } of layout.constants) tensorAt(place).data.set(value.data);
  const inputs = layout.inputs.map(tensorAt);
  examples.forEach((example, k) => {
    if (inputs[k]!.data !== example.data) inputs[k]!.data.set(example.data);
  });
  const outputs = layout.outputs.map(tensorAt);

  const run = (step: PlannedStep): (() => void) => runnable(step, kernels, tensorAt);
  const whole = view(0, Math.floor(buffer.byteLength / size));
  const locate = (address: number): Located =>
    address < 0 ? { array: outside.get(address)!, offset: 0 } : { array: whole, offset: address / size };
  const steps = plans.map(plan => (Array.isArray(plan) ? run(plan[0]!) : runBlocks(plan, run, locate)));
  for (const { from, to } of layout.copies) {
    const [source, target] = [tensorAt(from).data, tensorAt(to).data];
    steps.push(() => target.set(source));
  }
  const operations = plans.flatMap(plan => (Array.isArray(plan) ? plan : plan.steps));
  return {
    inputs,
    outputs,
    reserved: reserved.map((address, k) => view(address, options.reserve![k]!)),
    kernels,
    steps: {
      all: operations.length + layout.copies.length,
      native: kernels === undefined ? 0 : operations.filter(({ kernel }) => kernel !== undefined).length,
    },
    run() {
      for (let k = 0; k < steps.length; k++) steps[k]!();
    },
  };
}

/** A step bound to its memory: the kernel if there is one, else the loop. */
function runnable(
  { node, out, inputs, kernel, sums }: PlannedStep,
  kernels: NativeKernels | undefined,
  tensorAt: (place: Place) => FloatTensor,
): () => void {
  const shapes = inputs.map(x => x.shape);
  const correctZeros = node.primitive!.correctZeros?.(out.shape, shapes, node.params);
  const target = tensorAt(out).data;
  const sources = inputs.map(x => tensorAt(x).data);
  if (kernel !== undefined && kernels !== undefined) {
    if (correctZeros === undefined) return bind(kernel, kernels);
    return () => {
      kernel(kernels);
      correctZeros(target, sources);
    };
  }
  const { addPart } = node.primitive!;
  if (sums && addPart !== undefined) return () => addPart(target, sources);
  const loop = node.primitive!.prepare(out.shape, shapes, node.params);
  return () => {
    loop(target, sources);
    correctZeros?.(target, sources);
  };
}

const bind =
  (step: NativeStep, kernels: NativeKernels): (() => void) =>
  () =>
    step(kernels);

/** Memory of its own for a program. */
export function newMemory(bytes: number, native: boolean, size: 4 | 8): ProgramMemory {
  if (!native) return { buffer: new ArrayBuffer(bytes), kernels: undefined };
  // One page more: a kernel may read, but never write, one vector beyond the last number.
  const pages = Math.ceil(bytes / 65536) + 1;
  // Beyond the 4 GiB of WebAssembly memory the JavaScript loops run, which have no such limit.
  if (pages > 65536) return { buffer: new ArrayBuffer(bytes), kernels: undefined };
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    return { buffer: memory.buffer, kernels: nativeKernels(memory, size) };
  } catch (error) {
    // Engines limit WebAssembly memory more than ordinary memory, and the more programs there are.
    if (!(error instanceof RangeError)) throw error;
    return { buffer: new ArrayBuffer(bytes), kernels: undefined };
  }
}

/**
 * Compiles `f` into a function with the same signature for inputs with the shapes of the examples. The results are
 * buffers that the next call overwrites; copy what must outlive it (passing results back as inputs is safe). The
 * compiled function is not differentiable: take gradients inside `f`. Throws `RangeError` for inputs of other shapes,
 * or that are being differentiated. See `createProgram`.
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
    return program.outputs as readonly Tensor[]; // Float64, as no precision was requested
  };
}
