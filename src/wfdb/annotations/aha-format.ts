/**
 * The annotation format of the American Heart Association database, after annot(5) of the WFDB Applications Guide:
 * records of 16 bytes, a zero byte, a letter, the time (32 bits, high word first), a serial number from 1 (16 bits),
 * the subtype, a byte not used here, and six bytes of text. A byte of 255 where a record would start ends the file.
 *
 * Deviation: the WFDB library reads the unused byte as a channel; here the channel is 0.
 */
import type { WfdbErrorCode } from '../errors.ts';
import type { Report } from '../warnings.ts';
import { type Annotation, decodeAux } from './mit-format.ts';

/** AHA letter → MIT mnemonic. `U`, unreadable, is noise of subtype −1. */
const mnemonics: ReadonlyMap<string, string> = new Map([
  ['N', 'N'],
  ['V', 'V'],
  ['F', 'F'],
  ['R', 'r'],
  ['E', 'E'],
  ['P', '/'],
  ['Q', 'Q'],
  ['O', '"'],
  ['U', '~'],
  ['[', '['],
  [']', ']'],
]);

const recordBytes = 16;
const endMark = 0xff;

/**
 * Whether a file starts like one in AHA format: a zero and a letter, and at the start of the second record another zero
 * or the end mark. The WFDB library checks only the first two bytes, which an MIT file can share (a first annotation
 * `T` at sample 512, for example).
 */
export function isAhaFormat(bytes: Uint8Array): boolean {
  return startsAsAha(bytes) && [0, endMark, undefined].includes(bytes[recordBytes]);
}

/** Whether the first two bytes are those of an AHA record, the test that the WFDB library applies. */
export function startsAsAha(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && /[NVFREPQOU]/.test(String.fromCharCode(bytes[1] ?? 0));
}

/**
 * Decodes the bytes of a file in AHA format. Reports, and then continues with the next record: a malformed record
 * (`syntax`), a negative time (`inconsistent`), a missing end mark (`truncated`).
 */
export function decodeAhaAnnotations(bytes: Uint8Array, file: string, report: Report): Annotation[] {
  const found: Annotation[] = [];
  for (let at = 0; ; at += recordBytes) {
    const lose = (code: WfdbErrorCode, expected: string, what: string): void =>
      report({ code, file, byte: at, expected, found: what, count: 1, what: 'annotations left out' });
    if (bytes[at] === endMark) return found;
    if (at + recordBytes > bytes.length) {
      report({
        code: 'truncated',
        file,
        byte: at,
        expected: 'an AHA record or a byte of 255',
        found: 'the end',
        count: Math.max(0, bytes.length - at),
        what: 'bytes at the end left out',
      });
      return found;
    }
    const letter = String.fromCharCode(bytes[at + 1]!);
    const symbol = mnemonics.get(letter);
    if (bytes[at] !== 0 || symbol === undefined) {
      lose('syntax', 'an AHA record', `bytes ${bytes[at]} ${bytes[at + 1]}`);
      continue;
    }
    const time = (bytes[at + 3]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 5]! << 8) | bytes[at + 4]!;
    if (time < 0) {
      lose('inconsistent', 'a time at or after the start of the record', `${time}`);
      continue;
    }
    const subtype = (bytes[at + 8]! << 24) >> 24;
    found.push({
      sample: time,
      symbol,
      subtype: letter === 'U' && subtype === 0 ? -1 : subtype,
      channel: 0,
      num: 0,
      aux: bytes[at + 10] === 0 ? '' : decodeAux(bytes, at + 10, at + recordBytes),
    });
  }
}
