/** The lines of a header file: the record line, signal lines and segment lines. */
import { WfdbError, type WfdbErrorCode } from './errors.ts';
import { signalFormats } from './formats.ts';
import { quote } from './text.ts';

/** A parsed signal line. */
export interface SignalHeader {
  /** Line number in the header file, from 1. */
  readonly line: number;
  /** Signal file, relative to the header's folder. */
  readonly fileName: string;
  /** Format number, e.g. 212. */
  readonly format: number;
  readonly samplesPerFrame: number;
  /** Delay of this signal relative to the others, in its samples. */
  readonly skew: number;
  /** Bytes before the first sample in the signal file. */
  readonly byteOffset: number;
  /** ADC units per physical unit; 200 if the header gives none or 0 (then `calibrated` is false). */
  readonly adcGain: number;
  readonly calibrated: boolean;
  /** The ADC value that corresponds to 0 physical units; `adcZero` if the header gives none. */
  readonly baseline: number;
  readonly units: string;
  /** ADC resolution, bits; the default of the format if the header gives none or 0. */
  readonly adcResolution: number;
  readonly adcZero: number;
  readonly initialValue: number;
  /** The checksum, verbatim; undefined if the line ends before it. */
  readonly checksum: number | undefined;
  readonly blockSize: number;
  /** Description, e.g. `MLII`. */
  readonly name: string;
}

/** A parsed segment line of a multi-segment header. */
export interface SegmentHeader {
  /** Line number in the header file, from 1. */
  readonly line: number;
  /** Record name of the segment; undefined for a gap (`~`). */
  readonly name: string | undefined;
  /** Frames. */
  readonly length: number;
}

