/** Time-stamped annotation lists (TALs), of which the annotation signals of EDF+ and BDF+ files consist. */
import { decodeText, quote } from '../text.ts';
import type { Report } from '../warnings.ts';

/** A time-stamped annotation list: the annotations with one onset. */
export interface StampedList {
  /** Seconds after the start time in the header. */
  readonly onset: number;
  readonly duration: number | undefined;
  readonly texts: readonly string[];
}

const [plus, minus] = [0x2b, 0x2d];
const textMark = 0x14;
const durationMark = 0x15;

/**
 * The time-stamped lists in the annotation signal of one data record: `+onset[\x15duration]\x14text\x14…\0`, repeated,
 * then zeros. `firstByte` is the offset of `bytes` in the file. A malformed list is reported and skipped up to its
 * terminating zero. One whose onset lacks its sign is reported and kept.
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
    // A missing sign is unambiguous, but violates the grammar.
    if (list === undefined || (bytes[at] !== plus && bytes[at] !== minus)) {
      report({
        code: 'syntax',
        file,
        byte: firstByte + at,
        expected: 'a signed onset with texts that ends with a zero',
        found: quote(decodeText(bytesOfList)),
        count: end - at,
        what:
          list === undefined ? 'bytes of annotations skipped' : 'bytes of annotations read without a sign',
      });
    }
    at = end;
  }
  return lists;
}

/** Parses one list without its terminating zero; undefined if it is malformed. */
function parseList(bytes: Uint8Array): StampedList | undefined {
  const [stamp, ...texts] = split(bytes, textMark);
  if (texts.length === 0 || texts.pop()!.length > 0) return undefined;
  const [onset = '', duration = '', ...more] = split(stamp!, durationMark).map(decodeText);
  if (more.length > 0 || !/^[+-]?\d+(\.\d*)?$/.test(onset) || !/^(\d+(\.\d*)?)?$/.test(duration)) {
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
