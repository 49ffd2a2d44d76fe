/** Writing records: header and signal files, readable by any WFDB software. */
import { InputError } from '../input-error.ts';
import { requireSamplingFrequency } from '../sampling-frequency.ts';
import { laterBaseTime } from './base-time.ts';
import { digitise, type PhysicalSignalToWrite, type SignalToWrite, type WritableSignal } from './digitise.ts';
import { encodeFlac } from './flac/encode.ts';
import { bytesFor, type SignalFormat, signalFormats } from './formats.ts';
import type { Header } from './header.ts';
import type { Packing } from './packings.ts';
import { signed16 } from './segment.ts';
import { type Sink, writeTogether } from './source.ts';

export type { PhysicalSignalToWrite, SignalToWrite } from './digitise.ts';

/** A record to write; a `Recording` qualifies. */
export interface RecordToWrite {
  /** Record name, e.g. `mitdb/100`; the part before the last `/` is the folder. */
  readonly name: string;
  /** Hz; frames per second. */
  readonly samplingFrequency: number;
  readonly signals: readonly (SignalToWrite | PhysicalSignalToWrite)[];
  readonly comments?: readonly string[];
  /** Frames between the base time and the first frame here; default 0. */
  readonly start?: number;
  /** Number of frames, for a record without signals that annotations refer to; otherwise given by the signals. */
  readonly length?: number;
  /** Base time, date and counter. */
  readonly header?: Pick<Header, 'baseTime' | 'baseDate'> &
    Partial<Pick<Header, 'counterFrequency' | 'baseCounter'>>;
}

/** How to write a record. */
export interface WriteOptions {
  /** Signal format, or one per signal; default 16. All but 0 can be written. */
  readonly format?: number | readonly number[];
  /**
   * `keep` (default): ADC values, gains and baselines are unchanged; signals without a gain get one that uses the range
   * of the format. `choose`: all signals get such gains, and values are rounded accordingly.
   */
  readonly gains?: 'keep' | 'choose';
  /** Write one signal file per signal, instead of as few files as the formats allow. */
  readonly filePerSignal?: boolean;
}

/**
 * Writes `name.hea` and its signal files: `name.dat`, or `name_1.dat`, `name_2.dat`, … if several are needed;
 * atomically if the sink supports it, with the header last. Initial values and checksums are computed. Invalid samples
 * (NaN) are written as the invalid code of the format. Names and units are transliterated to ASCII where possible
 * (`uV`), because some readers drop other characters.
 *
 * Throws `RangeError` for what cannot be written: a value outside the range of the format, a NaN or a difference above
 * 127 in format 8, signals of different duration or with an incomplete frame, a sampling frequency that is not a
 * multiple of the record's, a name or unit that a header line cannot hold.
 *
 * @example
 * const sink = memorySink();
 * await writeRecord(sink, await readRecord(source, 'synth/s01'), { format: 212 });
 * [...sink.files.keys()] // => ['synth/s01.dat', 'synth/s01.hea']
 */
export async function writeRecord(
  sink: Sink,
  record: RecordToWrite,
  options: WriteOptions = {},
): Promise<void> {
  requireSamplingFrequency(record.samplingFrequency);
  const columns = record.signals.map((signal, i) => columnOf(record, signal, i, options));
  const frames = columns[0]?.frames ?? record.length ?? 0;
  for (const { frames: found, signal } of columns) {
    if (found !== frames) {
      throw new InputError(`signal '${signal.name}' has ${found} samples a signal, the first one ${frames}`);
    }
  }
  splitName(record.name);
  const groups = groupIntoFiles(columns, options.filePerSignal ?? false);
  await writeTogether(sink, files => writeFiles(files, record, groups, frames));
}

