/** Writing records of several segments, in a fixed layout: every segment has the same signals. */
import { type Sink, writeTogether } from './source.ts';
import {
  headerBytes,
  type RecordToWrite,
  recordLine,
  splitName,
  type WriteOptions,
  writeRecord,
} from './write.ts';

/** A stretch without samples between two segments. */
export interface SegmentGap {
  /** Frames. */
  readonly gap: number;
}

/**
 * Writes a record in segments `NAME_0001`, `NAME_0002`, …, each as `writeRecord` writes it, and behind them the header that
 * joins them. Pieces are taken one after the other, so a record of any length is written in the memory of one piece, for
 * example those of `recordChunks`. Base time, counter and info strings are the first piece's.
 *
 * Throws `RangeError` where there is no piece, where one has other signals, units or another sampling frequency than the
 * first, and as `writeRecord` does.
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
  splitName(name); // a name that is none is refused before any work
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
        throw new RangeError(`${piece.gap} frames are no gap`);
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
  if (first === undefined) throw new RangeError(`${name}: there is no segment to write`);
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
  if (found !== expected) throw new RangeError(`${name}: a segment has ${found}, the first one ${expected}`);
}
