/** Transposes tables with one signal per line. */
import type { DecimalMark } from './number.ts';
import { isMissing, numberOf } from './number.ts';
import { type Delimiter, eachRow, type OnRow, syntax } from './split.ts';

interface Transposed {
  readonly delimiter: Delimiter;
  /** Calls `onRow` with each column, its number in place of the line number. */
  readonly eachRow: (onRow: OnRow) => void;
}

/**
 * The rows of the transposed table. The delimiter is the one that gives most numbers. Throws `WfdbError` if lines
 * differ in their number of cells.
 */
export function transposedRows(
  text: string,
  given: { readonly delimiter?: Delimiter | undefined; readonly decimal?: DecimalMark | undefined },
  file: string,
): Transposed {
  const read = (delimiter: Delimiter): string[][] => {
    const rows: string[][] = [];
    eachRow(text, { delimiter, quote: '"' }, file, cells => {
      if (cells.some(cell => cell.trim() !== '')) rows.push(cells);
      return true;
    });
    return rows;
  };
  const numbersIn = (rows: readonly string[][]): number =>
    rows.reduce((sum, cells) => sum + cells.filter(cell => isSample(cell.trim(), given.decimal)).length, 0);
  const candidates: readonly Delimiter[] = given.delimiter ? [given.delimiter] : ['\t', ';', '|', ',', ' '];
  let best = { delimiter: candidates[0]!, rows: read(candidates[0]!) };
  let most = numbersIn(best.rows);
  for (const delimiter of candidates.slice(1)) {
    const rows = read(delimiter);
    const numbers = numbersIn(rows);
    if (numbers > most) {
      most = numbers;
      best = { delimiter, rows };
    }
  }
  const { rows, delimiter } = best;
  let width = rows.reduce((widest, cells) => Math.max(widest, cells.length), 0);
  while (width > 0 && rows.every(cells => (cells[width - 1] ?? '').trim() === '')) width--;
  const short = rows.findIndex(cells => cells.length < width);
  if (short >= 0) throw syntax(file, short + 1, `${width} cells`, String(rows[short]!.length));
  return {
    delimiter,
    eachRow: onRow => {
      for (let i = 0; i < width; i++) {
        const column = rows.map(cells => cells[i]!);
        if (onRow(column, i + 1, 0) === false) return;
      }
    },
  };
}

const isSample = (cell: string, decimal: DecimalMark | undefined): boolean =>
  !isMissing(cell) &&
  (decimal === undefined
    ? numberOf(cell, '.') !== undefined || numberOf(cell, ',') !== undefined
    : numberOf(cell, decimal) !== undefined);
