/** Signal files: the interleaved samples of one or more signals, unpacked into one array per signal. */
import { WfdbError } from './errors.ts';
import { openFlacStream } from './flac.ts';
import { bytesFor, type Packing, samplesIn, signalFormats } from './formats.ts';
import type { SignalHeader } from './header.ts';
import { checkUnbacked } from './limits.ts';
import type { Source } from './source.ts';

/** The samples of one signal over a stretch of frames. */
export interface SignalSamples {
  /** Physical units, `samplesPerFrame` to a frame, NaN where invalid. */
  readonly physical: Float64Array;
  /** Sum of the samples in the file, in ADC units modulo 2³², whatever the skew. */
  readonly sum: number;
}

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

/** One signal's place in the frame. */
interface Column {
  readonly line: SignalHeader;
  /** Samples of the frame before the first of this signal, and samples of it in a frame. */
  readonly offset: number;
  readonly width: number;
  /** Frames. */
  readonly skew: number;
  /** Baseline and gain. */
  readonly scale: Float64Array;
}

/** Reads the frames of one file as they lie there; fewer than asked for where the file ends. */
interface FrameReader {
  /** Answers the number of frames read, and of each wanted column its samples and their sum. */
  fetch(
    from: number,
    to: number | undefined,
    wanted: readonly boolean[],
  ): Promise<{ readonly frames: number; readonly columns: readonly (SignalSamples | undefined)[] }>;
  close(): void;
}

/** Samples unpacked at a time: few enough to stay in the processor's cache. */
const blockSamples = 8192;
/** Bytes read at a time from a file that must be read from its start. */
const chunkBytes = 1 << 20;

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
  const latest = Math.max(...columns.map(column => column.skew));
  return {
    close: reader.close,
    async read(from, to, wanted) {
      // Bytes are counted in numbers that are exact up to 2⁵³.
      if (to !== undefined && !Number.isSafeInteger((to + latest) * perFrame * 4)) {
        throw new WfdbError({
          code: 'too-large',
          file,
          expected: 'byte positions below 2⁵³',
          found: `${to} samples a signal`,
        });
      }
      const { frames, columns: found } = await reader.fetch(
        from,
        to === undefined ? undefined : to + latest,
        wanted,
      );
      if (to !== undefined && frames < to - from) {
        throw new WfdbError({
          code: 'truncated',
          file,
          expected: `${to} samples a signal`,
          found: `the end of the file after ${from + frames}`,
        });
      }
      const length = to === undefined ? frames : to - from;
      return columns.map((column, i) => found[i] && align(found[i], column, length));
    },
  };
}

