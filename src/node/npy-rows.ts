/**
 * Streams rows, block by block, from a NumPy `.npy` file (NumPy Enhancement Proposal 1) with a two-dimensional array of
 * little-endian float32 or float64 in C order.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { gatherRows } from '../diff/loops.ts';
import { InputError } from '../input-error.ts';
import type { Batch } from '../learn/train/streamed-training.ts';
import { createRandom } from '../random.ts';

interface NpyHeader {
  readonly rows: number;
  readonly columns: number;
  /** Bytes per number: 4 or 8. */
  readonly size: 4 | 8;
  /** Byte offset of the numbers. */
  readonly offset: number;
}

const longestHeader = 65_536;

/** Reads the header and checks it against the size of the file. */
async function readHeader(file: FileHandle, path: string): Promise<NpyHeader> {
  const { size: bytes } = await file.stat();
  const start = Buffer.alloc(Math.min(bytes, longestHeader));
  await file.read(start, 0, start.length, 0);
  if (start.length < 12 || start.toString('latin1', 0, 6) !== '\x93NUMPY') {
    throw new InputError(`${path}: expected an .npy file, found other bytes`);
  }
  const wide = start[6]! >= 2;
  const textStart = wide ? 12 : 10;
  const offset = textStart + (wide ? start.readUInt32LE(8) : start.readUInt16LE(8));
  const text = start.toString('latin1', textStart, Math.min(offset, start.length));
  const described = /'descr':\s*'<f([48])'/.exec(text);
  const shape = /'shape':\s*\((\d{1,15}),\s*(\d{1,9})\s*,?\s*\)/.exec(text);
  if (!described || !shape || !/'fortran_order':\s*False/.test(text)) {
    throw new InputError(`${path}: expected rows of '<f4' or '<f8' in C order, found ${text.trim()}`);
  }
  const [rows, columns] = [Number(shape[1]), Number(shape[2])];
  const size = Number(described[1]) as 4 | 8;
  if (offset + rows * columns * size !== bytes) {
    throw new InputError(
      `${path}: ${rows} × ${columns} numbers of ${size} bytes after byte ${offset} make another size than ${bytes} bytes`,
    );
  }
  return { rows, columns, size, offset };
}

export interface NpyBatchOptions {
  /** Number of rows per block, and thus per batch. */
  readonly blockRows: number;
  /** Seed for shuffling the blocks, and the rows within each; file order if absent. */
  readonly seed?: number;
}

/**
 * Generates batches of rows of an `.npy` file with their class labels, reading one block at a time. The buffer of the
 * batch is reused. Throws `InputError` if the file has another format, its number of rows differs from that of the
 * labels, or `blockRows` is not a positive integer.
 *
 * @example
 * const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1), }".padEnd(117);
 * const numbers = Buffer.from(Float64Array.of(0.5, 2.5).buffer);
 * await writeFile(`${folder}/x.npy`, Buffer.concat([Buffer.from(`\x93NUMPY\x01\0v\0${header}\n`, 'latin1'), numbers]));
 * const batches = npyBatches(`${folder}/x.npy`, Int32Array.of(0, 1), { blockRows: 2, seed: 1 });
 * const sizes = [];
 * for await (const { x } of batches) sizes.push(x.length);
 * sizes // => [2]
 */
export async function* npyBatches(
  path: string,
  labels: Int32Array,
  { blockRows, seed }: NpyBatchOptions,
): AsyncGenerator<Batch> {
  if (!Number.isInteger(blockRows) || blockRows < 1) {
    throw new InputError(
      `npyBatches: the rows of a block must be an integer of at least 1, not ${blockRows}`,
    );
  }
  const file = await open(path, 'r');
  try {
    const { rows, columns, size, offset } = await readHeader(file, path);
    if (rows !== labels.length) throw new InputError(`${path}: ${rows} rows for ${labels.length} labels`);
    const bytes = new Uint8Array(Math.min(blockRows, rows) * columns * size);
    const numbers = size === 4 ? new Float32Array(bytes.buffer) : new Float64Array(bytes.buffer);
    const x = numbers.slice();
    const classes = new Int32Array(Math.min(blockRows, rows));
    const random = seed === undefined ? undefined : createRandom(seed);
    const order = (count: number): Int32Array => {
      const indices = new Int32Array(count);
      for (let i = 0; i < count; i++) indices[i] = i;
      for (let i = count - 1; random !== undefined && i > 0; i--) {
        const j = Math.floor(random.uniform() * (i + 1));
        const kept = indices[i]!;
        indices[i] = indices[j]!;
        indices[j] = kept;
      }
      return indices;
    };
    for (const block of order(Math.ceil(rows / blockRows))) {
      const first = block * blockRows;
      const count = Math.min(blockRows, rows - first);
      await readFully(file, bytes.subarray(0, count * columns * size), offset + first * columns * size, path);
      const shuffled = order(count);
      gatherRows(x, numbers, columns, shuffled, 0, count);
      for (let k = 0; k < count; k++) classes[k] = labels[first + shuffled[k]!]!;
      yield { x: x.subarray(0, count * columns), labels: classes.subarray(0, count) };
    }
  } finally {
    await file.close();
  }
}

async function readFully(file: FileHandle, into: Uint8Array, from: number, path: string): Promise<void> {
  let filled = 0;
  while (filled < into.length) {
    const { bytesRead } = await file.read(into, filled, into.length - filled, from + filled);
    if (bytesRead === 0) throw new InputError(`${path}: the file ends at byte ${from + filled}`);
    filled += bytesRead;
  }
}
