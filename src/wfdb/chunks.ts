/** A record read piece by piece, in memory that does not grow with its length. */
import { InputError } from '../input-error.ts';
import { checkExpansion } from './allocation-limit.ts';
import { WfdbError } from './errors.ts';
import { type OpenRecord, openRecord, type ReadOptions, type Recording } from './record.ts';
import type { Source } from './source.ts';

/** What to read, and in pieces of which length. */
export interface ChunkOptions extends ReadOptions {
  /** Length of a piece; the last one may be shorter. */
  readonly seconds: number;
}

/**
 * Reads a record, or the window asked for, as consecutive recordings of `seconds` each. Checksums are verified once the
 * last piece of a whole record is read. Throws as `readRecord` does, `RangeError` for a piece without a sample, and
 * `WfdbError` with code `too-large` where piece after piece is empty: a header may announce more than anyone could wait for.
 *
 * @example
 * const lengths = [];
 * for await (const piece of recordChunks(source, 'mitdb-208-excerpt', { seconds: 120 })) lengths.push(piece.length);
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
        `pieces of ${options.seconds} s have ${step} samples at ${record.header.samplingFrequency} Hz`,
      );
    }
    if (record.to === undefined) {
      // Lenient reading does not say where the samples end.
      if (options.lenient) yield await record.read(record.from, undefined);
      else yield* untilTheEnd(record, step);
    } else {
      /** Samples since there last was one. */
      let empty = 0;
      for (let from = record.from; from < record.to; from += step) {
        const piece = await record.read(from, Math.min(record.to, from + step));
        empty = isEmpty(piece) ? empty + piece.length * Math.max(1, piece.signals.length) : 0;
        checkExpansion(`${name}.hea`, empty);
        yield piece;
      }
    }
  } finally {
    record.close();
  }
}

/** Not one valid sample. */
const isEmpty = ({ signals }: Recording): boolean =>
  signals.every(({ physical }) => physical.every(Number.isNaN));

/** Pieces of a record of unknown length: the first that is not there whole is the last. */
async function* untilTheEnd(record: OpenRecord, step: number): AsyncGenerator<Recording, void, undefined> {
  for (let from = record.from; ; from += step) {
    let piece: Recording;
    try {
      piece = await record.read(from, from + step);
    } catch (error) {
      if (!(error instanceof WfdbError && error.code === 'truncated')) throw error;
      const rest = await record.read(from, undefined);
      if (rest.length > 0) yield rest;
      return;
    }
    // Nothing ends what has no signals.
    if (piece.signals.length === 0) return;
    yield piece;
  }
}