function columnsOf(lines: readonly SignalHeader[]): readonly Column[] {
  let offset = 0;
  return lines.map(line => {
    const width = line.samplesPerFrame;
    const skew = Math.round(line.skew / width);
    const column = { line, offset, width, skew, scale: Float64Array.of(line.baseline, line.adcGain) };
    offset += width;
    return column;
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

/** The invalid code of a format; for format 8, which has none, that of format 32. */
export function invalidCode(format: number): number {
  return signalFormats.get(format)?.invalid ?? -(2 ** 31);
}

/**
 * ADC values from physical ones: round(physical · adcGain + baseline), `invalid` for NaN. Exact for what was made as
 * (adc − baseline) / adcGain: the two roundings are far below half a unit for any 32-bit value and baseline.
 */
export function toAdc(
  physical: Float64Array,
  adcGain: number,
  baseline: number,
  invalid: number,
): Int32Array {
  const adc = new Int32Array(physical.length);
  for (let i = 0; i < physical.length; i++) {
    const value = physical[i]! * adcGain + baseline;
    adc[i] = Number.isNaN(value) ? invalid : Math.round(value);
  }
  return adc;
}

/** Formats whose samples can be found by position: only the window's bytes are read. */
function amplitudeReader(
  source: Source,
  file: string,
  packing: Packing,
  columns: readonly Column[],
  perFrame: number,
): FrameReader {
  const { groupSamples, groupBytes } = packing;
  const { byteOffset } = columns[0]!.line;
  return {
    close() {},
    async fetch(from, to, wanted) {
      // The file is read from a group boundary on; `lead` samples of the first group come before the window.
      const lead = (from * perFrame) % groupSamples;
      const start = byteOffset + ((from * perFrame - lead) / groupSamples) * groupBytes;
      const end = to === undefined ? undefined : start + bytesFor(packing, lead + (to - from) * perFrame);
      const bytes = await source.read(file, start, end);
      const there = Math.max(0, Math.floor((samplesIn(packing, bytes.length) - lead) / perFrame));
      const frames = to === undefined ? there : Math.min(there, to - from);
      return { frames, columns: unpackColumns(packing, bytes, lead, frames, perFrame, columns, wanted) };
    },
  };
}

/** Unpacks block by block, so that the bytes stay in the cache while each signal takes its own. */
function unpackColumns(
  packing: Packing,
  bytes: Uint8Array,
  lead: number,
  frames: number,
  perFrame: number,
  columns: readonly Column[],
  wanted: readonly boolean[],
): readonly (SignalSamples | undefined)[] {
  const { groupSamples, groupBytes } = packing;
  // Each block starts `lead` samples after a group boundary, as the first does.
  const block = groupSamples * Math.max(1, Math.floor(blockSamples / (groupSamples * perFrame)));
  const found = columns.map((column, i) =>
    wanted[i] ? { physical: new Float64Array(frames * column.width), sum: 0 } : undefined,
  );
  const strand = columns.some(column => column.width > 1)
    ? new Float64Array(Math.min(block, frames))
    : undefined;
  for (let frame = 0; frame < frames; frame += block) {
    const count = Math.min(block, frames - frame);
    const byte = ((frame * perFrame) / groupSamples) * groupBytes;
    const here = bytes.subarray(byte);
    for (let c = 0; c < columns.length; c++) {
      const into = found[c];
      if (into === undefined) continue;
      const { offset, width, scale } = columns[c]!;
      const first = lead + offset;
      if (width === 1) {
        const out = into.physical.subarray(frame, frame + count);
        into.sum = (into.sum + packing.unpack(here, first, perFrame, scale, out)) | 0;
        continue;
      }
      const out = strand!.subarray(0, count);
      for (let j = 0; j < width; j++) {
        into.sum = (into.sum + packing.unpack(here, first + j, perFrame, scale, out)) | 0;
        for (let k = 0, to = frame * width + j; k < count; k++, to += width) into.physical[to] = out[k]!;
      }
    }
  }
  return found;
}

/** Format 8: each sample is its difference from the one before, so a file is read from its start. */
function differenceReader(
  source: Source,
  file: string,
  columns: readonly Column[],
  perFrame: number,
): FrameReader {
  const { byteOffset } = columns[0]!.line;
  const chunkFrames = Math.max(1, Math.floor(chunkBytes / perFrame));
  // The last values before frame `place`.
  let place = 0;
  let values = columns.map(column => column.line.initialValue);
  const read = (from: number, to: number | undefined): Promise<Uint8Array> =>
    source.read(
      file,
      byteOffset + from * perFrame,
      to === undefined ? undefined : byteOffset + to * perFrame,
    );
  return {
    close() {},
    async fetch(from, to, wanted) {
      if (from < place) {
        place = 0;
        values = columns.map(column => column.line.initialValue);
      }
      while (place < from) {
        const end = Math.min(from, place + chunkFrames);
        const bytes = await read(place, end);
        const frames = Math.floor(bytes.length / perFrame);
        values = columns.map((column, i) => (values[i]! + sumOfSteps(bytes, column, perFrame, frames)) | 0);
        place += frames;
        if (place < end) return { frames: 0, columns: columns.map(() => undefined) };
      }
      const bytes = await read(from, to);
      const frames = Math.floor(bytes.length / perFrame);
      const found = columns.map((column, i) =>
        wanted[i] ? integrate(bytes, column, perFrame, frames, values[i]!) : undefined,
      );
      return { frames, columns: found };
    },
  };
}

function sumOfSteps(bytes: Uint8Array, { offset, width }: Column, perFrame: number, frames: number): number {
  let sum = 0;
  for (let i = 0, b = offset; i < frames; i++, b = (b + perFrame) | 0) {
    for (let j = 0; j < width; j++) sum = (sum + ((bytes[b + j]! << 24) >> 24)) | 0;
  }
  return sum;
}

/** Running sum from `value` on, scaled. */
function integrate(
  bytes: Uint8Array,
  { offset, width, scale }: Column,
  perFrame: number,
  frames: number,
  value: number,
): SignalSamples {
  const baseline = scale[0]!;
  const gain = scale[1]!;
  const physical = new Float64Array(frames * width);
  const gap = perFrame - width;
  let sum = 0;
  let v = value;
  for (let i = 0, j = 0, b = offset; i < physical.length; i++, b = (b + 1) | 0) {
    v = (v + ((bytes[b]! << 24) >> 24)) | 0;
    sum = (sum + v) | 0;
    physical[i] = (v - baseline) / gain;
    if (++j === width) {
      j = 0;
      b = (b + gap) | 0;
    }
  }
  return { physical, sum };
}

/** FLAC: a stream decoded from its start. */
function flacReader(source: Source, file: string, columns: readonly Column[]): FrameReader {
  const { line, width } = columns[0]!;
  if (columns.some(column => column.width !== width) || columns.length > 8) {
    throw new WfdbError({
      code: 'inconsistent',
      file,
      expected: 'at most 8 signals in a FLAC file, with the same number of samples a frame',
      found: `${columns.length} signals with ${columns.map(column => column.width).join(', ')}`,
    });
  }
  const { bits, invalid } = signalFormats.get(line.format)!;
  const stream = openFlacStream(source, file, {
    byteOffset: line.byteOffset,
    bits,
    channels: columns.length,
  });
  return {
    close: stream.close,
    async fetch(from, to, wanted) {
      const channels = await stream.read(from * width, to === undefined ? undefined : to * width);
      const frames = Math.floor(channels[0]!.length / width);
      return {
        frames,
        columns: channels.map((samples, i) =>
          wanted[i] ? scaled(samples.subarray(0, frames * width), columns[i]!.scale, invalid!) : undefined,
        ),
      };
    },
  };
}

function scaled(samples: Int32Array, scale: Float64Array, invalid: number): SignalSamples {
  const baseline = scale[0]!;
  const gain = scale[1]!;
  const physical = new Float64Array(samples.length);
  let sum = 0;
  for (let i = 0; i < samples.length; i++) {
    const v = samples[i]!;
    sum = (sum + v) | 0;
    physical[i] = v === invalid ? Number.NaN : (v - baseline) / gain;
  }
  return { physical, sum };
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
        columns: columns.map(({ width }, i) =>
          wanted[i] ? { physical: new Float64Array(frames * width).fill(Number.NaN), sum: 0 } : undefined,
        ),
      };
    },
  };
}
