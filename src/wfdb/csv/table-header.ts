/** The header of a table, above its data: names, units and other lines. */

import {
  bare,
  isSampleNumberName,
  isTimeName,
  looksLikeUnit,
  readHeading,
  voltUnit,
} from './column-heading.ts';
import { type HeadRow, isNumberOrClock, isRemark } from './first-rows.ts';
import { isMissing } from './number.ts';
import { isUnitKey, keyAndValue, type Preamble, readPreamble } from './preamble.ts';
import { type Delimiter, syntax } from './split.ts';

/** The header of a table. */
export interface Head {
  /** Column names without their units; absent if the first row is data. */
  readonly names?: readonly string[];
  /** Units of each column, from its name, a row of units or the lines above. */
  readonly units: readonly (string | undefined)[];
  /** Lines above the table, without the leading `#`. */
  readonly comments: readonly string[];
  readonly preamble: Preamble;
}

/** Extracts names, units and comments from the rows above the data. */
export function readHead(
  above: readonly HeadRow[],
  columns: number,
  hasRowNames: boolean,
  file: string,
  delimiter: Delimiter,
): Head {
  const rows = above
    .map(({ cells, line }) => {
      const isComment = isRemark(cells);
      const plain = isComment ? [cells[0]!.slice(1).trim(), ...cells.slice(1)] : [...cells];
      while (plain.length > columns && plain.at(-1) === '') plain.pop();
      // R leaves the column of row names unnamed.
      if (hasRowNames && plain.length === columns - 1 && plain.every(cell => cell !== '')) plain.unshift('');
      return { cells: plain, line, isComment };
    })
    .filter(({ cells }) => cells.some(cell => cell !== ''));
  // Several key–value lines followed by a blank line are not the names of two columns.
  const isApart = above.length > 0 && above.at(-1)!.cells.every(cell => cell === '');
  const isTitle = (row: (typeof rows)[number] | undefined): boolean =>
    row !== undefined &&
    row.cells.length === columns &&
    (columns > 1 || (!row.isComment && keyAndValue(row.cells[0]!) === undefined)) &&
    (isNumbering(row.cells) || !row.cells.some(isNumberOrClock)) &&
    !((rows.length > 2 || isUnitKey(row.cells[0]!)) && isKeyAndUnit(row.cells)) &&
    !(columns === 2 && rows.length > 2 && isApart);
  let titles = 0;
  const last = rows.at(-1);
  if (isTitle(last)) {
    const hasUnits = isTitle(rows.at(-2)) && isUnitRow(last!.cells, rows.at(-2)!.cells);
    titles = hasUnits ? 2 : 1;
  } else if (last !== undefined && !last.isComment && last.cells.length > 2) {
    throw syntax(file, last.line, `${columns} cells`, `${last.cells.length}: ${last.cells.join()}`);
  }
  const others = rows
    .slice(0, rows.length - titles)
    .filter(({ cells }) => !/^sep=.?$/.test(cells[0]!.slice(0, 6)));
  const comments = others.map(({ cells }) => cells.filter(Boolean).join(', '));
  const lines = others.map(({ cells }) => cells.filter(Boolean).join(delimiter === ' ' ? ' ' : ','));
  const preamble = readPreamble(lines);
  const named = titles === 0 ? [] : rows.at(-titles)!.cells.map(readHeading);
  const unitCells = titles === 2 ? last!.cells : [];
  const said = columns === 1 ? preamble.units : undefined;
  return {
    ...(titles > 0 && { names: named.map(({ name }) => name) }),
    units: Array.from({ length: columns }, (_, i) => {
      const cell = unitCells[i];
      return cell !== undefined && !isMissing(cell) ? bare(cell) : (named[i]?.units ?? said);
    }),
    comments,
    preamble,
  };
}

/** Whether a row such as `Unit,µV` states the unit of a single column. */
const isKeyAndUnit = ([key = '', value = '', ...more]: readonly string[]): boolean =>
  more.length === 0 &&
  voltUnit(value) !== undefined &&
  !looksLikeUnit(key) &&
  !isTimeName(key) &&
  !isSampleNumberName(key);

/** Whether these are the default column names of pandas, 0, 1, …, after an unnamed index. */
export const isNumbering = (cells: readonly string[]): boolean =>
  cells[0] === '' && cells.every((cell, i) => i === 0 || cell === `${i - 1}`);

/**
 * Whether the row below the names holds units: most cells look like units, or only the names identify the time column.
 */
function isUnitRow(cells: readonly string[], names: readonly string[]): boolean {
  const filled = cells.filter(cell => !isMissing(cell));
  if (filled.length > 0 && 2 * filled.filter(looksLikeUnit).length >= filled.length) return true;
  const saysTime = (cell: string): boolean => isTimeName(cell) || isSampleNumberName(cell);
  return names.some(saysTime) && !cells.some(saysTime);
}
