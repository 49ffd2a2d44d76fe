/** Text from a file or a name made safe to print: no character of it can steer a terminal or reorder what is read. */

/**
 * Control characters (C0, DEL, C1), lone surrogates, line and paragraph separators, and the bidirectional controls of
 * Unicode Standard Annex #9.
 */
const misleading = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * One line of text, each misleading character replaced by `?`. So no file moves the cursor of a terminal, colours it, or
 * shows a name as another.
 *
 * @example printable('a\u001b[31mb') // => 'a?[31mb'
 */
export const printable = (text: string): string => text.replace(misleading, '?');

/**
 * The same for text of several lines: tabs and newlines stay.
 *
 * @example printableLines('one\ntwo\r') // => 'one\ntwo?'
 */
export const printableLines = (text: string): string =>
  text.replace(misleading, character => (character === '\n' || character === '\t' ? character : '?'));

/**
 * JSON whose strings keep every character, the misleading ones as `\uXXXX` escapes.
 *
 * @example printableJson({ lead: 'I\u009b' }) // => '{"lead":"I\\u009b"}'
 */
export function printableJson(value: unknown, indent?: number): string {
  // JSON.stringify has escaped C0 already: what is left of it is the newlines of the layout.
  return JSON.stringify(value, undefined, indent).replace(misleading, character =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Text without the user name and password of any URL in it.
 *
 * @example
 * withoutCredentials('http://me:secret@host/db'); // => 'http://host/db'
 */
export function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/?#\s]*@/g, '//');
}
