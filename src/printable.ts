/** Text from a file made safe to print: no character of it can steer a terminal or reorder what is read. */

/**
 * Control characters (C0, DEL, C1) but tab and newline, the bidirectional controls of Unicode TR 9, and the line and
 * paragraph separators: what a terminal or a reader could be misled by.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be found
const misleading = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * The text with each misleading character replaced by `?`.
 *
 * @example printable('lead \u001b[2J') // => 'lead ?[2J'
 */
export const printable = (text: string): string => text.replace(misleading, '?');

/**
 * JSON whose strings keep every character, the misleading ones as `\uXXXX` escapes.
 *
 * @example printableJson({ lead: 'I\u009b' }) // => '{"lead":"I\\u009b"}'
 */
export function printableJson(value: unknown, indent?: number): string {
  const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  // JSON.stringify has escaped C0 already: what is left of it is the newlines of the layout.
  return JSON.stringify(value, undefined, indent).replace(misleading, escape);
}
