/** Reading a record in chunks, in memory that does not grow with its length. */
import { InputError } from '../input-error.ts';
import { checkExpansion } from './allocation-limit.ts';
import { WfdbError } from './errors.ts';
import { type OpenRecord, openRecord, type ReadOptions, type Recording } from './record.ts';
import type { Source } from './source.ts';

/** What to read, and the length of the chunks. */
export interface ChunkOptions extends ReadOptions {
  /** Length of a chunk, s; the last one may be shorter. */
  readonly seconds: number;
}

/**
 * Reads a record, or a window of it, as consecutive recordings of `seconds` each. Checksums are verified once the last
 * chunk of a whole record has been read. Throws as `readRecord` does, `RangeError` if a chunk would hold no sample, and
 * `WfdbError` with code `too-large` after too many consecutive chunks without a valid sample: a header may announce any
 * length.
 *
 * @example
 * const lengths = [];
 * for await (const chunk of recordChunks(source, 'mitdb-208-excerpt', { seconds: 120 })) lengths.push(chunk.length);
 * lengths // => [43200, 43200, 21600]
 */
export async function* recordChunks(
  source: Source,
  name: string,
  options: ChunkOptions,
): AsyncGenerator<Recording, void, undefined> {
  const record = await openRecord(source, name, options);
  try {
    const step = Math.round(options.seconds * record.header.samplingFrequency);
    if (!(step >= 1 && Number.isSafeInteger(step))) {
      throw new InputError(
        `chunks of ${options.seconds} s have ${step} samples at ${record.header.samplingFrequency} Hz`,
      );
    }
    if (record.to === undefined) {
      // Lenient reading does not say where the samples end.
      if (options.lenient) yield await record.read(record.from, undefined);
      else yield* untilTheEnd(record, step);
    } else {
      const limit = emptinessLimit(`${name}.hea`);
      for (let from = record.from; from < record.to; from += step) {
        const chunk = await record.read(from, Math.min(record.to, from + step));
        limit(chunk);
        yield chunk;
      }
    }
  } finally {
    record.close();
  }
}

/**
 * A check of consecutive pieces of one recording. It throws `WfdbError` with code `too-large` when more samples than a
 * reader may make without bytes have followed one another without a valid one.
 */
export function emptinessLimit(file: string): (piece: Pick<Recording, 'length' | 'signals'>) => void {
  let empty = 0;
  return ({ length, signals }) => {
    const isEmpty = signals.every(({ physical }) => physical.every(Number.isNaN));
    empty = isEmpty ? empty + length * Math.max(1, signals.length) : 0;
    checkExpansion(file, empty);
  };
}

/** Chunks of a record of unknown length: the first incomplete one is the last. */
async function* untilTheEnd(record: OpenRecord, step: number): AsyncGenerator<Recording, void, undefined> {
  for (let from = record.from; ; from += step) {
    let chunk: Recording;
    try {
      chunk = await record.read(from, from + step);
    } catch (error) {
      if (!(error instanceof WfdbError && error.code === 'truncated')) throw error;
      const rest = await record.read(from, undefined);
      if (rest.length > 0) yield rest;
      return;
    }
    // Nothing ends what has no signals.
    if (chunk.signals.length === 0) return;
    yield chunk;
  }
}
