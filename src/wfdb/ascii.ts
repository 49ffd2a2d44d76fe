/** Transliteration to ASCII, for headers read by software that drops other characters (`µV` would become `V`). */

/** Characters that Unicode decomposition does not reduce to ASCII. */
const replacements: ReadonlyMap<string, string> = new Map([
  ['\u03bc', 'u'], // Greek mu, and by decomposition the micro sign
  ['\u03a9', 'Ohm'], // Greek omega, and by decomposition the ohm sign
  ['\u00b0', 'deg'],
  ['\u2030', 'permille'],
  ['\u00df', 'ss'],
  ['\u00e6', 'ae'],
  ['\u00c6', 'AE'],
  ['\u0153', 'oe'],
  ['\u0152', 'OE'],
  ['\u00f8', 'o'],
  ['\u00d8', 'O'],
  ['\u0111', 'd'],
  ['\u0142', 'l'],
  ['\u0131', 'i'],
  ['\u00d7', 'x'],
  ['\u00b7', '.'],
  ['\u22c5', '.'],
  ['\u2044', '/'],
  ['\u2010', '-'],
  ['\u2011', '-'],
  ['\u2013', '-'],
  ['\u2014', '-'],
  ['\u2212', '-'],
  ['\u2018', "'"],
  ['\u2019', "'"],
  ['\u201c', '"'],
  ['\u201d', '"'],
]);

/**
 * Transliterates text to ASCII where possible: removes diacritics and spells out units. Characters without an ASCII
 * form (Greek, Cyrillic, Chinese, …) are kept.
 *
 * @example
 * toAscii('µV artérielle Ω'); // => 'uV arterielle Ohm'
 */
export function toAscii(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  return text
    .normalize('NFKD')
    .replace(/([A-Za-z])\p{M}+/gu, '$1')
    .replace(/[^ -~]/gu, character => replacements.get(character) ?? character)
    .normalize('NFC');
}
