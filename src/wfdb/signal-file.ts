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
   * Frames `[from, to)` of the signals `wanted`, to the file's end when `to` is undefined; undefined for the others.
   * Skew is undone: a signal recorded k frames late is read from k frames on, and is invalid where the file has ended.
   * A file that ends before the window does is reported, and its missing samples are invalid; so is, when it is first
   * read, one whose size contradicts the length that its header gives.
   *
   * Formats that can only be read from the start (8 and FLAC) keep their place: windows that follow one another cost
   * no more than one.
   */
  read(
    from: number,
    to: number | undefined,
    wanted: readonly boolean[],
  ): Promise<readonly (SignalSamples | undefined)[]>;
  close(): void;
}

/** Where a signal file is, and what its header says of it. */
export interface SignalFilePlace {
  readonly source: Source;
  readonly file: string;
  /** Its signals, which agree on format and byte offset, in frame order. */
  readonly lines: readonly SignalHeader[];
  /** Frames; undefined where the header gives no length. */
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
      // Bytes are counted in numbers that are exact up to 2⁵³.
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

/** A window that the file ends in, or before. Where the header gives no length, it is the caller's: nothing was lost. */
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
  /** Samples a frame, and the frames by which the latest signal was recorded late. */
  readonly perFrame: number;
  readonly latest: number;
  readonly announced: number | undefined;
  /** It was reported already that the window ends behind the file. */
  readonly isShort: boolean;
}

/**
 * Holds a file's size against its header: format, number of signals and length. A shorter file is noted, since a window
 * before its end is whole; a longer one has samples that the header does not account for, and so perhaps other ones than
 * it says. Room for what a writer may add is not held against it: an unfinished group of a packed format, the samples
 * that skew needs, and the block that the header gives.
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
  if (!Number.isSafeInteger(full)) return; // reading says that it is too large
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

/** Moves a skewed signal to its place and takes what was read for that alone out of the sum. */
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
