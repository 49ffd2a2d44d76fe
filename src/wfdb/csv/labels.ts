/** Conversion of free-text beat labels to annotation symbols. */
import { codeOf } from '../annotations/symbols.ts';

/**
 * The symbol and auxiliary text of an annotation for a label: the label itself if it is an annotation symbol, `+` for a
 * rhythm such as `(AFIB`, otherwise a note (`"`) with the label as its text.
 *
 * @example
 * symbolFor('V'); // => { symbol: 'V', aux: '' }
 * symbolFor('lead off'); // => { symbol: '"', aux: 'lead off' }
 */
export function symbolFor(label: string): { symbol: string; aux: string } {
  if (label.length <= 4 && codeOf(label) !== undefined) return { symbol: label, aux: '' };
  return { symbol: label.startsWith('(') ? '+' : '"', aux: label };
}
