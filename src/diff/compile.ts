/**
 * Trace once, run many times: a function of tensors is run on example inputs, the steps that its results need are
 * kept, their tensors are laid out in one memory, and every further run is a loop over those steps that allocates
 * nothing. Gradients inside the function are traced along with it. A step runs as a WebAssembly kernel where its
 * operation has one, else as the operation's plain loop. In Float64 the two agree to the bit, but for the gradient of a
 * convolution's input, whose sum the kernel takes in another order; in Float32 they agree to rounding.
 */
import { hasNative, type NativeKernels, type NativeStep, nativeKernels, type Place } from './native.ts';
import { type Floats, type FloatTensor, formatShape, sameShape, sizeOf, type Tensor } from './tensor.ts';
import { isTraced, newTape, nodeOn, type Tape, traceInput } from './trace.ts';

export type Precision = 'float64' | 'float32';

export interface ProgramOptions {
  /** What the steps compute in. Default `float64`. */
  readonly precision?: Precision;
  /** Whether WebAssembly kernels may be used. Default true; without them the plain loops run. */
  readonly native?: boolean;
  /** Lengths of arrays to keep in the same memory, for a caller's own use of the kernels (an optimiser's state). */
  readonly reserve?: readonly number[];
}

/** A compiled function: write `inputs`, `run`, read `outputs`. All of them stay where they are. */
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
 * Compiles `f` for inputs shaped as the examples (whose numbers are the inputs' first). Whatever `f` does other than
 * through operations (reading `.data`, branching on it, drawing random numbers) happens once, now.
 */
export function createProgram(
  f: (...inputs: Tensor[]) => readonly Tensor[],
  examples: readonly Tensor[],
  options: ProgramOptions = {},
): Program {
  const size = options.precision === 'float32' ? 4 : 8;
  const tape = newTape();
  const traced = examples.map(x => traceInput(tape, x));
  const results = f(...traced);
  const layout = layOut(tape, examples.length, results, size);
  const reserved = (options.reserve ?? []).map(length => layout.room(length));

  // Kernels share one scratch room, after everything else.
  const scratchAddress = layout.end();
  let scratchBytes = 0;
  const scratch = (bytes: number): number => {
    scratchBytes = Math.max(scratchBytes, bytes);
    return scratchAddress;
  };
  const native = hasNative && options.native !== false;
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
    if (kernel !== undefined && kernels !== undefined) return bind(kernel, kernels);
    const shapes = from.map(x => x.shape);
    const loop = node.primitive!.prepare(out.shape, shapes, node.params);
    const target = tensorAt(out).data;
    const sources = from.map(x => tensorAt(x).data);
    return () => loop(target, sources);
  });
  return {
    inputs,
    outputs: layout.outputs.map(tensorAt),
    reserved: reserved.map((address, k) => view(address, options.reserve![k]!)),
    kernels,
    steps: { all: steps.length, native: plans.filter(plan => plan.kernel !== undefined).length },
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
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  return { buffer: memory.buffer, kernels: nativeKernels(memory, size) };
}

interface Layout {
  readonly inputs: readonly Place[];
  readonly outputs: readonly Place[];
  readonly constants: readonly { readonly place: Place; readonly value: Tensor }[];
  readonly steps: readonly {
    readonly node: Tape['nodes'][number];
    readonly out: Place;
    readonly inputs: readonly Place[];
  }[];
  /** The address of room for `length` more numbers. */
  room(length: number): number;
  /** The first free address. */
  end(): number;
}

