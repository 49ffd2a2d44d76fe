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
