/** The annotation codes of the WFDB library (ecgcodes.h) and their mnemonics. */

/** Mnemonic by code, 0 to 41; the gaps are unassigned. */
// biome-ignore format: ten to a line, as the codes count
const mnemonics = [
  ' ', 'N', 'L', 'R', 'a', 'V', 'F', 'J', 'A', 'S',
  'E', 'j', '/', 'Q', '~', '[15]', '|', '[17]', 's', 'T',
  '*', 'D', '"', '=', 'p', 'B', '^', 't', '+', 'u',
  '?', '!', '[', ']', 'e', 'n', '@', 'x', 'f', '(',
  ')', 'r',
];

const codes = new Map(mnemonics.map((symbol, code) => [symbol, code]));
const beatSymbols = new Set('NLRaVFJASEj/QB?fnre'.split(''));

/** The mnemonic of an annotation code, 0 to 58; the number in brackets, e.g. `[42]`, for a code without one. */
export function symbolOf(code: number): string {
  return mnemonics[code] ?? `[${code}]`;
}

/** The code of a mnemonic; undefined if it has none. */
export function codeOf(symbol: string): number | undefined {
  const numbered = /^\[(\d+)\]$/.exec(symbol);
  const code = numbered === null ? codes.get(symbol) : Number(numbered[1]);
  return code !== undefined && code < 59 ? code : undefined;
}

/**
 * Whether a mnemonic marks a beat (a QRS complex). Follows `isqrs` of the WFDB library, except for the flutter wave
 * `!`, which the MIT-BIH directory does not count among its 109,494 beats.
 *
 * @example [isBeat('V'), isBeat('+')] // => [true, false]
 */
export function isBeat(symbol: string): boolean {
  return beatSymbols.has(symbol);
}
