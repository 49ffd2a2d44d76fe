/**
 * The file formats (containers) that recordings are stored in, identified by content, not by file name. Callers can
 * extend the table.
 */

import { InputError } from '../input-error.ts';
import type { CsvOptions } from './csv/csv-options.ts';
import { isTable } from './csv/is-table.ts';
import { readCsv } from './csv/read-csv.ts';
import type { CsvRecording } from './csv/table-recording.ts';
import { isBdf, isEdf } from './edf/header.ts';
import { readEdf } from './edf/read-edf.ts';
import { WfdbError } from './errors.ts';
import { parseHeader } from './header.ts';
import { parseMat4Header } from './matlab/mat4.ts';
import { type Mat4ReadOptions, readMat4 } from './matlab/read-mat4.ts';
import { type Recording, readRecord } from './record.ts';
import type { Source } from './source.ts';
import { decodeText, quoteBytes } from './text.ts';
import { unsupportedFormatOf } from './unsupported-formats.ts';

/** Read options that apply to any container. */
export interface ContainerOptions extends Mat4ReadOptions {
  /** Options of a table only; `samplingFrequency`, `units` and `adcGain` apply to tables too. */
  readonly table?: Omit<CsvOptions, 'file'> & { readonly encoding?: string };
}

/** One container format. */
export interface Container {
  readonly name: string;
  /** Whether a file has this format, judged from its first `detectionBytes` bytes. */
  readonly matches: (bytes: Uint8Array) => boolean;
  /** Reads the file `file`; throws as `readRecord` does. */
  readonly read: (source: Source, file: string, options: ContainerOptions) => Promise<Recording>;
}

/** A recording and the container it was read from. */
export interface ContainedRecording extends Recording {
  /** Name of the container, e.g. `EDF`. */
  readonly container: string;
}

/**
 * Number of leading bytes of a file from which its container is identified.
 *
 * @example (await source.read('mitdb-208-excerpt.dat', 0, detectionBytes)).length // => 65536
 */
export const detectionBytes = 1 << 16;

/** The container of text tables. It is also tried for text that matches no container, for its error message. */
export const tableContainer: Container = {
  name: 'table',
  matches: bytes => !isUnsupported(bytes) && isTable(bytes),
  read: readTable,
};

/**
 * The supported containers, in the order in which they are tried: tables last, because a WFDB header resembles one.
 *
 * @example
 * containers.map(({ name }) => name) // => ['EDF', 'BDF', 'MATLAB v4', 'WFDB', 'table']
 */
export const containers: readonly Container[] = [
  { name: 'EDF', matches: isEdf, read: readEdf },
  { name: 'BDF', matches: isBdf, read: readEdf },
  { name: 'MATLAB v4', matches: bytes => parseMat4Header(bytes) !== undefined, read: readMat4 },
  {
    name: 'WFDB',
    matches: isHeader,
    read: (source, file, options) => readRecord(source, file.replace(/\.hea$/i, ''), options),
  },
  tableContainer,
];

/**
 * Identifies the container of a file from its first bytes; undefined if none matches.
 *
 * @example
 * detectContainer(new TextEncoder().encode('x 0 250 10\n'))?.name; // => 'WFDB'
 */
export function detectContainer(
  bytes: Uint8Array,
  rows: readonly Container[] = containers,
): Container | undefined {
  return rows.find(row => row.matches(bytes));
}

/**
 * Reads a file in any known container. Throws `WfdbError` with code `unsupported` if none matches; if the format is
 * recognised, the message names it and a program that converts it. Pass `rows` to add containers before or after those
 * in `containers`.
 *
 * @example
 * // A custom container: 'RAW8', then one byte per sample at 100 Hz, 50 units per mV.
 * const raw8 = {
 *   name: 'RAW8',
 *   matches: bytes => String.fromCharCode(...bytes.subarray(0, 4)) === 'RAW8',
 *   async read(source, file) {
 *     const adc = Int32Array.from((await source.read(file)).subarray(4));
 *     const scale = { units: 'mV', adcGain: 50, baseline: 0, calibrated: true, samplingFrequency: 100 };
 *     const signal = { name: 'ECG', ...scale, adc, physical: Float64Array.from(adc, value => value / 50) };
 *     const whole = { samplingFrequency: 100, start: 0, length: adc.length, comments: [], warnings: [] };
 *     return { name: file, signals: [signal], ...whole };
 *   },
 * };
 * const files = memorySource({ x: Uint8Array.of(0x52, 0x41, 0x57, 0x38, 50, 100) });
 * const recording = await readContainer(files, 'x', {}, [raw8, ...containers]);
 * [recording.container, ...recording.signals[0].physical] // => ['RAW8', 1, 2]
 */
