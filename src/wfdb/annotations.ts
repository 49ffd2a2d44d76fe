/**
 * Annotation files (`.atr`, `.qrs`, …): what was found where, by whom. The MIT format of annot(5) of the WFDB
 * Applications Guide: 16-bit little-endian words, code in the upper six bits, in the lower ten the samples since the
 * annotation before. Words that follow an annotation modify it: SUB (61) its subtype, CHN (62) the channel and NUM (60)
 * the number of it and all later ones, AUX (63) its text. SKIP (59) moves the time by a 32-bit amount, high word first.
 */
import { WfdbError } from './errors.ts';
import type { Sink, Source } from './source.ts';
import { codeOf, symbolOf } from './symbols.ts';

/** One annotation. */
export interface Annotation {
  /** Sample index in the record (at the record's sampling frequency), from 0. */
  readonly sample: number;
  /** Mnemonic, e.g. `N`, `V`, `+`. */
  readonly symbol: string;
  readonly subtype: number;
  readonly channel: number;
  readonly num: number;
  /** Auxiliary text, e.g. `(AFIB`; empty when there is none. */
  readonly aux: string;
}

const skip = 59;
const num = 60;
const sub = 61;
const chn = 62;
const aux = 63;

/**
 * Reads the annotations in `name.annotator`, e.g. `mitdb/100.atr`, in time order. Throws `WfdbError` for a missing or
 * malformed file.
 *
 * @example
 * (await readAnnotations(source, 'mitdb/100', 'atr')).length; // => 2274
 */
export async function readAnnotations(
  source: Source,
  name: string,
  annotator: string,
): Promise<Annotation[]> {
  const file = `${name}.${annotator}`;
  return decodeAnnotations(await source.read(file), file);
}

/** Decodes the bytes of an MIT annotation file. `file` is its name, for errors. */
export function decodeAnnotations(bytes: Uint8Array, file: string): Annotation[] {
  const found: { -readonly [K in keyof Annotation]: Annotation[K] }[] = [];
  const word = (at: number): number => {
    if (at + 2 > bytes.length) return ended(file, bytes.length, 'the end mark (two bytes of 0)');
    return bytes[at]! | (bytes[at + 1]! << 8);
  };
  let sample = 0;
  let channel = 0;
  let number = 0;
  let isSorted = true;
  for (let at = 0; ; ) {
    const head = word(at);
    const code = head >> 10;
    const value = head & 0x3ff;
    if (head === 0) break;
    at += 2;
    if (code === skip) {
      sample += (word(at) << 16) | word(at + 2);
      at += 4;
      continue;
    }
    if (code < skip) {
      sample += value;
      if (sample < 0 || !Number.isSafeInteger(sample)) {
        throw new WfdbError({
          code: 'inconsistent',
          file,
          byte: at - 2,
          expected: 'an annotation at or after the start of the record',
          found: `sample ${sample}`,
        });
      }
      if (found.length > 0 && sample < found[found.length - 1]!.sample) isSorted = false;
      found.push({ sample, symbol: symbolOf(code), subtype: 0, channel, num: number, aux: '' });
      continue;
    }
    const last = found[found.length - 1];
    if (last === undefined) {
      throw new WfdbError({
        code: 'syntax',
        file,
        byte: at - 2,
        expected: 'an annotation before what modifies it',
        found: `code ${code}`,
      });
    }
    // Subtype and number are signed bytes, the channel an unsigned one.
    if (code === sub) last.subtype = (value << 24) >> 24;
    else if (code === num) last.num = number = (value << 24) >> 24;
    else if (code === chn) last.channel = channel = value & 0xff;
    else {
      const length = value & 0xff;
      if (at + length > bytes.length) ended(file, bytes.length, `${length} bytes of text`);
      last.aux = decodeAux(bytes.subarray(at, at + length));
      at += length + (length % 2);
    }
  }
  return isSorted ? found : found.sort((a, b) => a.sample - b.sample);
}

function ended(file: string, byte: number, expected: string): never {
  throw new WfdbError({ code: 'truncated', file, byte, expected, found: 'the end of the file' });
}

function decodeAux(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  let text = '';
  for (let i = 0; i < end; i++) {
    if (bytes[i]! >= 0x80) return decodeForeign(bytes.subarray(0, end));
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
 * Encodes annotations as an MIT annotation file, sorted by sample, then number, then channel. Throws `RangeError`
 * for a value the format cannot hold: a negative sample, an unknown symbol, a subtype or number outside −128…127, a
 * channel outside 0…255, a text of more than 255 bytes in UTF-8.
 */
export function encodeAnnotations(annotations: readonly Annotation[]): Uint8Array {
  const sorted = [...annotations].sort(
    (a, b) => a.sample - b.sample || a.num - b.num || a.channel - b.channel,
  );
  const bytes: number[] = [];
  const put = (code: number, value: number): void => {
    bytes.push(value & 0xff, (code << 2) | ((value >> 8) & 3));
  };
  let time = 0;
  let channel = 0;
  let number = 0;
  for (const annotation of sorted) {
    const code = codeOf(annotation.symbol);
    check(annotation.sample >= 0 && Number.isSafeInteger(annotation.sample), annotation, 'sample');
    check(code !== undefined, annotation, 'symbol');
    checkByte(annotation, 'subtype', -128, 127);
    checkByte(annotation, 'num', -128, 127);
    checkByte(annotation, 'channel', 0, 255);
    // A first word of 0 would be the end mark: code 0 always moves by 1.
    let delta = annotation.sample - time;
    const step = code === 0 ? 1 : delta <= 0x3ff ? delta : 0;
    for (delta -= step; delta !== 0; ) {
      const jump = Math.min(delta, 0x7fffffff);
      put(skip, 0);
      bytes.push((jump >> 16) & 0xff, (jump >> 24) & 0xff, jump & 0xff, (jump >> 8) & 0xff);
      delta -= jump;
    }
    put(code!, step);
    time = annotation.sample;
    if (annotation.subtype !== 0) put(sub, annotation.subtype);
    if (annotation.channel !== channel) put(chn, annotation.channel);
    if (annotation.num !== number) put(num, annotation.num);
    ({ channel, num: number } = annotation);
    if (annotation.aux !== '') {
      const text = new TextEncoder().encode(annotation.aux);
      check(text.length <= 255, annotation, 'aux');
      put(aux, text.length);
      for (const byte of text) bytes.push(byte);
      if (text.length % 2 === 1) bytes.push(0);
    }
  }
  put(0, 0);
  return Uint8Array.from(bytes);
}

/** Writes `name.annotator`. Throws as `encodeAnnotations` does. */
export async function writeAnnotations(
  sink: Sink,
  name: string,
  annotator: string,
  annotations: readonly Annotation[],
): Promise<void> {
  await sink.write(`${name}.${annotator}`, encodeAnnotations(annotations));
}

function checkByte(
  annotation: Annotation,
  field: 'subtype' | 'num' | 'channel',
  least: number,
  most: number,
) {
  const value = annotation[field];
  check(Number.isInteger(value) && value >= least && value <= most, annotation, field);
}

function check(isWritable: boolean, annotation: Annotation, field: keyof Annotation): void {
  if (!isWritable) {
    throw new RangeError(
      `the annotation at sample ${annotation.sample} cannot be written: its ${field} is ${JSON.stringify(annotation[field])}`,
    );
  }
}
