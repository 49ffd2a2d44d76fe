/**
 * Memory layout of a compiled program: every tensor that the results depend on gets an address in one memory, and
 * memory that no later step reads is reused for later tensors of the same size.
 */
import { InputError } from '../input-error.ts';
import { blockLength, isSum, scheduleOf, type Unit } from './fusion.ts';
import { outsideArrays } from './outside-arrays.ts';
import { neededNodes } from './simplify.ts';
import { isTraced, type Node, nodeOn, type Tape } from './tape.ts';
import { sizeOf, type Tensor } from './tensor.ts';
import type { Place } from './wasm-kernels.ts';

/** One operation: where its inputs are and where its result goes. */
export interface LaidOutStep {
  readonly node: Node;
  /** It adds to its result, block by block. */
  readonly sums?: boolean;
  readonly out: Place;
  readonly inputs: readonly Place[];
}

/** A step that is run on one block after another. */
export interface BlockStep extends LaidOutStep {
  /** Blocks of longer arrays that are copied to `to` before it runs; addresses. */
  readonly copiesIn: readonly { readonly from: number; readonly to: number }[];
  /** Its inputs are single numbers, or such steps' results, so that one block serves for all. */
  readonly once: boolean;
  /** Where the block of the result is copied to, when it is read outside of the run. */
  readonly copyOut: number | undefined;
}

export interface Layout {
  readonly inputs: readonly Place[];
  readonly outputs: readonly Place[];
  readonly constants: readonly { readonly place: Place; readonly value: Tensor }[];
  /**
   * Results that share their memory with an input, a constant or another result: copied to memory of their own after
   * the steps.
   */
  readonly copies: readonly { readonly from: Place; readonly to: Place }[];
  readonly steps: readonly (
    | LaidOutStep
    | { readonly length: number; readonly blocks: readonly BlockStep[] }
  )[];
  /** Allocates `length` more numbers and returns their address. */
  allocate(length: number): number;
  /** The first free address. */
  end(): number;
}

/**
 * Assigns an address to every tensor that the results depend on, reusing the memory of tensors that are no longer
 * needed. With `outside`, inputs and results that only fused steps read and write stay in arrays of the caller: node i
 * has the address −1 − i.
 */
