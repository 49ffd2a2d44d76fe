/**
 * One operation by its WebAssembly kernel, outside a compiled program: its numbers are copied into a memory that is kept
 * for this, and the result out of it. Worth it where the work grows faster than the numbers: products and convolutions.
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

/** From so many multiplications on, copying costs less than it saves. */
export const leastWork = 50_000;
/** A memory of more pages than this (64 MiB) is not kept for the next operation, one of more than `mostPages` not made. */
const keptPages = 1024;
const mostPages = 16_384;

interface Arena {
  readonly memory: WebAssembly.Memory;
  readonly kernels: NativeKernels;
}

// Kept between operations: instantiating takes longer than a small product.
let arena: Arena | undefined;

/** A memory of at least so many bytes with the Float64 kernels on it; undefined where the engine gives none. */
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
 * Runs the step that `native` gives for these shapes and writes its result into `out`; false, with nothing written, when
 * there is none or no memory for it.
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