/** Gives every tensor that the results need a place; one that is spent leaves its room to a later one. */
function layOut(tape: Tape, inputCount: number, results: readonly Tensor[], size: 4 | 8): Layout {
  const { nodes } = tape;
  const lastUse = lastUses(tape, results);
  const free = new Map<number, number[]>();
  let end = 64; // address 0 means nothing
  const room = (length: number): number => {
    const bytes = Math.ceil((length * size) / 64) * 64;
    const spent = free.get(bytes)?.pop();
    if (spent !== undefined) return spent;
    end += bytes;
    return end - bytes;
  };
  const release = ({ shape, address }: Place): void => {
    const bytes = Math.ceil((sizeOf(shape) * size) / 64) * 64;
    free.set(bytes, [...(free.get(bytes) ?? []), address]);
  };

  const places = new Array<Place>(nodes.length);
  const constants = new Map<Tensor, Place>();
  const placeOf = (x: Tensor): Place => {
    const node = nodeOn(tape, x);
    if (node !== undefined) return places[node.index]!;
    if (isTraced(x)) throw new RangeError('compile: the function uses a tensor traced by an outer gradient');
    const known = constants.get(x) ?? { shape: x.shape, address: room(sizeOf(x.shape)) };
    constants.set(x, known);
    return known;
  };
  // Constants first: they must not land in room that a step writes.
  nodes.forEach(({ inputs }, i) => {
    if (lastUse[i]! >= 0) for (const x of inputs) if (nodeOn(tape, x) === undefined) placeOf(x);
  });
  for (const x of results) if (nodeOn(tape, x) === undefined) placeOf(x);

  const steps: Layout['steps'][number][] = [];
  nodes.forEach((node, i) => {
    const { primitive, inputs, value } = node;
    if (i < inputCount) {
      places[i] = { shape: value.shape, address: room(sizeOf(value.shape)) };
      return;
    }
    if (primitive === undefined || lastUse[i]! < 0) return;
    const from = inputs.map(placeOf);
    if (primitive.alias) {
      places[i] = { shape: value.shape, address: from[0]!.address };
    } else {
      places[i] = { shape: value.shape, address: room(sizeOf(value.shape)) };
      steps.push({ node, out: places[i]!, inputs: from });
    }
    for (const x of new Set(inputs)) {
      const spent = nodeOn(tape, x);
      if (spent === undefined) continue;
      const root = rootOf(tape, spent.index);
      if (root >= inputCount && lastUse[root] === i) {
        release(places[root]!);
        lastUse[root] = nodes.length; // released once
      }
    }
  });
  return {
    inputs: places.slice(0, inputCount),
    outputs: results.map(placeOf),
    constants: [...constants].map(([value, place]) => ({ place, value })),
    steps,
    room: length => {
      end += Math.ceil((length * size) / 64) * 64;
      return end - Math.ceil((length * size) / 64) * 64;
    },
    end: () => end,
  };
}

/** The node whose room a node's numbers are in: itself, or the one that it is an alias of. */
function rootOf(tape: Tape, index: number): number {
  const { primitive, inputs } = tape.nodes[index]!;
  const source = primitive?.alias ? nodeOn(tape, inputs[0]!) : undefined;
  return source === undefined ? index : rootOf(tape, source.index);
}

/** For each node the last step that reads it (its aliases' readers too); −1 when nothing does; ∞ for a result. */
function lastUses(tape: Tape, results: readonly Tensor[]): number[] {
  const { nodes } = tape;
  const last = new Array<number>(nodes.length).fill(-1);
  for (const result of results) {
    const node = nodeOn(tape, result);
    if (node !== undefined) last[node.index] = Number.POSITIVE_INFINITY;
  }
  for (let i = nodes.length - 1; i >= 0; i--) {
    if (last[i]! < 0) continue;
    for (const input of nodes[i]!.inputs) {
      const node = nodeOn(tape, input);
      if (node === undefined) continue;
      const until = nodes[i]!.primitive?.alias ? last[i]! : i;
      last[node.index] = Math.max(last[node.index]!, until);
    }
  }
  return last;
}

/**
 * A fast version of `f` for inputs shaped as the examples. Its results live in buffers that the next call
 * overwrites: copy what must last. Throws `RangeError` when later inputs have other shapes. See `createProgram`.
 */
export function compile(
  f: (...inputs: Tensor[]) => readonly Tensor[],
  ...examples: readonly Tensor[]
): (...inputs: readonly Tensor[]) => readonly Tensor[] {
  const program = createProgram(f, examples);
  return (...inputs) => {
    for (let k = 0; k < examples.length; k++) {
      const given = inputs[k]?.shape ?? [];
      if (!sameShape(given, examples[k]!.shape)) {
        throw new RangeError(
          `compile: input ${k} has the shape ${formatShape(given)}, the example had ${formatShape(examples[k]!.shape)}`,
        );
      }
      program.inputs[k]!.data.set(inputs[k]!.data);
    }
    program.run();
    return program.outputs as readonly Tensor[]; // Float64, as no precision was asked for
  };
}
