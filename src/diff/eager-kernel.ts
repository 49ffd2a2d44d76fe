/**
 * Runs a single operation by its WebAssembly kernel outside a compiled program: its inputs are copied into a reusable
 * memory and the result out of it. This pays off where the work grows faster than the data: products and convolutions.
 */

import { type Floats, type Shape, sizeOf } from './tensor.ts';
import {
  hasNative,
  type NativeKernels,
  type NativeStep,
  nativeKernels,
  type Place,
  type Site,
} from './wasm-kernels.ts';

/** Number of multiplications from which a kernel is faster in spite of the copying. */
export const leastWork = 50_000;
/**
 * Memories of more pages than `keptPages` (64 MiB) are not kept for the next operation; more than `mostPages` are not
 * allocated.
 */
const keptPages = 1024;
const mostPages = 16_384;

interface Arena {
  readonly memory: WebAssembly.Memory;
  readonly kernels: NativeKernels;
}

// Kept between operations: instantiating a module takes longer than a small product.
let arena: Arena | undefined;

/**
 * A memory of at least this many bytes with the Float64 kernels on it; undefined where the engine cannot allocate it.
 */
function arenaOf(bytes: number): Arena | undefined {
  const pages = Math.ceil(bytes / 65536) + 1;
  if (pages > mostPages || !hasNative()) return undefined;
  try {
    if (arena === undefined) {
      const memory = new WebAssembly.Memory({ initial: pages, maximum: mostPages });
      arena = { memory, kernels: nativeKernels(memory, 8) };
    }
    const missing = pages - arena.memory.buffer.byteLength / 65536;
    if (missing > 0) arena.memory.grow(missing);
    return arena;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined; // no more memory of this kind: the plain loops need none
  }
}

/**
 * Runs the step that `native` returns for these shapes and writes its result into `out`. Returns false, with nothing
 * written, when there is no kernel or not enough memory.
 */
export function runKernel(
  native: (site: Site) => NativeStep | undefined,
  shape: Shape,
  shapes: readonly Shape[],
  numbers: readonly Floats[],
  out: Float64Array,
): boolean {
  let end = 64; // address 0 means nothing
  const place = (of: Shape): Place => {
    const at = { shape: of, address: end };
    end += Math.ceil((8 * sizeOf(of)) / 64) * 64;
    return at;
  };
  const inputs = shapes.map(place);
  const result = place(shape);
  const scratchAddress = end;
  let scratchBytes = 0;
  const step = native({
    ...{ size: 8, out: result, inputs },
    scratch(bytes) {
      scratchBytes = Math.max(scratchBytes, bytes);
      return scratchAddress;
    },
  });
  const found = step && arenaOf(scratchAddress + scratchBytes);
  if (step === undefined || found === undefined) return false;
  const view = ({ shape: of, address }: Place): Float64Array =>
    new Float64Array(found.memory.buffer, address, sizeOf(of));
  inputs.forEach((at, k) => {
    view(at).set(numbers[k]!);
  });
  step(found.kernels);
  out.set(view(result));
  if (found.memory.buffer.byteLength > keptPages * 65536) arena = undefined;
  return true;
}