export function layOut(
  tape: Tape,
  inputCount: number,
  results: readonly Tensor[],
  size: 4 | 8,
  outside = false,
): Layout {
  const { nodes } = tape;
  const needed = neededNodes(tape, results);
  const units = scheduleOf(tape, inputCount, index => needed[index]!);
  const isOutside = outside ? outsideArrays(tape, inputCount, results, units) : new Set<number>();
  const lastUse = lastUses(tape, results, units);
  const memory = createAllocator(size);
  const { allocate, release } = memory;
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
    if (needed[i]) for (const x of inputs) if (nodeOn(tape, x) === undefined) placeOf(x);
  });
  for (const x of results) if (nodeOn(tape, x) === undefined) placeOf(x);

  for (let i = 0; i < inputCount; i++) {
    const { shape } = nodes[i]!.value;
    places[i] = { shape, address: isOutside.has(i) ? -1 - i : allocate(sizeOf(shape)) };
  }
  const steps: Layout['steps'][number][] = [];
  units.forEach((unit, position) => {
    const ownPlace = (index: number): Place => {
      const { shape } = nodes[index]!.value;
      places[index] = { shape, address: isOutside.has(index) ? -1 - index : allocate(sizeOf(shape)) };
      return places[index];
    };
    if (unit.length === undefined) {
      const index = unit.nodes[0]!;
      const node = nodes[index]!;
      const from = node.inputs.map(placeOf);
      if (node.primitive!.alias) places[index] = { shape: node.value.shape, address: from[0]!.address };
      else steps.push({ node, out: ownPlace(index), inputs: from });
    } else {
      for (const index of unit.nodes) if (lastUse[index]! > position) ownPlace(index);
      const blocks = layOutBlocks(tape, unit.nodes, index => places[index], placeOf, memory);
      steps.push({ length: unit.length, blocks });
    }
    for (const x of new Set(unit.nodes.flatMap(index => nodes[index]!.inputs))) {
      const spent = nodeOn(tape, x);
      if (spent === undefined) continue;
      const root = rootOf(tape, spent.index);
      if (root >= inputCount && lastUse[root] === position && places[root] !== undefined) {
        release(places[root]);
        lastUse[root] = units.length; // released once
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
    allocate: memory.allocateNew,
    end: memory.end,
  };
}

interface Allocator {
  /** The address of this many numbers: released memory of the same size, or new memory. */
  readonly allocate: (length: number) => number;
  readonly allocateNew: (length: number) => number;
  readonly release: (place: Place) => void;
  readonly end: () => number;
}

/** Addresses in one memory, in units of a cache line (64 bytes). */
function createAllocator(size: 4 | 8): Allocator {
  const free = new Map<number, number[]>();
  let end = 64; // address 0 means nothing
  const bytesOf = (length: number): number => Math.ceil((length * size) / 64) * 64;
  const allocateNew = (length: number): number => {
    end += bytesOf(length);
    return end - bytesOf(length);
  };
  return {
    allocateNew,
    allocate: length => free.get(bytesOf(length))?.pop() ?? allocateNew(length),
    release({ shape, address }) {
      const bytes = bytesOf(sizeOf(shape));
      free.set(bytes, [...(free.get(bytes) ?? []), address]);
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

/** Memory of a block for each step of a fused run, used again after the last step that reads it. */
function layOutBlocks(
  tape: Tape,
  members: readonly number[],
  ownPlace: (index: number) => Place | undefined,
  placeOf: (x: Tensor) => Place,
  memory: Allocator,
): BlockStep[] {
  const shape = [blockLength];
  const inRun = new Set(members);
  // Keyed by what is read: the node, or the address of an array that is not of this run.
  const keyOf = (x: Tensor): string | undefined => {
    const index = nodeOn(tape, x)?.index;
    if (index !== undefined && inRun.has(index)) return `node ${index}`;
    return sizeOf(x.shape) === 1 ? undefined : `at ${placeOf(x).address}`;
  };
  const lastRead = new Map<string, number>();
  members.forEach((index, k) => {
    lastRead.set(`node ${index}`, k);
    for (const x of tape.nodes[index]!.inputs) {
      const key = keyOf(x);
      if (key !== undefined) lastRead.set(key, k);
    }
  });
  const blocks = new Map<string, Place>();
  const newBlock = (key: string): Place => {
    const place = { shape, address: memory.allocate(blockLength) };
    blocks.set(key, place);
    return place;
  };
  // What is computed for the first block alone needs memory that no other step of the run has had before.
  const isSingle = new Set<string | undefined>([undefined]);
  for (const index of members) {
    const node = tape.nodes[index]!;
    if (isSum(node) || !node.inputs.every(x => isSingle.has(keyOf(x)))) continue;
    isSingle.add(`node ${index}`);
    newBlock(`node ${index}`);
  }
  const steps = members.map((index, k) => {
    const node = tape.nodes[index]!;
    const copiesIn: { from: number; to: number }[] = [];
    const inputs = node.inputs.map(x => {
      const key = keyOf(x);
      if (key === undefined) return { shape: [], address: placeOf(x).address };
      const known = blocks.get(key);
      if (known !== undefined) return known;
      const place = newBlock(key);
      copiesIn.push({ from: placeOf(x).address, to: place.address });
      return place;
    });
    const sums = isSum(node);
    const once = isSingle.has(`node ${index}`);
    const out = sums ? ownPlace(index)! : (blocks.get(`node ${index}`) ?? newBlock(`node ${index}`));
    for (const [key, place] of blocks) {
      if (lastRead.get(key)! > k || isSingle.has(key)) continue;
      memory.release(place);
      blocks.delete(key);
    }
    const copyOut = sums ? undefined : ownPlace(index)?.address;
    return { node, out, inputs, copiesIn, sums, once, copyOut };
  });
  for (const place of blocks.values()) memory.release(place);
  return steps;
}

/**
 * For each node the position of the last unit that reads it or one of its aliases; −1 when none does, ∞ for a result.
 */
function lastUses(tape: Tape, results: readonly Tensor[], units: readonly Unit[]): number[] {
  const { nodes } = tape;
  const positions = new Array<number>(nodes.length).fill(-1);
  units.forEach((unit, position) => {
    for (const index of unit.nodes) positions[index] = position;
  });
  const last = new Array<number>(nodes.length).fill(-1);
  for (const result of results) {
    const node = nodeOn(tape, result);
    if (node !== undefined) last[node.index] = Number.POSITIVE_INFINITY;
  }
  for (let i = nodes.length - 1; i >= 0; i--) {
    if (positions[i]! < 0) continue;
    for (const input of nodes[i]!.inputs) {
      const node = nodeOn(tape, input);
      if (node === undefined) continue;
      const until = nodes[i]!.primitive?.alias ? last[i]! : positions[i]!;
      last[node.index] = Math.max(last[node.index]!, until);
    }
  }
  return last;
}