/** A line of the file, without surrounding white space. */
export interface HeaderLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** Parses the record line. Throws `WfdbError`, as all functions here do. */
export function parseRecordLine(line: HeaderLine, file: string) {
  const fields = line.text.split(/\s+/);
  const fail = failAt(line, file);
  const warnings: string[] = [];

  const { name, segments } = splitRecordName(fields[0]!, file);
  if (name === '' || name === '.' || name === '..' || name.includes('\\')) {
    return fail('syntax', 'a record name', fields[0]!);
  }
  const segmentCount =
    segments === undefined ? undefined : integer(segments, 'a number of segments', fail, { least: 1 });
  const signalCount = integer(fields[1] ?? '', 'a number of signals', fail, { least: 0 });

  let samplingFrequency = 250;
  let counterFrequency: number | undefined;
  let baseCounter = 0;
  if (fields[2] !== undefined) {
    const parts = /^([^/(]+)(?:\/([^(]+)(?:\(([^)]*)\))?)?$/.exec(fields[2]);
    if (parts === null) return fail('syntax', 'a sampling frequency', fields[2]);
    samplingFrequency = decimal(parts[1]!, 'a sampling frequency in Hz', fail);
    if (samplingFrequency <= 0) return fail('syntax', 'a sampling frequency above 0', fields[2]);
    if (parts[2] !== undefined) counterFrequency = decimal(parts[2], 'a counter frequency', fail);
    if (parts[3] !== undefined) baseCounter = decimal(parts[3], 'a base counter value', fail);
  }
  const length = fields[3] === undefined ? 0 : integer(fields[3], 'a length in samples', fail, { least: 0 });

  const [time, date, ...surplus] = fields.slice(4);
  const baseTime = time !== undefined && /^\d+(:\d{1,2}){0,2}(\.\d*)?$/.test(time) ? time : undefined;
  const baseDate =
    baseTime !== undefined && date !== undefined && /^\d{1,2}\/\d{1,2}\/\d{1,4}$/.test(date)
      ? date
      : undefined;
  const ignored = [baseTime === undefined ? time : undefined, baseDate === undefined ? date : undefined]
    .concat(surplus)
    .filter(word => word !== undefined);
  if (ignored.length > 0) {
    warnings.push(`line ${line.number}: '${ignored.join(' ')}' is not a base time and date and is ignored`);
  }
  return {
    line: line.number,
    name,
    segmentCount,
    signalCount,
    samplingFrequency,
    counterFrequency:
      counterFrequency !== undefined && counterFrequency > 0 ? counterFrequency : samplingFrequency,
    baseCounter,
    length: length === 0 ? undefined : length,
    baseTime,
    baseDate,
    warnings,
  };
}

/**
 * Splits `name`, `name/segments` or `folder/name`. The last form occurs in published headers; a number after `/` is a
 * number of segments unless it is the name of the header file (`mitdb/100` in `100.hea`).
 */
function splitRecordName(word: string, file: string): { name: string; segments: string | undefined } {
  const parts = word.split('/');
  const last = parts.pop()!;
  if (parts.length === 0) return { name: last, segments: undefined };
  const before = parts.pop()!;
  const own = file.slice(file.lastIndexOf('/') + 1).replace(/\.hea$/, '');
  const isPath = !/^\d+$/.test(last) || (last === own && before !== own);
  return isPath ? { name: last, segments: undefined } : { name: before, segments: last };
}

/** Splits a signal line into its first eight words and the description. */
function splitSignalLine(text: string): { words: readonly string[]; description: string } {
  const words: string[] = [];
  const word = /\S+/g;
  while (words.length < 8) {
    const match = word.exec(text);
    if (match === null) return { words, description: '' };
    words.push(match[0]);
  }
  return { words, description: text.slice(word.lastIndex).trim() };
}

/** Parses the line of signal number `index`. */
export function parseSignalLine(
  line: HeaderLine,
  file: string,
  recordName: string,
  index: number,
): SignalHeader {
  const fail = failAt(line, file);
  const { words, description } = splitSignalLine(line.text);
  const [fileName, encoding, scale, resolution, zero, initial, sum, block] = words;
  if (fileName === undefined || encoding === undefined) {
    return fail('syntax', 'a file name and a format', line.text);
  }
  checkInside(fileName, fail);

  const parts = /^(\d+)(?:x(\d+))?(?::(\d+))?(?:\+(\d+))?$/.exec(encoding);
  if (parts === null) return fail('syntax', 'a format such as 212, 16x2 or 16:3+24', encoding);
  const format = Number(parts[1]);
  const known = signalFormats.get(format);
  if (known === undefined) return fail('unsupported', 'a known signal format', encoding);
  const samplesPerFrame =
    parts[2] === undefined ? 1 : integer(parts[2], 'samples per frame', fail, { least: 1, most: word.most });
  const skew = parts[3] === undefined ? 0 : integer(parts[3], 'a skew in samples', fail, word);
  const byteOffset = parts[4] === undefined ? 0 : integer(parts[4], 'a byte offset', fail);

  let gain = 0;
  let baseline: number | undefined;
  let units = 'mV';
  if (scale !== undefined) {
    const scaled = /^([^(/]+)(?:\(([^)]*)\))?(?:\/(.+))?$/.exec(scale);
    if (scaled === null) return fail('syntax', 'a gain such as 200, 200(1024)/mV', scale);
    gain = decimal(scaled[1]!, 'a gain in ADC units per physical unit', fail);
    if (gain !== 0 && !(Math.abs(gain) >= 1e-100 && Math.abs(gain) <= 1e100)) {
      return fail('syntax', 'a gain between 1e-100 and 1e100', scale);
    }
    if (scaled[2] !== undefined) baseline = integer(scaled[2], 'a baseline', fail, word);
    units = scaled[3] ?? 'mV';
  }
  const bits =
    resolution === undefined ? 0 : integer(resolution, 'an ADC resolution in bits', fail, { least: 0 });
  const adcZero = zero === undefined ? 0 : integer(zero, 'an ADC zero', fail, word);
  return {
    line: line.number,
    fileName,
    format,
    samplesPerFrame,
    skew,
    byteOffset,
    adcGain: gain === 0 ? 200 : gain,
    calibrated: gain !== 0,
    baseline: baseline ?? adcZero,
    units,
    adcResolution: bits === 0 ? known.usualResolution : bits,
    adcZero,
    initialValue: initial === undefined ? adcZero : integer(initial, 'an initial value', fail, word),
    checksum: sum === undefined ? undefined : integer(sum, 'a checksum', fail),
    blockSize: block === undefined ? 0 : integer(block, 'a block size', fail),
    name: description || `record ${recordName}, signal ${index}`,
  };
}

/** Parses a segment line. */
export function parseSegmentLine(line: HeaderLine, file: string): SegmentHeader {
  const fail = failAt(line, file);
  const [name, length] = line.text.split(/\s+/);
  if (name !== '~') checkInside(name!, fail);
  return {
    line: line.number,
    name: name === '~' ? undefined : name!,
    length: integer(length ?? '', 'a segment length in samples', fail, { least: 0 }),
  };
}

type Fail = (code: WfdbErrorCode, expected: string, found: string) => never;

const failAt =
  (line: HeaderLine, file: string): Fail =>
  (code, expected, found) => {
    throw new WfdbError({ code, file, line: line.number, expected, found: quote(found) });
  };

/** Throws if a name from a header leads outside the header's folder. */
function checkInside(name: string, fail: Fail): void {
  if (/^\/|^[A-Za-z]:|\\|\0/.test(name) || name.split('/').includes('..')) {
    fail('outside', "a file in the record's folder", name);
  }
}

/** The range of 32-bit integers, and so of all ADC values. */
const word = { least: -(2 ** 31), most: 2 ** 31 - 1 };

function integer(
  text: string,
  what: string,
  fail: Fail,
  { least = -Number.MAX_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER } = {},
): number {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) return fail('syntax', `${what} (an integer)`, text);
  if (value < least || value > most) return fail('syntax', `${what} from ${least} to ${most}`, text);
  return value;
}

function decimal(text: string, what: string, fail: Fail): number {
  const value = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : fail('syntax', what, text);
}
