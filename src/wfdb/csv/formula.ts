/**
 * Protection against CSV formula injection. Spreadsheets evaluate a cell that starts with `=`, `+`, `-`, `@` or one of
 * their full-width forms as a formula, even after leading white space, and also text after a line end, tab or semicolon
 * if they treat these as cell boundaries. A leading `'` makes it text; an existing one is doubled, so that `'=1` and
 * `=1` remain distinct.
 */

const partedAt = /[\n\r\t;\u0085\u2028\u2029]/;
const starters = new Set('=+-@＝＋－＠');

/** Index after the leading quotes of a part, if a formula follows them; otherwise -1. */
function quotesBeforeFormula(piece: string): number {
  let quotes = 0;
  while (piece[quotes] === "'") quotes++;
  let at = quotes;
  while (at < piece.length && isBlank(piece[at]!)) at++;
  return at < piece.length && starters.has(piece[at]!) ? quotes : -1;
}

/** White space and zero-width characters. */
const isBlank = (letter: string): boolean => /[\s\p{Cf}\p{Cc}]/u.test(letter);

function mapPieces(text: string, change: (piece: string) => string): string {
  let changed = '';
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && !partedAt.test(text[at]!)) continue;
    changed += change(text.slice(start, at)) + (text[at] ?? '');
    start = at + 1;
  }
  return changed;
}

/** Number of quotes before a leading tab or line end; -1 if there is none. */
function quotesBeforeBreak(text: string): number {
  let quotes = 0;
  while (text[quotes] === "'") quotes++;
  return /[\t\r\n]/.test(text[quotes] ?? '') ? quotes : -1;
}

/** Escapes text with a `'` before each formula, and before a leading tab or line end. */
export function guarded(text: string): string {
  const pieces = mapPieces(text, piece => (quotesBeforeFormula(piece) < 0 ? piece : `'${piece}`));
  return quotesBeforeBreak(text) < 0 ? pieces : `'${pieces}`;
}

/** The inverse of `guarded`. */
export function unguarded(text: string): string {
  const whole = quotesBeforeBreak(text) > 0 ? text.slice(1) : text;
  return mapPieces(whole, piece => (quotesBeforeFormula(piece) > 0 ? piece.slice(1) : piece));
}