export async function readContainer(
  source: Source,
  file: string,
  options: ContainerOptions = {},
  rows: readonly Container[] = containers,
): Promise<ContainedRecording> {
  const bytes = await source.read(file, 0, detectionBytes);
  const row = detectContainer(bytes, rows);
  if (row === undefined) throw unknownContainer(file, bytes, rows);
  return { ...(await row.read(source, file, options)), container: row.name };
}

/**
 * The error for a file that matches none of the containers `rows`. `bytes` are the first bytes of the file.
 *
 * @example unknownContainer('x.dat', new TextEncoder().encode('%PDF-1.7')).code // => 'unsupported'
 */
export function unknownContainer(
  file: string,
  bytes: Uint8Array,
  rows: readonly Container[] = containers,
): WfdbError {
  const foreign = unsupportedFormatOf(bytes);
  const found = foreign?.name ?? (bytes.length === 0 ? 'an empty file' : quoteBytes(bytes.subarray(0, 40)));
  return new WfdbError({
    code: 'unsupported',
    file,
    expected: `a supported file format: ${rows.map(({ name }) => name).join(', ')}`,
    found,
    ...(foreign !== undefined && { hint: foreign.advice }),
  });
}

/** Reads a window of a table; the table itself is parsed whole. */
async function readTable(
  source: Source,
  file: string,
  { samplingFrequency, units, adcGain, table, ...window }: ContainerOptions,
): Promise<CsvRecording> {
  const recording = await readCsv(source, file, {
    ...(samplingFrequency !== undefined && { samplingFrequency }),
    ...(units !== undefined && { units }),
    ...(adcGain !== undefined && { adcGain }),
    ...(window.lenient !== undefined && { lenient: window.lenient }),
    ...table,
  });
  const { start, length, signals } = recording;
  const frame = (value: number): number =>
    window.unit === 'seconds' ? Math.round(value * recording.samplingFrequency) : value;
  const position = (value: number): string =>
    window.unit === 'seconds'
      ? `${Number((value / recording.samplingFrequency).toFixed(3))} s`
      : `row ${value}`;
  const [from, to] = [frame(window.from ?? 0), window.to === undefined ? length : frame(window.to)];
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from >= to || to > length) {
    throw new InputError(
      `${file}: the window is from ${position(from)} to ${position(to)} (not included), the table ends at ${position(length)}`,
    );
  }
  const chosen = (window.signals ?? signals.map(({ name }) => name)).map(name => {
    const signal = signals.find(signal => signal.name === name);
    if (signal !== undefined) return signal;
    throw new InputError(
      `${file} has no signal '${name}', only ${signals.map(s => `'${s.name}'`).join(', ')}`,
    );
  });
  const isWhole = from === 0 && to === length;
  return {
    ...recording,
    start: start + from,
    length: to - from,
    signals: chosen.map(signal =>
      isWhole
        ? signal
        : { ...signal, physical: signal.physical.slice(from, to), adc: signal.adc.slice(from, to) },
    ),
  };
}

/** Whether the bytes have the signature of an unsupported format; annotation files have none, and text may look like one. */
export function isUnsupported(bytes: Uint8Array): boolean {
  const name = unsupportedFormatOf(bytes)?.name;
  return name !== undefined && name !== 'WFDB annotations';
}

/** Whether the text is a WFDB header. One without signals must have no further lines. */
function isHeader(bytes: Uint8Array): boolean {
  if (bytes.subarray(0, 1000).includes(0)) return false;
  const text = decodeText(bytes);
  try {
    const { signalCount } = parseHeader(text, 'x.hea');
    const lines = text.split('\n').filter(line => line.trim() !== '' && !line.startsWith('#'));
    return signalCount > 0 || lines.length === 1;
  } catch (error) {
    if (error instanceof WfdbError) return false;
    throw error;
  }
}
