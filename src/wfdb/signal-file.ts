/** Signal files: the interleaved samples of one or more signals, unpacked into one array per signal. */
import { invalidCode, toAdc } from './adc.ts';
import { checkUnbacked } from './allocation-check.ts';
import { amplitudeReader } from './amplitude-file.ts';
import { differenceReader } from './difference-file.ts';
import { WfdbError } from './errors.ts';
import { flacReader } from './flac/signal-file.ts';
import { signalFormats } from './formats.ts';
import { type Column, columnsOf, type FrameReader, type SignalSamples } from './frame-columns.ts';
import type { SignalHeader } from './header.ts';
import type { Source } from './source.ts';

/** An open signal file. */
export interface SignalFile {
  /**
   * Frames `[from, to)` of the signals `wanted`, to the file's end when `to` is undefined; undefined for the others.
   * Skew is undone: a signal recorded k frames late is read from k frames on, and is invalid where the file has ended.
   * Throws `WfdbError` with code `truncated` when the file ends before the window does.
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

/** Opens a signal file. `lines` are its signals, which agree on format and byte offset, in frame order. */
export function openSignalFile(source: Source, file: string, lines: readonly SignalHeader[]): SignalFile {
  const columns = columnsOf(lines);
  const perFrame = columns.reduce((sum, column) => sum + column.width, 0);
  const format = signalFormats.get(lines[0]!.format)!;
  const reader =
    format.kind === 'null'
      ? nullReader(file, columns)
      : format.kind === 'flac'
        ? flacReader(source, file, columns)
        : format.kind === 'difference'
          ? differenceReader(source, file, columns, perFrame)
          : amplitudeReader(source, file, format.packing!, columns, perFrame);
  const latest = columns.reduce((most, { skew }) => Math.max(most, skew), 0);
  const { byteOffset } = lines[0]!;
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
      const fetchedTo = to === undefined ? undefined : to + latest;
      const { frames, end, columns: found } = await reader.fetch(from, fetchedTo, wanted);
      if (to !== undefined && frames < to - from) {
        throw new WfdbError({
          code: 'truncated',
          file,
          byte: end,
          expected: `${to - from} samples a signal from ${from} on`,
          found: `${frames} before the end of the file`,
        });
      }
      if (frames === 0 && format.kind !== 'null') await checkReaches(source, file, byteOffset);
      const length = to === undefined ? frames : to - from;
      return columns.map((column, i) => found[i] && align(found[i], column, length));
    },
  };
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
      checkUnbacked(
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
