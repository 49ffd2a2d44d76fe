/** Writing records: a header and signal files, readable by any WFDB software. */
import { laterBaseTime } from './base-time.ts';
import { digitise, type PhysicalSignalToWrite, type SignalToWrite, type WritableSignal } from './digitise.ts';
import { encodeFlac } from './flac/encode.ts';
import { bytesFor, type SignalFormat, signalFormats } from './formats.ts';
import type { Header } from './header.ts';
import type { Packing } from './packings.ts';
import { signed16 } from './segment.ts';
import { type Sink, writeTogether } from './source.ts';

export type { PhysicalSignalToWrite, SignalToWrite } from './digitise.ts';

/** A record to write; a `Recording` is one. */
export interface RecordToWrite {
  /** Record name, e.g. `mitdb/100`; what precedes the last `/` is the folder. */
  readonly name: string;
  /** Hz; frames per second. */
  readonly samplingFrequency: number;
  readonly signals: readonly (SignalToWrite | PhysicalSignalToWrite)[];
  readonly comments?: readonly string[];
  /** Frames between the base time and the first frame here; default 0. */
  readonly start?: number;
  /** Where the base time and the counter are from. */
  readonly header?: Pick<Header, 'baseTime' | 'baseDate'> &
    Partial<Pick<Header, 'counterFrequency' | 'baseCounter'>>;
}

/** How to write a record. */
export interface WriteOptions {
  /** Signal format, or one for each signal; default 16. All but 0 can be written. */
  readonly format?: number | readonly number[];
  /**
   * `keep` (default): ADC values, gains and baselines as they are; signals that have none get gains that use the
   * format's range. `choose`: all signals get such gains, and their values are rounded to them.
   */
  readonly gains?: 'keep' | 'choose';
  /** One signal file for each signal, rather than as few as the formats allow. */
  readonly filePerSignal?: boolean;
}

/**
 * Writes `name.hea` and its signal files: `name.dat`, or `name_1.dat`, `name_2.dat`, … where it takes several; together
 * where the sink can, the header last. Initial values and checksums are computed. Invalid samples (NaN) get the format's code.
 *
 * Throws `RangeError` for what cannot be written: a value outside the format's range, a NaN or a step of more than 127
 * in format 8, signals of different duration or of a frame in part, a sampling frequency that is no multiple of the
 * record's, a name or unit that would not survive in a header line.
 *
 * @example
 * await writeRecord(folderSink('out'), recording, { format: 212 });
 */
export async function writeRecord(
  sink: Sink,
  record: RecordToWrite,
  options: WriteOptions = {},
): Promise<void> {
  const folder = record.name.slice(0, record.name.lastIndexOf('/') + 1);
  const base = record.name.slice(folder.length);
  if (!/^[\w-]+$/.test(base))
    throw new RangeError(`'${base}' is no record name: letters, digits, _ and - only`);
  if (!(record.samplingFrequency > 0 && Number.isFinite(record.samplingFrequency))) {
    throw new RangeError(`a sampling frequency is positive, not ${record.samplingFrequency}`);
  }
  const columns = record.signals.map((signal, i) => columnOf(record, signal, i, options));
  const frames = columns[0]?.frames ?? 0;
  for (const { frames: found, signal } of columns) {
    if (found !== frames) {
      throw new RangeError(`signal '${signal.name}' has ${found} samples a signal, the first one ${frames}`);
    }
  }
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
  const folder = record.name.slice(0, record.name.lastIndexOf('/') + 1);
  const base = record.name.slice(folder.length);
  const lines: string[] = [];
  for (const [k, group] of groups.entries()) {
    const file = groups.length === 1 ? `${base}.dat` : `${base}_${k + 1}.dat`;
    const { format } = group[0]!;
    const bytes =
      format.kind === 'flac'
        ? encodeFlac(
            group.map(column => column.signal.adc),
            format.bits,
          )
        : pack(format, group, frames);
    await sink.write(folder + file, bytes);
    lines.push(...group.map(column => signalLine(file, column)));
  }
  const comments = (record.comments ?? []).flatMap(comment =>
    comment.split(/\r\n|\r|\n/).map(text => `# ${text}`),
  );
  const text = [recordLine(base, record, frames), ...lines, ...comments]
    .map(line => `${line.trimEnd()}\n`)
    .join('');
  await sink.write(`${record.name}.hea`, new TextEncoder().encode(text));
}

