/** Columns of a table of beats: what each is called and holds, and its values in typed arrays. */

/**
 * How a column's values are kept. What could not be measured is NaN in `float` and `double`, `noInteger` in `integer`, 2
 * in `boolean`, and code −1 in `text`; in Parquet each is null.
 */
export type ColumnKind = 'float' | 'double' | 'integer' | 'boolean' | 'text';

export interface Column {
  /** With the unit at its end where it has one: `upstroke_slope_mV_per_s`. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** `mV/s`; empty for a pure number or a text. */
  readonly unit: string;
  /** What it is, in a few words. */
  readonly says: string;
}

/** Texts by their place in a list. */
export interface TextValues {
  readonly words: readonly string[];
  readonly codes: Int32Array;
}

export type ColumnValues = Float32Array | Float64Array | Int32Array | Uint8Array | TextValues;

/** One row a beat; the values of each column, in the order of the columns. */
export interface Block {
  readonly rows: number;
  readonly values: readonly ColumnValues[];
}

export const noInteger = -(2 ** 31);

/** One value as it is read off a beat; undefined for none. */
export type Cell = number | boolean | string | undefined;

/** A column and how its value is read off a `T`. */
export interface ReadColumn<T> extends Column {
  readonly of: (item: T) => Cell;
}

/** The values of columns that are read off items one by one. */
export function columnsOf<T>(columns: readonly ReadColumn<T>[], items: readonly T[]): ColumnValues[] {
  return columns.map(({ kind, of }) => valuesOf(kind, items.length, k => of(items[k]!)));
}

/** `rows` values of a column. */
export function valuesOf(kind: ColumnKind, rows: number, cell: (row: number) => Cell): ColumnValues {
  switch (kind) {
    case 'float':
    case 'double': {
      const values = kind === 'float' ? new Float32Array(rows) : new Float64Array(rows);
      for (let row = 0; row < rows; row++) values[row] = (cell(row) as number | undefined) ?? Number.NaN;
      return values;
    }
    case 'integer': {
      const values = new Int32Array(rows);
      for (let row = 0; row < rows; row++) values[row] = (cell(row) as number | undefined) ?? noInteger;
      return values;
    }
    case 'boolean': {
      const values = new Uint8Array(rows);
      for (let row = 0; row < rows; row++) {
        const value = cell(row);
        values[row] = value === undefined ? 2 : value ? 1 : 0;
      }
      return values;
    }
    case 'text':
      return textValues(rows, cell as (row: number) => string | undefined);
  }
}

function textValues(rows: number, cell: (row: number) => string | undefined): TextValues {
  const places = new Map<string, number>();
  const codes = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const word = cell(row);
    if (word === undefined) {
      codes[row] = -1;
      continue;
    }
    const place = places.get(word) ?? places.size;
    places.set(word, place);
    codes[row] = place;
  }
  return { words: [...places.keys()], codes };
}

/** Rows `[from, to)` of a column. Views, not copies. */
export function sliceValues(values: ColumnValues, from: number, to: number): ColumnValues {
  return 'codes' in values
    ? { words: values.words, codes: values.codes.subarray(from, to) }
    : values.subarray(from, to);
}

/** How many values a column has. */
export const countOf = (values: ColumnValues): number =>
  'codes' in values ? values.codes.length : values.length;
