/** Signal files: the interleaved samples of one or more signals, unpacked into one array per signal. */
import { invalidCode, toAdc } from './adc.ts';
import { checkExpansion } from './allocation-limit.ts';
import { amplitudeReader } from './amplitude-file.ts';
import { differenceReader } from './difference-file.ts';
import { WfdbError } from './errors.ts';
import { flacReader } from './flac/signal-file.ts';
import { bytesFor, signalFormats } from './formats.ts';
import {
  type Column,
  columnsOf,
  type Fetched,
  type FrameReader,
  type SignalSamples,
} from './frame-columns.ts';
import type { SignalHeader } from './header.ts';
import { type Source, sizeOf } from './source.ts';
import { type Losses, lenientHint, type Report } from './warnings.ts';

/** An open signal file. */
export interface SignalFile {
  /**
   * Frames `[from, to)` of the signals `wanted`, to the end of the file if `to` is undefined; undefined for other
   * signals. Skew is compensated: a signal delayed by k frames is read from k frames later on, and is invalid after the
   * end of the file. A file that ends within the window is reported, and missing samples are invalid; on first access,
   * a file whose size contradicts the header is reported too.
   *
   * Formats that can only be read sequentially (8 and FLAC) keep their position, so that consecutive windows cost no
   * more than a single read.
   */
  read(
    from: number,
    to: number | undefined,
    wanted: readonly boolean[],
  ): Promise<readonly (SignalSamples | undefined)[]>;
  close(): void;
}

/** A signal file with its description in the header. */
export interface SignalFilePlace {
  readonly source: Source;
  readonly file: string;
  /** Its signals, all of the same format and byte offset, in frame order. */
  readonly lines: readonly SignalHeader[];
  /** Number of frames; undefined if the header gives no length. */
  readonly length: number | undefined;
}

/** Opens a signal file. */
export function openSignalFile(place: SignalFilePlace, losses: Losses): SignalFile {
  const { source, file, lines, length } = place;
  const columns = columnsOf(lines);
  const perFrame = columns.reduce((sum, column) => sum + column.width, 0);
  const format = signalFormats.get(lines[0]!.format)!;
  const reader =
    format.kind === 'null'
      ? nullReader(file, columns)
      : format.kind === 'flac'
        ? flacReader(source, file, columns, losses.report)
        : format.kind === 'difference'
          ? differenceReader(source, file, columns, perFrame)
          : amplitudeReader(source, file, format.packing!, columns, perFrame);
  const latest = columns.reduce((most, { skew }) => Math.max(most, skew), 0);
  const { byteOffset } = lines[0]!;
  let isChecked = format.kind === 'null' || length === undefined;
  return {
    close: reader.close,
    async read(from, to, wanted) {
      // Byte offsets are doubles, exact up to 2⁵³.
      const last = (to ?? from) + latest;
      if (!Number.isSafeInteger(byteOffset + last * perFrame * 4)) {
        throw new WfdbError({
          code: 'too-large',
          file,
          expected: 'byte positions below 2⁵³',
          found: `${last} frames of ${perFrame} samples`,
        });
      }
      const fetched = await reader.fetch(from, to === undefined ? undefined : to + latest, wanted);
      const { frames } = fetched;
      const count = to === undefined ? frames : to - from;
      if (frames < count) reportMissing(place, fetched, from, count, losses.report);
      if (frames === 0 && format.kind !== 'null') await checkReaches(source, file, byteOffset);
      if (!isChecked) {
        isChecked = true;
        const isShort = frames < count;
        await checkSize(place, { perFrame, latest, announced: fetched.announced, isShort }, losses);
      }
      const lost = Math.max(0, count - frames);
      checkExpansion(file, lost * columns.reduce((sum, { width }, i) => sum + (wanted[i] ? width : 0), 0));
      return columns.map((column, i) => {
        if (!wanted[i]) return undefined;
        const samples = fetched.columns[i] ?? { physical: new Float64Array(0), sum: 0 };
        const aligned = align(samples, column, count);
        return lost > 0 ? { ...aligned, isCut: true } : aligned;
      });
    },
  };
}

/**
 * Reports a window that extends beyond the end of the file. If the header gives no length, it is a mistake of the
 * caller.
 */
