/** Sanitises text from files and names for printing, so that it cannot control a terminal or reorder displayed text. */

/**
 * Control characters (C0, DEL, C1), lone surrogates, line and paragraph separators, and the bidirectional controls of
 * Unicode Standard Annex #9.
 */
const misleading = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Replaces each misleading character of a single-line text by `?`, so that it cannot move the cursor, change colours or
 * disguise a name.
 *
 * @example printable('a\u001b[31mb') // => 'a?[31mb'
 */
export const printable = (text: string): string => text.replace(misleading, '?');

/**
 * Like `printable`, for text of several lines: tabs and newlines are kept.
 *
 * @example printableLines('one\ntwo\r') // => 'one\ntwo?'
 */
export const printableLines = (text: string): string =>
  text.replace(misleading, character => (character === '\n' || character === '\t' ? character : '?'));

/**
 * Formats JSON with misleading characters escaped as `\uXXXX`, so that no character is lost.
 *
 * @example printableJson({ lead: 'I\u009b' }) // => '{"lead":"I\\u009b"}'
 */
export function printableJson(value: unknown, indent?: number): string {
  // JSON.stringify has already escaped C0 characters: the remaining newlines are formatting.
  return JSON.stringify(value, typedArraysAsArrays, indent).replace(misleading, character =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Replacer of `JSON.stringify`, which otherwise writes a typed array as an object with its indices as keys. */
const typedArraysAsArrays = (_key: string, value: unknown): unknown =>
  ArrayBuffer.isView(value) && !(value instanceof DataView)
    ? Array.from(value as unknown as ArrayLike<number>)
    : value;

/**
 * Removes user names and passwords from URLs in a text.
 *
 * @example
 * withoutCredentials('http://me:secret@host/db'); // => 'http://host/db'
 */
export function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/?#\s]*@/g, '//');
}
