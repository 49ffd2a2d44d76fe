/**
 * Annotations of EDF+ files: lists of times and texts in a signal of their own (Kemp & Olivan 2003, §2.2.2). The first
 * entry of each data record has no text and says when the record starts.
 */
import type { Annotation } from '../annotations/annotation-file.ts';
import { WfdbError } from '../errors.ts';
import { decodeText, quote } from '../header.ts';
import type { Source } from '../source.ts';
import { type Report, strictly } from '../warnings.ts';
import { type EdfHeader, parseEdfHeader } from './header.ts';

/** One annotation of an EDF+ file. */
export interface EdfAnnotation {
  /** Seconds after the first sample; may be negative. */
  readonly onset: number;
  /** Seconds, where the file says it. */
  readonly duration: number | undefined;
  readonly text: string;
}

/** A time-stamped list: what happened at one onset. */
export interface StampedList {
  /** Seconds after the start time in the header. */
  readonly onset: number;
  readonly duration: number | undefined;
  readonly texts: readonly string[];
}

const textMark = 0x14;
const durationMark = 0x15;

/**
 * All annotations of an EDF+ file in the order of their onsets; none in a plain EDF file. Reads the whole file.
 * Throws `WfdbError` for a malformed file.
 *
 * @example
 * const events = await readEdfAnnotations(source, 'night.edf');
 * events[0]; // => { onset: 0, duration: 30, text: 'Sleep stage W' }
 */
export async function readEdfAnnotations(source: Source, file: string): Promise<EdfAnnotation[]> {
  const bytes = await source.read(file);
  const header = parseEdfHeader(bytes, file);
  const annotations: EdfAnnotation[] = [];
  let start: number | undefined;
  for (const { lists } of stampedRecords(bytes, header, file)) {
    start ??= lists[0]?.onset;
    for (const { onset, duration, texts } of lists) {
      for (const text of texts)
        if (text !== '') annotations.push({ onset: onset - (start ?? 0), duration, text });
    }
  }
  return annotations.sort((a, b) => a.onset - b.onset);
}

/**
 * The same as annotations of a record at `samplingFrequency` (Hz): comments (`"`) with the text as `aux`. Durations
 * have no place there. Throws `RangeError` for a sampling frequency that is not positive.
 */
export function edfToAnnotations(events: readonly EdfAnnotation[], samplingFrequency: number): Annotation[] {
  if (!(samplingFrequency > 0 && samplingFrequency < Infinity)) {
    throw new RangeError(`samplingFrequency must be a positive number of Hz, not ${samplingFrequency}`);
  }
  return events.map(({ onset, text }) => ({
    sample: Math.round(onset * samplingFrequency),
    symbol: '"',
    subtype: 0,
    channel: 0,
    num: 0,
    aux: text,
  }));
}

/** Start of each data record of an EDF+ file in s after the start time in the header. `bytes` is the whole file. */
export function recordStarts(bytes: Uint8Array, header: EdfHeader, file: string): number[] {
  return stampedRecords(bytes, header, file).map(({ lists, byte }) => {
    if (lists[0] === undefined)
      throw malformed(file, byte, 'the time at which the data record starts', 'none');
    return lists[0].onset;
  });
}

/** Data records that are there in full. Throws `WfdbError` when there are fewer than the header says. */
export function completeRecords(length: number, header: EdfHeader, file: string): number {
  const complete = Math.max(0, Math.floor((length - header.headerBytes) / header.recordBytes));
  if (header.records === undefined) return complete;
  if (complete < header.records) {
    throw new WfdbError({
      code: 'truncated',
      file,
      byte: length,
      expected: `${header.headerBytes + header.records * header.recordBytes} bytes`,
      found: `${length}`,
    });
  }
  return header.records;
}

function stampedRecords(
  bytes: Uint8Array,
  header: EdfHeader,
  file: string,
): { lists: StampedList[]; byte: number }[] {
  const count = completeRecords(bytes.length, header, file);
  const signals = header.signals.filter(signal => signal.isAnnotations);
  if (signals.length === 0) return [];
  return Array.from({ length: count }, (_, r) => {
    const first = header.headerBytes + r * header.recordBytes;
    const lists = signals.flatMap(({ byteOffset, samplesPerRecord }) => {
      const byte = first + byteOffset;
      return parseStampedLists(bytes.subarray(byte, byte + 2 * samplesPerRecord), byte, file, strictly);
    });
    return { lists, byte: first + signals[0]!.byteOffset };
  });
}

/**
 * The time-stamped lists in the annotation signal of one data record: `+onset[\x15duration]\x14text\x14…\0`, again and
 * again, then zeros. `firstByte` is where `bytes` stand in the file. A list that is none is reported and left out: the
 * next one begins behind its zero. Blanks instead of the last zeros are no list.
 */
export function parseStampedLists(
  bytes: Uint8Array,
  firstByte: number,
  file: string,
  report: Report,
): StampedList[] {
  const lists: StampedList[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] === 0) {
      at++;
      continue;
    }
    const zero = bytes.indexOf(0, at);
    const end = zero < 0 ? bytes.length : zero;
    const bytesOfList = bytes.subarray(at, end);
    const list = zero < 0 ? undefined : parseList(bytesOfList);
    if (list !== undefined) lists.push(list);
    else if (!bytesOfList.every(byte => byte === 0x20)) {
      report({
        code: 'syntax',
        file,
        byte: firstByte + at,
        expected: 'an onset with texts that ends with a zero',
        found: quote(decodeText(bytesOfList)),
        count: end - at,
        what: 'bytes of annotations left out',
      });
    }
    at = end;
  }
  return lists;
}

/** One list without its zero; undefined where it is none. */
function parseList(bytes: Uint8Array): StampedList | undefined {
  const [stamp, ...texts] = split(bytes, textMark);
  if (texts.length === 0 || texts.pop()!.length > 0) return undefined;
  const [onset = '', duration = '', ...more] = split(stamp!, durationMark).map(decodeText);
  if (more.length > 0 || !/^[+-]\d+(\.\d*)?$/.test(onset) || !/^(\d+(\.\d*)?)?$/.test(duration)) {
    return undefined;
  }
  return {
    onset: Number(onset),
    duration: duration === '' ? undefined : Number(duration),
    texts: texts.map(decodeText),
  };
}

function split(bytes: Uint8Array, separator: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(separator); end >= 0; end = bytes.indexOf(separator, start)) {
    parts.push(bytes.subarray(start, end));
    start = end + 1;
  }
  parts.push(bytes.subarray(start));
  return parts;
}

const malformed = (file: string, byte: number, expected: string, found: string): WfdbError =>
  new WfdbError({ code: 'syntax', file, byte, expected, found });
