/** Rows of cells as a table, CSV or Parquet, and as one line. */
import Papa from 'papaparse';
import type { Cell } from '../analysis/batch/columns.ts';
import type { BeatTableFormat } from '../node/beat-table.ts';

/** The cells of a row by column name. */
export type Row = Readonly<Record<string, Cell>>;

/** The format of a table whose parts are rows. */
export const rowTable: BeatTableFormat<readonly Row[]> = {
  rows: rows => rows,
  csv: (rows, header) => (rows.length === 0 ? '' : `${csv(rows, header)}\n`),
};

/** One row as a header and a line of CSV. */
export const summaryCsv = (row: Row): string => csv([row], true);

const csv = (rows: readonly Row[], header: boolean): string =>
  Papa.unparse(rows as Row[], { newline: '\n', header, escapeFormulae: true });
