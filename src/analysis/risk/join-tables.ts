/** Joins columns measured elsewhere, such as from an ECG, to a table of patients by a patient identifier. */
import { WfdbError } from '../../wfdb/errors.ts';
import { type ClinicalTable, columnOf } from './clinical-table.ts';

/** The joined table, and the number of its rows without a match, whose added values are missing. */
export interface JoinedTable {
  readonly table: ClinicalTable;
  readonly unmatched: number;
}

/**
 * Adds the columns of `other` to the rows of `table` with the same text in column `id`. Throws `WfdbError` if a
 * patient in `other` is duplicated or has no identifier, a column name occurs in both tables, or they have no patient
 * in common.
 */
export function joinTables(table: ClinicalTable, other: ClinicalTable, id: string): JoinedTable {
  const key = columnOf(table, id);
  const otherKey = columnOf(other, id);
  const rowOf = new Map<string, number>();
  otherKey.cells.forEach((cell, row) => {
    const line = other.lines[row]!;
    const refuse = (expected: string, found: string): WfdbError =>
      new WfdbError({ code: 'inconsistent', file: other.file, line, expected, found });
    if (cell === '') throw refuse(`a patient in column ${otherKey.name}`, 'nothing');
    if (rowOf.has(cell)) throw refuse('one row a patient', `'${cell}' again: summarise its rows first`);
    rowOf.set(cell, row);
  });
  const added = other.columns.filter(column => column !== otherKey);
  const twice = added.find(({ name }) => table.columns.some(column => column.name === name));
  if (twice) {
    throw new WfdbError({
      ...{ code: 'inconsistent', file: other.file, line: 1 },
      expected: `columns that ${table.file} does not have`,
      found: twice.name,
    });
  }
  const rows = key.cells.map(cell => rowOf.get(cell));
  const unmatched = rows.filter(row => row === undefined).length;
  if (unmatched === rows.length) {
    throw new WfdbError({
      ...{ code: 'inconsistent', file: other.file },
      expected: `patients of ${table.file} in column ${otherKey.name}`,
      found: `none, but ${otherKey.cells.slice(0, 3).join(', ')}`,
    });
  }
  return {
    unmatched,
    table: {
      ...table,
      columns: [
        ...table.columns,
        ...added.map(column => ({
          ...column,
          cells: rows.map(row => (row === undefined ? '' : column.cells[row]!)),
          values: Float64Array.from(rows, row => (row === undefined ? Number.NaN : column.values[row]!)),
        })),
      ],
    },
  };
}
