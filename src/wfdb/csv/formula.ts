/**
 * Text cells that spreadsheets leave alone. A cell that begins with `=`, `+`, `-`, `@` or one of their full-width
 * forms is run as a formula, blanks, tabs and line ends before it notwithstanding; so is what stands behind a line end,
 * a tab or a semicolon when the spreadsheet takes those for ends of cells. A `'` before it makes it text. One that
 * stands there already gets another, so that `'=1` and `=1` stay apart.
 */

const partedAt = /[\n\r\t;\u0085\u2028\u2029]/;
const starters = new Set('=+-@＝＋－＠');

/** Where the quotes of a piece end, if a formula follows them; else -1. */
function quotesBeforeFormula(piece: string): number {
  let quotes = 0;
  while (piece[quotes] === "'") quotes++;
  let at = quotes;
  while (at < piece.length && isBlank(piece[at]!)) at++;
  return at < piece.length && starters.has(piece[at]!) ? quotes : -1;
}

/** Blanks of any kind, and characters without a width. */
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

/** Quotes before a tab or line end with which the text begins; -1 when it begins otherwise. */
function quotesBeforeBreak(text: string): number {
  let quotes = 0;
  while (text[quotes] === "'") quotes++;
  return /[\t\r\n]/.test(text[quotes] ?? '') ? quotes : -1;
}

/** Text with a `'` before whatever a spreadsheet would run, and before a tab or line end at its beginning. */
export function guarded(text: string): string {
  const pieces = mapPieces(text, piece => (quotesBeforeFormula(piece) < 0 ? piece : `'${piece}`));
  return quotesBeforeBreak(text) < 0 ? pieces : `'${pieces}`;
}

/** What `guarded` was given. */
export function unguarded(text: string): string {
  const whole = quotesBeforeBreak(text) > 0 ? text.slice(1) : text;
  return mapPieces(whole, piece => (quotesBeforeFormula(piece) > 0 ? piece.slice(1) : piece));
}
