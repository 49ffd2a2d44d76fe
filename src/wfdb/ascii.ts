/** Text for headers that other software reads as ASCII, and drops what is none: `µV` would become `V`. */

/** What has no letter under it that stays when marks are taken away. */
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
 * Text in ASCII as far as it has such a form: letters without their marks, units by their names. What has none (Greek,
 * Cyrillic, Chinese, …) stays as it is.
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
