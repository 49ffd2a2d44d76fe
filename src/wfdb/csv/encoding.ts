/**
 * Decodes the bytes of a table. The encoding is detected in this order: byte-order mark; zero bytes at every other
 * position (UTF-16 without a mark); valid UTF-8; consecutive two-byte characters that are common in Shift-JIS (CP932)
 * and meaningless in Windows-1252; otherwise Windows-1252. If only a heading is not ASCII the last three are hard to
 * distinguish, so the assumption is reported in a warning.
 */
import { InputError } from '../../input-error.ts';
import { decodeText } from '../text.ts';

export interface DecodedText {
  readonly text: string;
  /** The encoding that was assumed, if the bytes do not determine it. */
  readonly assumed?: string;
}

/**
 * Decodes the bytes of a table. `encoding` is a label of the Encoding Standard such as `gb18030`; a byte-order mark
 * takes precedence over it. Throws `InputError` for an unknown label.
 */
export function decodeTable(bytes: Uint8Array, encoding?: string): DecodedText {
  const marked = markedEncoding(bytes);
  if (marked !== undefined) return { text: new TextDecoder(marked).decode(bytes) };
  if (encoding !== undefined) return { text: decoderOf(encoding).decode(bytes) };
  const wide = unmarkedUtf16(bytes);
  if (wide !== undefined) {
    return { text: new TextDecoder(wide).decode(bytes), assumed: wide };
  }
  const firstHigh = bytes.findIndex(byte => byte >= 0x80);
  if (firstHigh < 0) return { text: decodeText(bytes) };
  const utf8 = decodeIf('utf-8', bytes);
  if (utf8 !== undefined) return { text: utf8 };
  const japanese = isShiftJis(bytes) ? decodeIf('shift_jis', bytes) : undefined;
  if (japanese !== undefined) return { text: japanese, assumed: 'Shift-JIS' };
  const text = new TextDecoder('windows-1252').decode(bytes);
  // A lone µ or degree sign needs no warning: no other encoding has them at these codes.
  const isPlain = bytes.every(byte => byte < 0x80 || byte === 0xb5 || byte === 0xb0);
  return isPlain ? { text } : { text, assumed: 'Windows-1252' };
}

function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch (error) {
    throw new InputError(`there is no encoding '${encoding}'`, { cause: error });
  }
}

function markedEncoding(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : undefined;
}

/** Number of leading bytes examined to detect UTF-16. */
const lookedAt = 4096;

function unmarkedUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const end = Math.min(bytes.length, lookedAt) & ~1;
  if (end < 4 || bytes.length % 2 === 1) return undefined;
  const zeros = [0, 0];
  for (let i = 0; i < end; i++) if (bytes[i] === 0) zeros[i & 1]!++;
  if (zeros[0] === 0 && zeros[1]! >= 0.7 * (end / 2)) return 'utf-16le';
  if (zeros[1] === 0 && zeros[0]! >= 0.7 * (end / 2)) return 'utf-16be';
  return undefined;
}

function decodeIf(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Lead bytes of kana and common kanji; in Windows-1252 these are quotes, dashes and rare letters. */
const isCommonLead = (byte: number): boolean => byte >= 0x81 && byte <= 0x9f;

/**
 * Whether two Japanese two-byte characters follow one another, and common ones outnumber those that would read as é or
 * ü.
 */
function isShiftJis(bytes: Uint8Array): boolean {
  let common = 0;
  let rare = 0;
  let inRow = 0;
  let longest = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    const isLead = isCommonLead(byte) || (byte >= 0xe0 && byte <= 0xfc);
    if (!isLead) {
      inRow = 0;
      continue;
    }
    if (isCommonLead(byte)) {
      common++;
      longest = Math.max(longest, ++inRow);
    } else {
      rare++;
      inRow = 0;
    }
    i++;
  }
  return longest >= 2 && common > rare;
}