/** A signal ready to be packed. */
interface Column {
  readonly signal: WritableSignal;
  readonly number: number;
  readonly format: SignalFormat;
  /** Samples a frame. */
  readonly width: number;
  readonly frames: number;
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
    throw new RangeError(`there is no signal format ${number} to write`);
  }
  const exact = (given.samplingFrequency ?? record.samplingFrequency) / record.samplingFrequency;
  const width = Math.round(exact);
  if (width < 1 || Math.abs(exact - width) > 1e-6) {
    throw new RangeError(
      `signal '${given.name}': ${given.samplingFrequency} Hz is no multiple of ${record.samplingFrequency} Hz`,
    );
  }
  const signal = digitise(given, number, format, options.gains ?? 'keep');
  const frames = signal.adc.length / width;
  if (!Number.isInteger(frames)) {
    throw new RangeError(
      `signal '${given.name}' has ${signal.adc.length} samples, no whole number of frames of ${width}`,
    );
  }
  return { signal, number, format, width, frames };
}

/** As few files as possible, in order: one format a file; FLAC takes 8 signals of one rate. */
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

function pack(format: SignalFormat, group: readonly Column[], frames: number): Uint8Array {
  const packing = format.packing!;
  const perFrame = group.reduce((sum, column) => sum + column.width, 0);
  const interleaved = new Int32Array(frames * perFrame);
  let offset = 0;
  for (const { signal, width } of group) {
    const { adc } = signal;
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

/** Whole groups for the formats of three samples: the WFDB library cannot read a tail of 311. */
const packedBytes = (packing: Packing, samples: number): number =>
  packing.groupSamples === 3
    ? Math.ceil(samples / packing.groupSamples) * packing.groupBytes
    : bytesFor(packing, samples);

function recordLine(base: string, record: RecordToWrite, frames: number): string {
  const { header, samplingFrequency } = record;
  const late = (record.start ?? 0) / samplingFrequency;
  const words = [base, record.signals.length, samplingFrequency + counterField(record, late), frames];
  const time = header?.baseTime;
  if (time === undefined) return words.join(' ');
  const { baseTime, baseDate } = late === 0 ? header! : laterBaseTime(time, header!.baseDate, late);
  return [...words, baseTime, baseDate ?? ''].join(' ');
}

/** `/frequency(value at the first frame)`, nothing for a counter that counts frames from 0. */
function counterField({ header, samplingFrequency }: RecordToWrite, late: number): string {
  const frequency = header?.counterFrequency ?? samplingFrequency;
  const first = header?.baseCounter ?? 0;
  if (frequency === samplingFrequency && first === 0) return '';
  const now = first + late * frequency;
  return `/${frequency}${now === 0 ? '' : `(${now})`}`;
}

function signalLine(file: string, { signal, number, format, width }: Column): string {
  const { adc, adcGain, baseline, calibrated, units, name, adcResolution, adcZero } = signal;
  let sum = 0;
  for (let i = 0; i < adc.length; i++) sum = (sum + adc[i]!) | 0;
  const encoding = width === 1 ? `${number}` : `${number}x${width}`;
  const scale = `${calibrated ? adcGain : 0}(${baseline})/${units}`;
  const bits = adcResolution > 0 && adcResolution <= format.bits ? adcResolution : format.bits;
  return `${file} ${encoding} ${scale} ${bits} ${adcZero} ${adc[0] ?? 0} ${signed16(sum)} 0 ${name}`;
}
