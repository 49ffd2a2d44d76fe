/** Writing multi-segment records in a fixed layout: all segments have the same signals. */
import { InputError } from '../input-error.ts';
import { type Sink, writeTogether } from './source.ts';
import {
  headerBytes,
  type RecordToWrite,
  recordLine,
  splitName,
  type WriteOptions,
  writeRecord,
} from './write.ts';

/** A gap without samples between two segments. */
export interface SegmentGap {
  /** Frames. */
  readonly gap: number;
}

/**
 * Writes a record in segments `NAME_0001`, `NAME_0002`, …, each as by `writeRecord`, followed by the header that joins
 * them. The parts, for example from `recordChunks`, are consumed one at a time, so that a record of any length needs
 * the memory of one part. Base time, counter and info strings are those of the first part.
 *
 * Throws `RangeError` if there are no parts, if signals, units or sampling frequency of a part differ from the first,
 * and as `writeRecord` does.
 *
 * @example
 * const sink = memorySink();
 * await writeSegments(sink, 'parts', recordChunks(source, 'synth/s01', { seconds: 3600 }), { format: 212 });
 * [...sink.files.keys()].at(-1) // => 'parts.hea'
 */
export async function writeSegments(
  sink: Sink,
  name: string,
  pieces: AsyncIterable<RecordToWrite | SegmentGap> | Iterable<RecordToWrite | SegmentGap>,
  options: WriteOptions = {},
): Promise<void> {
  splitName(name); // an invalid name is refused before any work
  await writeTogether(sink, files => writePieces(files, name, pieces, options));
}

async function writePieces(
  sink: Sink,
  name: string,
  pieces: AsyncIterable<RecordToWrite | SegmentGap> | Iterable<RecordToWrite | SegmentGap>,
  options: WriteOptions,
): Promise<void> {
  const { folder, base } = splitName(name);
  const lines: string[] = [];
  let first: RecordToWrite | undefined;
  let frames = 0;
  let written = 0;
  for await (const piece of pieces) {
    if ('gap' in piece) {
      if (!Number.isSafeInteger(piece.gap) || piece.gap < 1)
        throw new InputError(`${piece.gap} frames are not a valid gap`);
      lines.push(`~ ${piece.gap}`);
      frames += piece.gap;
      continue;
    }
    first ??= piece;
    checkLike(name, piece, first);
    const segment = `${base}_${String(++written).padStart(4, '0')}`;
    await writeRecord(sink, { ...piece, name: folder + segment, comments: [] }, options);
    const length = framesOf(piece);
    lines.push(`${segment} ${length}`);
    frames += length;
  }
  if (first === undefined) throw new InputError(`${name}: there is no segment to write`);
  const line = recordLine(`${base}/${lines.length}`, first, frames);
  await sink.write(`${name}.hea`, headerBytes([line, ...lines], first.comments));
}

function framesOf({ signals, samplingFrequency, length = 0 }: RecordToWrite): number {
  const [signal] = signals;
  if (signal === undefined) return length;
  const samples = (signal.adc ?? signal.physical)!.length;
  return samples / Math.round((signal.samplingFrequency ?? samplingFrequency) / samplingFrequency);
}

function checkLike(name: string, piece: RecordToWrite, first: RecordToWrite): void {
  const described = ({ samplingFrequency, signals }: RecordToWrite): string =>
    [`${samplingFrequency} Hz`, ...signals.map(signal => `${signal.name} (${signal.units})`)].join(', ');
  const [found, expected] = [described(piece), described(first)];
  if (found !== expected) throw new InputError(`${name}: a segment has ${found}, the first one ${expected}`);
}