/** Writes the signal files and, last, the header that names them. */
async function writeFiles(
  sink: Sink,
  record: RecordToWrite,
  groups: readonly (readonly Column[])[],
  frames: number,
): Promise<void> {
  const { folder, base } = splitName(record.name);
  const lines: string[] = [];
  for (const [k, group] of groups.entries()) {
    const file = groups.length === 1 ? `${base}.dat` : `${base}_${k + 1}.dat`;
    const { format } = group[0]!;
    // The last frame is followed by the frames that the most delayed signal needs.
    const latest = group.reduce((most, { skew, width }) => Math.max(most, skew / width), 0);
    const stored = group.map(column => storedSamples(column, frames + latest));
    const bytes =
      format.kind === 'flac' ? encodeFlac(stored, format.bits) : pack(format, group, stored, frames + latest);
    await sink.write(folder + file, bytes);
    lines.push(...group.map((column, i) => signalLine(file, column, stored[i]!, frames)));
  }
  const header = headerBytes([recordLine(base, record, frames), ...lines], record.comments);
  await sink.write(`${record.name}.hea`, header);
}

/** Encodes a header from its lines and info strings. */
export function headerBytes(lines: readonly string[], comments: readonly string[] = []): Uint8Array {
  const info = comments.flatMap(comment => comment.split(/\r\n|\r|\n/).map(text => `# ${text}`));
  const text = [...lines, ...info].map(line => `${line.trimEnd()}\n`).join('');
  return new TextEncoder().encode(text);
}

/**
 * Splits a record name into folder, including `/`, and base name. Throws `RangeError` for a base name that other
 * software rejects.
 */
export function splitName(name: string): { folder: string; base: string } {
  const folder = name.slice(0, name.lastIndexOf('/') + 1);
  const base = name.slice(folder.length);
  if (/^[\w-]+$/.test(base)) return { folder, base };
  throw new InputError(`'${base}' is not a record name: only letters, digits, _ and - are allowed`);
}

/** A signal ready to be packed. */
interface Column {
  readonly signal: WritableSignal;
  readonly number: number;
  readonly format: SignalFormat;
  /** Samples per frame. */
  readonly width: number;
  readonly frames: number;
  /** Samples. */
  readonly skew: number;
}

function columnOf(
  record: RecordToWrite,
  given: SignalToWrite | PhysicalSignalToWrite,
  index: number,
  options: WriteOptions,
): Column {
  const number = (typeof options.format === 'object' ? options.format[index] : options.format) ?? 16;
  const format = signalFormats.get(number);
  if (format === undefined || format.kind === 'null') {
    throw new InputError(`there is no signal format ${number} to write`);
  }
  const exact = (given.samplingFrequency ?? record.samplingFrequency) / record.samplingFrequency;
  const width = Math.round(exact);
  if (width < 1 || Math.abs(exact - width) > 1e-6) {
    throw new InputError(
      `signal '${given.name}': ${given.samplingFrequency} Hz is no multiple of ${record.samplingFrequency} Hz`,
    );
  }
  const signal = digitise(given, number, format, options.gains ?? 'keep');
  const frames = signal.adc.length / width;
  if (!Number.isInteger(frames)) {
    throw new InputError(
      `signal '${given.name}' has ${signal.adc.length} samples, which is not a multiple of ${width} samples per frame`,
    );
  }
  const skew = given.skew ?? 0;
  if (!Number.isSafeInteger(skew / width) || skew < 0 || (skew > 0 && skew / width >= frames)) {
    throw new InputError(
      `signal '${given.name}': a skew of ${skew} samples is not a whole number of frames below ${frames}`,
    );
  }
  return { signal, number, format, width, frames, skew };
}

/**
 * Groups signals into as few files as possible, in order: one format per file, and for FLAC at most 8 signals of one
 * rate.
 */