function reportMissing(
  { file, length }: SignalFilePlace,
  { frames, end }: Fetched,
  from: number,
  count: number,
  report: Report,
): void {
  const detail = {
    code: 'truncated' as const,
    file,
    byte: end,
    expected: `${count} samples a signal from ${from} on`,
    found: `${frames} before the end of the file`,
  };
  if (length === undefined) throw new WfdbError(detail);
  const there = frames > 0 ? `read up to sample ${from + frames}; ` : '';
  const hint = there + lenientHint;
  report({ ...detail, hint, count: count - frames, what: 'samples a signal missing' });
}

interface FoundInFile {
  /** Samples per frame, and the largest delay of a signal in frames. */
  readonly perFrame: number;
  readonly latest: number;
  readonly announced: number | undefined;
  /** Whether the truncation has already been reported. */
  readonly isShort: boolean;
}

/**
 * Checks the size of a file against its header: format, number of signals and length. A shorter file causes a warning,
 * since windows before its end are intact; a longer one is reported, since its samples may not be laid out as the
 * header states. Padding that a writer may add is tolerated: an incomplete group of a packed format, the samples
 * required by skew, and the block size in the header.
 */
async function checkSize(
  { source, file, lines, length = 0 }: SignalFilePlace,
  found: FoundInFile,
  { note, report }: Losses,
): Promise<void> {
  const { perFrame, latest, announced, isShort } = found;
  const { format, byteOffset, blockSize } = lines[0]!;
  const { packing } = signalFormats.get(format)!;
  if (packing === undefined) {
    if (announced === undefined || announced === length) return;
    const what = 'samples a signal';
    const detail = {
      code: 'inconsistent',
      file,
      expected: `${length} ${what}`,
      found: `${announced}`,
    } as const;
    if (announced < length && !isShort)
      note({ ...detail, code: 'truncated', count: length - announced, what });
    else if (announced > length + latest) report({ ...detail, count: announced - length, what });
    return;
  }
  const least = byteOffset + bytesFor(packing, length * perFrame);
  const full = byteOffset + bytesFor(packing, (length + latest) * perFrame);
  if (!Number.isSafeInteger(full)) return; // reading reports that it is too large
  const size = await sizeOf(source, file);
  const isInBlocks = blockSize > 0 && size % blockSize === 0;
  const most = full + Math.max(packing.groupBytes - 1, 1, isInBlocks ? blockSize - 1 : 0);
  const detail = {
    code: 'inconsistent',
    file,
    expected: `${least} bytes for ${length} frames of ${perFrame} samples in format ${format}`,
    found: `${size}`,
  } as const;
  if (size < least && !isShort)
    note({ ...detail, code: 'truncated', byte: size, count: least - size, what: 'bytes missing' });
  if (size > most) report({ ...detail, byte: least, count: size - least, what: 'bytes unaccounted for' });
}

/** Throws `WfdbError` with code `truncated` for a file of less than `bytes` bytes. */
async function checkReaches(source: Source, file: string, bytes: number): Promise<void> {
  if (bytes === 0 || (await source.read(file, bytes - 1, bytes)).length > 0) return;
  throw new WfdbError({
    code: 'truncated',
    file,
    expected: `${bytes} bytes before the first sample`,
    found: 'fewer in the whole file',
  });
}

/** Aligns a skewed signal, and excludes the samples outside the window from the sum. */
function align(samples: SignalSamples, column: Column, frames: number): SignalSamples {
  const { physical } = samples;
  const length = frames * column.width;
  if (physical.length === length && column.skew === 0) return samples;
  const begin = column.skew * column.width;
  const aligned = physical.slice(begin, begin + length);
  const { adcGain, baseline, format } = column.line;
  let { sum } = samples;
  for (const value of toAdc(physical.subarray(length), adcGain, baseline, invalidCode(format))) {
    sum = (sum - value) | 0;
  }
  if (aligned.length === length) return { physical: aligned, sum };
  const padded = new Float64Array(length).fill(Number.NaN);
  padded.set(aligned);
  return { physical: padded, sum };
}

/** Format 0: signals without samples. */
function nullReader(file: string, columns: readonly Column[]): FrameReader {
  return {
    close() {},
    async fetch(from, to, wanted) {
      const frames = to === undefined ? 0 : to - from;
      checkExpansion(
        file,
        columns.reduce((sum, { width }, i) => sum + (wanted[i] ? frames * width : 0), 0),
      );
      return {
        frames,
        end: 0,
        columns: columns.map(({ width }, i) =>
          wanted[i] ? { physical: new Float64Array(frames * width).fill(Number.NaN), sum: 0 } : undefined,
        ),
      };
    },
  };
}
