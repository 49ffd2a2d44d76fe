/** Text of files: decoding it, recognising web pages, and quoting it in messages. */
import { printable } from '../printable.ts';

/** Whether text is an HTML page. */
export function isWebPage(text: string): boolean {
  return /^\s*<(!doctype html|html)\b/i.test(text.slice(0, 1000));
}

/** Decodes text as UTF-8 if valid, otherwise as Windows-1252, the encoding of older files with a µ or °. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return windows1252.decode(bytes);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const windows1252 = new TextDecoder('windows-1252');

/** Quotes text from a file in a message: truncated, and safe to print. */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return short === '' ? 'nothing' : `'${printable(short)}'`;
}

/** Quotes the start of a file in a message: text as `quote`, other bytes as the first eight in hexadecimal. */
export function quoteBytes(bytes: Uint8Array): string {
  const isForeign = isStartOfUtf8(bytes) ? isControl : (byte: number) => isControl(byte) || byte > 126;
  if (bytes.reduce((count, byte) => count + (isForeign(byte) ? 1 : 0), 0) <= bytes.length / 4) {
    return quote(decodeText(bytes));
  }
  const digits = Array.from(bytes.subarray(0, 8), byte => byte.toString(16).padStart(2, '0'));
  return `the bytes ${digits.join(' ')}${bytes.length > 8 ? ' …' : ''}`;
}

const isControl = (byte: number): boolean => byte < 32 && (byte < 9 || byte > 13);

/** Whether bytes are UTF-8; the last character may be incomplete. */
function isStartOfUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
