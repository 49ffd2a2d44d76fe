/**
 * The numbers that cells hold, and what their commas and points prove. Work grows linearly with a cell's length.
 *
 * `0,5` can only be a decimal comma, `0.5` only a decimal point, `1,024.5` and `1,234,567` only commas between
 * thousands. `1,024` may be 1.024 or 1024: nothing in the cell tells.
 */

export type DecimalMark = '.' | ',';

/** What the marks in a cell prove; undefined for a cell without a comma or point, and one that is no number. */
export type MarkEvidence = 'comma' | 'point' | 'commaOrThousands' | 'pointOrThousands';

const missing = new Set(['', '-', '--', 'nan', 'na', 'n/a', '#n/a', 'null', 'none']);

/** A cell that stands for a sample that is not there: empty, `-`, `NaN`, `NA`, `N/A`, `null` or `None`. */
export const isMissing = (cell: string): boolean => cell.length <= 4 && missing.has(cell.toLowerCase());

interface Shape {
  /** Where the digits begin, after a sign. */
  readonly start: number;
  /** Where the exponent begins, or the end. */
  readonly end: number;
  readonly digits: number;
  readonly commas: number;
  readonly points: number;
  /** The places of the last comma and point, -1 where there is none. */
  readonly lastComma: number;
  readonly lastPoint: number;
  /** No-break blanks or apostrophes between digits. */
  readonly gaps: number;
}

/** Sign, digits with marks between, exponent; undefined for anything else. */
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

/** Whether `cell` from `start` to `end` is one to three digits, the first no 0, and then groups of a mark and three. */
function isGrouped(cell: string, start: number, end: number): boolean {
  const first = end - start - 4 * Math.floor((end - start - 1) / 4);
  if (first < 1 || first > 3 || cell.charCodeAt(start) === 48) return false;
  for (let at = start; at < end; at++) {
    const isDigit = cell.charCodeAt(at) >= 48 && cell.charCodeAt(at) <= 57;
    if (isDigit === ((at - start - first) % 4 === 0 && at >= start + first)) return false;
  }
  return true;
}

/** The number a cell holds, or undefined when it is not one finite decimal number. Thousands may be parted. */
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
    // A fraction of thousands that are parted too is none.
    if (fraction.length !== (marks === 0 ? 0 : shape.digits - whole.length)) return undefined;
    // `1,` is no decimal number; `1.` is, as programs print it.
    if (decimal === ',' && marks === 1 && fraction === '') return undefined;
    text = `${start === 1 && cell.charCodeAt(0) !== 43 ? '-' : ''}${whole || '0'}.${fraction || '0'}${cell.slice(end)}`;
  }
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** What the comma or point of a number proves about the decimal mark. */
export function markEvidence(cell: string): MarkEvidence | undefined {
  const shape = shapeOf(cell);
  if (shape === undefined || shape.commas + shape.points === 0) return undefined;
  const { start, end, commas, points } = shape;
  const asPoint = numberOf(cell, '.') !== undefined;
  const asComma = numberOf(cell, ',') !== undefined;
  if (asPoint !== asComma) return asPoint ? 'point' : 'comma';
  if (!asPoint) return undefined;
  // Both readings hold: `1,024` and `1.024`; thousands are never printed with an exponent.
  if (end < cell.length || !isGrouped(cell, start, end)) return commas > points ? 'comma' : 'point';
  return commas > 0 ? 'commaOrThousands' : 'pointOrThousands';
}

/** Decimal places of a printed number: 3 for `0.145` and for `1.45e-1`. */
export function decimalPlaces(cell: string, decimal: DecimalMark): number {
  const mark = cell.lastIndexOf(decimal);
  const e = cell.lastIndexOf('e');
  const exponent = e < 0 ? cell.lastIndexOf('E') : e;
  const end = exponent < 0 ? cell.length : exponent;
  const fraction = mark < 0 ? 0 : end - mark - 1;
  return Math.max(0, fraction - (exponent < 0 ? 0 : Number(cell.slice(exponent + 1))));
}
