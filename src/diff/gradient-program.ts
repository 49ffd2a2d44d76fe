/**
 * Computes the values and gradients that a lazy tape has recorded: small ones operation by operation; large ones as a
 * program that reuses memory and fuses elementwise steps, since allocating an array for each operation would take longer
 * than computing it. Both give the same numbers as compiled and plain operations do.
 */
import { newMemory, type ProgramMemory, planProgram } from './compile.ts';
import { isClosed, knownValue, nodeOn, type Tape } from './tape.ts';
import { sizeOf, type Tensor } from './tensor.ts';
import { nativeKernels } from './wasm-kernels.ts';

/** The number of elements, over all operations, from which planning a program pays. */
const leastElements = 100_000;
/** Pages (64 KiB) of memory that is kept for the next gradient, 64 MiB. */
const keptPages = 1024;

// Kept between gradients, as new memory costs more than most operations on it. Taken while a program runs: operations of
// the caller's own may take gradients themselves.
let kept: Kept | undefined;

interface Kept {
  readonly memory: WebAssembly.Memory;
  readonly found: ProgramMemory;
}

/** The values of `results`, which a lazy tape has recorded from `inputs`, its first nodes. */
export function computeRecorded(tape: Tape, inputs: readonly Tensor[], results: readonly Tensor[]): Tensor[] {
  let elements = 0;
  for (const { value } of tape.nodes) elements += sizeOf(value.shape);
  // What depends on a tensor that an outer gradient follows is recorded there, operation by operation.
  if (elements < leastElements || !isClosed(tape)) {
    return results.map(x => {
      const node = nodeOn(tape, x);
      return node === undefined ? x : knownValue(tape, node.index);
    });
  }
  const taken = kept;
  kept = undefined;
  const used: Kept[] = [];
  const memoryOf = (bytes: number, native: boolean, size: 4 | 8): ProgramMemory => {
    const pages = Math.ceil(bytes / 65536) + 1;
    if (!native || pages > keptPages) return newMemory(bytes, native, size);
    const memory = memoryOfPages(pages, taken);
    if (memory !== undefined) used.push(memory);
    return memory?.found ?? newMemory(bytes, native, size);
  };
  const program = planProgram(tape, inputs, results, {}, { memoryOf, single: true });
  program.run();
  // An array of its own stays; what lies in the program's memory is copied.
  const values = program.outputs.map(({ shape, data }) => ({
    shape,
    data:
      data instanceof Float64Array && data.byteLength === data.buffer.byteLength
        ? data
        : new Float64Array(data),
  }));
  kept = used[0] ?? taken;
  return values;
}

/**
 * Memory of at least this many pages: the given one, grown, or a new one; undefined where the engine cannot allocate
 * it.
 */
function memoryOfPages(pages: number, given: Kept | undefined): Kept | undefined {
  try {
    const memory = given?.memory ?? new WebAssembly.Memory({ initial: pages, maximum: keptPages });
    const missing = pages - memory.buffer.byteLength / 65536;
    if (missing > 0) memory.grow(missing);
    const kernels = given?.found.kernels ?? nativeKernels(memory, 8);
    return { memory, found: { buffer: memory.buffer, kernels } };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}
