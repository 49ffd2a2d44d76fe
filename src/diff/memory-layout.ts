/**
 * Memory layout of a compiled program: every tensor that the results depend on gets an address in one memory, and
 * memory that no later step reads is reused for later tensors of the same size.
 */
import { InputError } from '../input-error.ts';
import { isTraced, nodeOn, type Tape } from './tape.ts';
import { sizeOf, type Tensor } from './tensor.ts';
import type { Place } from './wasm-kernels.ts';

export interface Layout {
  readonly inputs: readonly Place[];
  readonly outputs: readonly Place[];
  readonly constants: readonly { readonly place: Place; readonly value: Tensor }[];
  /**
   * Results that share their memory with an input, a constant or another result: copied to memory of their own after
   * the steps.
   */
  readonly copies: readonly { readonly from: Place; readonly to: Place }[];
  readonly steps: readonly {
    readonly node: Tape['nodes'][number];
    readonly out: Place;
    readonly inputs: readonly Place[];
  }[];
  /** Allocates `length` more numbers and returns their address. */
  allocate(length: number): number;
  /** The first free address. */
  end(): number;
}

/**
 * Assigns an address to every tensor that the results depend on, reusing the memory of tensors that are no longer
 * needed.
 */
export function layOut(tape: Tape, inputCount: number, results: readonly Tensor[], size: 4 | 8): Layout {
  const { nodes } = tape;
  const lastUse = lastUses(tape, results);
  const free = new Map<number, number[]>();
  let end = 64; // address 0 means nothing
  const allocate = (length: number): number => {
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
    if (isTraced(x))
      throw new InputError('compile: the function uses a tensor that an outer gradient is tracing');
    const known = constants.get(x) ?? { shape: x.shape, address: allocate(sizeOf(x.shape)) };
    constants.set(x, known);
    return known;
  };
  // Constants first: they must not be placed in memory that a step writes.
  nodes.forEach(({ inputs }, i) => {
    if (lastUse[i]! >= 0) for (const x of inputs) if (nodeOn(tape, x) === undefined) placeOf(x);
  });
  for (const x of results) if (nodeOn(tape, x) === undefined) placeOf(x);

  const steps: Layout['steps'][number][] = [];
  nodes.forEach((node, i) => {
    const { primitive, inputs, value } = node;
    if (i < inputCount) {
      places[i] = { shape: value.shape, address: allocate(sizeOf(value.shape)) };
      return;
    }
    if (primitive === undefined || lastUse[i]! < 0) return;
    const from = inputs.map(placeOf);
    if (primitive.alias) {
      places[i] = { shape: value.shape, address: from[0]!.address };
    } else {
      places[i] = { shape: value.shape, address: allocate(sizeOf(value.shape)) };
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
  const held = [...places.slice(0, inputCount), ...constants.values()];
  const { outputs, copies } = ownPlaces(results.map(placeOf), held, allocate);
  return {
    inputs: places.slice(0, inputCount),
    outputs,
    copies,
    constants: [...constants].map(([value, place]) => ({ place, value })),
    steps,
    allocate: length => {
      end += Math.ceil((length * size) / 64) * 64;
      return end - Math.ceil((length * size) / 64) * 64;
    },
    end: () => end,
  };
}

/**
 * Separate memory for the results: a caller may pass them back as inputs and write into them, so none may share memory
 * with an input, a constant or another result.
 */
function ownPlaces(
  results: readonly Place[],
  held: readonly Place[],
  allocate: (length: number) => number,
): Pick<Layout, 'outputs' | 'copies'> {
  const taken = new Set(held.map(({ address }) => address));
  const copies: { readonly from: Place; readonly to: Place }[] = [];
  const outputs = results.map(from => {
    const to = taken.has(from.address) ? { shape: from.shape, address: allocate(sizeOf(from.shape)) } : from;
    if (to !== from) copies.push({ from, to });
    taken.add(to.address);
    return to;
  });
  return { outputs, copies };
}

/** The node that owns the memory of a node: itself, or the node it is an alias of. */
function rootOf(tape: Tape, index: number): number {
  const { primitive, inputs } = tape.nodes[index]!;
  const source = primitive?.alias ? nodeOn(tape, inputs[0]!) : undefined;
  return source === undefined ? index : rootOf(tape, source.index);
}

/** For each node the last step that reads it or one of its aliases; −1 when none does, ∞ for a result. */
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
