/**
 * The MIT annotation format, after annot(5) of the WFDB Applications Guide: 16-bit little-endian words, a code in the
 * upper six bits, in the lower ten the time since the annotation before. Words that follow an annotation modify it: SUB
 * (61) its subtype, CHN (62) the channel and NUM (60) the number of it and all later ones, AUX (63) its text. SKIP (59)
 * moves the time by a signed 32-bit amount, high word first. A word of 0 ends the file.
 *
 * Subtype and number are signed bytes, the channel and the length of a text unsigned ones; the upper two of the ten
 * bits are ignored, as in the WFDB library.
 */
import { InputError } from '../../input-error.ts';
import type { Report } from '../warnings.ts';

/** One annotation. */
export interface Annotation {
  /** Sample index in the record (at the record's sampling frequency), from 0. */
  readonly sample: number;
  /** Mnemonic, e.g. `N`, `V`, `+`. */
  readonly symbol: string;
  readonly subtype: number;
  readonly channel: number;
  readonly num: number;
  /** Auxiliary text, e.g. `(AFIB`; empty if there is none. */
  readonly aux: string;
}

const skip = 59;
const num = 60;
const sub = 61;
const chn = 62;
const aux = 63;
const longestJump = 2 ** 31 - 1;

/**
 * Decodes the bytes of a file in MIT format, in file order; `sample` holds the time as stored. `symbols` are the
 * mnemonics of codes 0 to 58. Reports, and then continues after: a missing end mark (`truncated`; the last annotation
 * is then dropped, since its modifiers may be missing), a time before the record's start or beyond 2⁵³
 * (`inconsistent`), a modifier that follows no annotation (`syntax`).
 */
export function decodeMitAnnotations(
  bytes: Uint8Array,
  file: string,
  symbols: readonly string[],
  report: Report,
): Annotation[] {
  const found: Annotation[] = [];
  const end = bytes.length - 1;
  let last: { -readonly [Field in keyof Annotation]: Annotation[Field] } | undefined;
  let lastByte = 0;
  let isKept = false;
  let time = 0;
  let channel = 0;
  let number = 0;
  let at = 0;
  for (; at < end; ) {
    const low = bytes[at]!;
    const high = bytes[at + 1]!;
    const code = high >> 2;
    at += 2;
    if (code < skip) {
      if (low === 0 && high === 0) return found;
      time += ((high & 3) << 8) | low;
      last = { sample: time, symbol: symbols[code]!, subtype: 0, channel, num: number, aux: '' };
      lastByte = at - 2;
      isKept = time >= 0 && time <= Number.MAX_SAFE_INTEGER;
      if (isKept) found.push(last);
      else reportTime(file, lastByte, time, report);
    } else if (code === skip) {
      if (at + 4 > bytes.length) break;
      time += (bytes[at + 1]! << 24) | (bytes[at]! << 16) | (bytes[at + 3]! << 8) | bytes[at + 2]!;
      at += 4;
    } else if (code === aux && at + low > bytes.length) break;
    else if (last === undefined) {
      report({
        code: 'syntax',
        file,
        byte: at - 2,
        expected: 'an annotation before its modifiers',
        found: `code ${code}`,
        count: 1,
        what: 'modifiers skipped',
      });
      if (code === aux) at += low + (low & 1);
    } else if (code === sub) last.subtype = (low << 24) >> 24;
    else if (code === chn) last.channel = channel = low;
    else if (code === num) last.num = number = (low << 24) >> 24;
    else {
      last.aux = decodeAux(bytes, at, at + low);
      at += low + (low & 1);
    }
  }
  if (isKept) found.pop();
  report({
    code: 'truncated',
    file,
    byte: bytes.length,
    expected: 'the end mark (two bytes of 0)',
    found: 'the end of the file',
    count: bytes.length - lastByte,
    what: 'bytes skipped at the end, possibly part of an annotation',
  });
  return found;
}

function reportTime(file: string, byte: number, time: number, report: Report): void {
  report({
    code: 'inconsistent',
    file,
    byte,
    expected: 'an annotation at or after the start of the record, at a sample number below 2⁵³',
    found: `time ${time}`,
    count: 1,
    what: 'annotations left out',
  });
}

/** Decodes text without its trailing zeros: as UTF-8 if valid, otherwise as Windows-1252. */
export function decodeAux(bytes: Uint8Array, from: number, to: number): string {
  let end = to;
  while (end > from && bytes[end - 1] === 0) end--;
  let text = '';
  for (let i = from; i < end; i++) {
    if (bytes[i]! >= 0x80) return decodeForeign(bytes.subarray(from, end));
    text += String.fromCharCode(bytes[i]!);
  }
  return text;
}

function decodeForeign(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/**
 * Encodes annotations in the order given, which need not be sorted by time; `codes` are those of their mnemonics.
 * Throws `RangeError` for a value the format cannot hold: a negative sample, a subtype or number outside −128…127, a
 * channel outside 0…255, a text of more than 255 bytes in UTF-8 or one that ends in a zero.
 */
export function encodeMitAnnotations(
  annotations: readonly Annotation[],
  codes: readonly number[],
): Uint8Array {
  const bytes: number[] = [];
  const put = (code: number, value: number): void => {
    bytes.push(value & 0xff, (code << 2) | ((value >> 8) & 3));
  };
  let time = 0;
  let channel = 0;
  let number = 0;
  for (const [i, annotation] of annotations.entries()) {
    const code = codes[i]!;
    check(annotation, 'sample', 0, Number.MAX_SAFE_INTEGER);
    check(annotation, 'subtype', -128, 127);
    check(annotation, 'num', -128, 127);
    check(annotation, 'channel', 0, 255);
    let delta = annotation.sample - time;
    // A code of 0 with no step would be the end mark.
    const step = code === 0 ? 1 : delta >= 0 && delta <= 0x3ff ? delta : 0;
    for (delta -= step; delta !== 0; ) {
      const jump = Math.max(-longestJump, Math.min(longestJump, delta));
      put(skip, 0);
      bytes.push((jump >> 16) & 0xff, (jump >> 24) & 0xff, jump & 0xff, (jump >> 8) & 0xff);
      delta -= jump;
    }
    put(code, step);
    if (annotation.subtype !== 0) put(sub, annotation.subtype);
    if (annotation.channel !== channel) put(chn, annotation.channel);
    if (annotation.num !== number) put(num, annotation.num);
    if (annotation.aux !== '') putAux(bytes, put, annotation);
    ({ sample: time, channel, num: number } = annotation);
  }
  put(0, 0);
  return Uint8Array.from(bytes);
}

function putAux(bytes: number[], put: (code: number, value: number) => void, annotation: Annotation) {
  const text = new TextEncoder().encode(annotation.aux);
  if (text.length > 255 || annotation.aux.endsWith('\0')) {
    throw new InputError(
      `the annotation at sample ${annotation.sample} cannot be written: its text has ${text.length} bytes of at most 255, or ends in a zero`,
    );
  }
  put(aux, text.length);
  for (const byte of text) bytes.push(byte);
  if (text.length % 2 === 1) bytes.push(0);
}

function check(
  annotation: Annotation,
  field: 'sample' | 'subtype' | 'num' | 'channel',
  least: number,
  most: number,
): void {
  const value = annotation[field];
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new InputError(
      `the annotation at sample ${annotation.sample} cannot be written: its ${field} is ${value}, not ${least} to ${most}`,
    );
  }
}