function groupIntoFiles(columns: readonly Column[], filePerSignal: boolean): readonly (readonly Column[])[] {
  const groups: Column[][] = [];
  for (const column of columns) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const fits =
      group !== undefined &&
      last!.number === column.number &&
      (column.format.kind !== 'flac' || (group.length < 8 && last!.width === column.width));
    if (fits && !filePerSignal) group.push(column);
    else groups.push([column]);
  }
  return groups;
}

/**
 * The samples of a signal as stored, `frames` of them: after the samples left undefined by its skew, which are invalid
 * or constant.
 */
function storedSamples({ signal, format, width, skew }: Column, frames: number): Int32Array {
  const { adc } = signal;
  if (adc.length === frames * width) return adc;
  const stored = new Int32Array(frames * width);
  stored.fill(format.invalid ?? adc[0]!, 0, skew);
  stored.set(adc, skew);
  stored.fill(format.invalid ?? adc.at(-1)!, skew + adc.length);
  return stored;
}

function pack(
  format: SignalFormat,
  group: readonly Column[],
  stored: readonly Int32Array[],
  frames: number,
): Uint8Array {
  const packing = format.packing!;
  const perFrame = group.reduce((sum, column) => sum + column.width, 0);
  const interleaved = new Int32Array(frames * perFrame);
  let offset = 0;
  for (const [c, { width }] of group.entries()) {
    const adc = stored[c]!;
    for (let frame = 0; frame < frames; frame++) {
      for (let j = 0; j < width; j++) {
        const i = frame * width + j;
        const before = format.kind === 'difference' ? adc[i === 0 ? 0 : i - 1]! : 0;
        interleaved[frame * perFrame + offset + j] = adc[i]! - before;
      }
    }
    offset += width;
  }
  const bytes = new Uint8Array(packedBytes(packing, interleaved.length));
  packing.pack(interleaved, bytes);
  return bytes;
}

/** As in the WFDB library: two bytes for each sample after the last complete group of three, also in format 311. */
const packedBytes = (packing: Packing, samples: number): number =>
  packing.groupSamples === 3
    ? Math.floor(samples / 3) * packing.groupBytes + 2 * (samples % 3)
    : bytesFor(packing, samples);

/** Formats a record line; `name` may include a number of segments. */
export function recordLine(name: string, record: RecordToWrite, frames: number): string {
  const { header, samplingFrequency } = record;
  const late = (record.start ?? 0) / samplingFrequency;
  const words = [name, record.signals.length, samplingFrequency + counterField(record, late), frames];
  const time = header?.baseTime;
  if (time === undefined) return words.join(' ');
  const { baseTime, baseDate } = late === 0 ? header! : laterBaseTime(time, header!.baseDate, late);
  return [...words, baseTime, baseDate ?? ''].join(' ');
}

/** Formats the counter as `/frequency(value at the first frame)`; empty for a counter of frames from 0. */
function counterField({ header, samplingFrequency }: RecordToWrite, late: number): string {
  const frequency = header?.counterFrequency ?? samplingFrequency;
  const first = header?.baseCounter ?? 0;
  if (frequency === samplingFrequency && first === 0) return '';
  const now = first + late * frequency;
  return `/${frequency}${now === 0 ? '' : `(${now})`}`;
}

function signalLine(
  file: string,
  { signal, number, format, width, skew }: Column,
  stored: Int32Array,
  frames: number,
): string {
  const { adcGain, baseline, calibrated, units, name, adcResolution, adcZero } = signal;
  let sum = 0;
  for (let i = 0; i < frames * width; i++) sum = (sum + stored[i]!) | 0;
  const encoding = `${number}${width === 1 ? '' : `x${width}`}${skew === 0 ? '' : `:${skew}`}`;
  const scale = `${calibrated ? adcGain : 0}(${baseline})/${units}`;
  const bits = adcResolution > 0 && adcResolution <= format.bits ? adcResolution : format.bits;
  return `${file} ${encoding} ${scale} ${bits} ${adcZero} ${stored[0] ?? 0} ${signed16(sum)} 0 ${name}`;
}
