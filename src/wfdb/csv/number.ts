/**
 * Parses numbers in cells, and evaluates their commas and points as evidence for the decimal mark. Runs in linear time.
 *
 * `0,5` must have a decimal comma and `0.5` a decimal point; `1,024.5` and `1,234,567` must have commas as thousands
 * separators. `1,024` is ambiguous: 1.024 or 1024.
 */

export type DecimalMark = '.' | ',';

/** What the comma or point in a cell implies; undefined for a cell without either, or one that is not a number. */
export type MarkEvidence = 'comma' | 'point' | 'commaOrThousands' | 'pointOrThousands';

const missing = new Set(['', '-', '--', 'nan', 'na', 'n/a', '#n/a', 'null', 'none']);

/** Whether a cell denotes a missing value: empty, `-`, `NaN`, `NA`, `N/A`, `null` or `None`. */
export const isMissing = (cell: string): boolean => cell.length <= 4 && missing.has(cell.toLowerCase());

interface Shape {
  /** Index of the first digit, after a sign. */
  readonly start: number;
  /** Index of the exponent, or the end of the cell. */
  readonly end: number;
  readonly digits: number;
  readonly commas: number;
  readonly points: number;
  /** Index of the last comma and point, -1 if there is none. */
  readonly lastComma: number;
  readonly lastPoint: number;
  /** Number of no-break spaces or apostrophes between digits. */
  readonly gaps: number;
}

/** Scans sign, digits with separators, and exponent; undefined for anything else. */
function shapeOf(cell: string): Shape | undefined {
  let at = 0;
  const sign = cell.charCodeAt(0);
  if (sign === 43 || sign === 45 || sign === 0x2212) at = 1;
  const start = at;
  let digits = 0;
  let commas = 0;
  let points = 0;
  let gaps = 0;
  let lastComma = -1;
  let lastPoint = -1;
  for (; at < cell.length; at++) {
    const code = cell.charCodeAt(at);
    if (code >= 48 && code <= 57) digits++;
    else if (code === 44) {
      commas++;
      lastComma = at;
    } else if (code === 46) {
      points++;
      lastPoint = at;
    } else if (code === 39 || code === 0xa0 || code === 0x202f || code === 0x2019) gaps++;
    else break;
  }
  if (digits === 0) return undefined;
  const end = at;
  if (at < cell.length) {
    if ((cell.charCodeAt(at) | 32) !== 101) return undefined;
    const exponentSign = cell.charCodeAt(at + 1);
    at += exponentSign === 43 || exponentSign === 45 ? 2 : 1;
    if (at >= cell.length) return undefined;
    for (; at < cell.length; at++)
      if (!(cell.charCodeAt(at) >= 48 && cell.charCodeAt(at) <= 57)) return undefined;
  }
  return { start, end, digits, commas, points, lastComma, lastPoint, gaps };
}

/**
 * Whether `cell` from `start` to `end` is one to three digits without a leading 0, followed by groups of a separator
 * and three digits.
 */
function isGrouped(cell: string, start: number, end: number): boolean {
  const first = end - start - 4 * Math.floor((end - start - 1) / 4);
  if (first < 1 || first > 3 || cell.charCodeAt(start) === 48) return false;
  for (let at = start; at < end; at++) {
    const isDigit = cell.charCodeAt(at) >= 48 && cell.charCodeAt(at) <= 57;
    if (isDigit === ((at - start - first) % 4 === 0 && at >= start + first)) return false;
  }
  return true;
}

/** Parses a finite decimal number, with or without thousands separators; undefined for anything else. */
export function numberOf(cell: string, decimal: DecimalMark): number | undefined {
  const shape = shapeOf(cell);
  if (shape === undefined) return undefined;
  const { start, end, commas, points, lastComma, lastPoint, gaps } = shape;
  const isPlain = gaps === 0 && cell.charCodeAt(0) !== 0x2212;
  let text = cell;
  if (decimal === '.' ? commas > 0 || !isPlain || points > 1 : points > 0 || !isPlain || commas > 0) {
    const [marks, last] = decimal === '.' ? [points, lastPoint] : [commas, lastComma];
    const others = decimal === '.' ? commas : points;
    if (marks > 1 || (others > 0 && gaps > 0)) return undefined;
    const wholeEnd = marks === 0 ? end : last;
    if ((others > 0 || gaps > 0) && !isGrouped(cell, start, wholeEnd)) return undefined;
    const fraction = marks === 0 ? '' : cell.slice(last + 1, end);
    let whole = '';
    for (let at = start; at < wholeEnd; at++) {
      const code = cell.charCodeAt(at);
      if (code >= 48 && code <= 57) whole += cell[at];
    }
    // A fraction must not contain thousands separators.
    if (fraction.length !== (marks === 0 ? 0 : shape.digits - whole.length)) return undefined;
    // `1,` is not a number; `1.` is, as some programs print it.
    if (decimal === ',' && marks === 1 && fraction === '') return undefined;
    text = `${start === 1 && cell.charCodeAt(0) !== 43 ? '-' : ''}${whole || '0'}.${fraction || '0'}${cell.slice(end)}`;
  }
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** What the comma or point of a number implies about the decimal mark. */
export function markEvidence(cell: string): MarkEvidence | undefined {
  const shape = shapeOf(cell);
  if (shape === undefined || shape.commas + shape.points === 0) return undefined;
  const { start, end, commas, points } = shape;
  const asPoint = numberOf(cell, '.') !== undefined;
  const asComma = numberOf(cell, ',') !== undefined;
  if (asPoint !== asComma) return asPoint ? 'point' : 'comma';
  if (!asPoint) return undefined;
  // Both readings are valid: `1,024` and `1.024`; thousands separators are never combined with an exponent.
  if (end < cell.length || !isGrouped(cell, start, end)) return commas > points ? 'comma' : 'point';
  return commas > 0 ? 'commaOrThousands' : 'pointOrThousands';
}

/** Number of decimal places of a printed number: 3 for `0.145` and for `1.45e-1`. */
export function decimalPlaces(cell: string, decimal: DecimalMark): number {
  const mark = cell.lastIndexOf(decimal);
  const e = cell.lastIndexOf('e');
  const exponent = e < 0 ? cell.lastIndexOf('E') : e;
  const end = exponent < 0 ? cell.length : exponent;
  const fraction = mark < 0 ? 0 : end - mark - 1;
  return Math.max(0, fraction - (exponent < 0 ? 0 : Number(cell.slice(exponent + 1))));
}
