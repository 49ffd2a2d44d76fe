/** Columns of a table of beats: their names, types and units, and their values in typed arrays. */
import { InputError } from '../../input-error.ts';

/**
 * Type of the values of a column: `integer` has 32 bits; `long`, for positions in a record, has 64, of which 53 are used.
 * Missing values are NaN in `float`, `double` and `long`, `noInteger` in `integer`, 2 in `boolean`, and code −1 in `text`;
 * in Parquet they are null.
 */
export type ColumnKind = 'float' | 'double' | 'integer' | 'long' | 'boolean' | 'text';

export interface Column {
  /** Name, which ends in the unit if there is one: `upstroke_slope_mV_per_s`. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** Unit such as `mV/s`; empty for dimensionless numbers and text. */
  readonly unit: string;
  /** Short description. */
  readonly says: string;
  /** True if every row has a value. */
  readonly required?: boolean;
}

/** Text values as indices into a list of distinct texts; −1 is missing. */
export interface TextValues {
  readonly words: readonly string[];
  readonly codes: Int32Array;
}

export type ColumnValues = Float32Array | Float64Array | Int32Array | Uint8Array | TextValues;

/** Rows of a table, one per beat, stored as one array per column in the order of the columns. */
export interface Block {
  readonly rows: number;
  readonly values: readonly ColumnValues[];
}

export const noInteger = -(2 ** 31);

/** One cell; undefined if missing. */
export type Cell = number | boolean | string | undefined;

/** A column whose cells are computed from items of type `T`. */
export interface ReadColumn<T> extends Column {
  readonly of: (item: T) => Cell;
}

/** Computes the values of columns from a list of items, one row per item. */
export function columnsOf<T>(columns: readonly ReadColumn<T>[], items: readonly T[]): ColumnValues[] {
  return columns.map(({ kind, of }) => valuesOfItems(kind, items, of));
}

/** Builds the values of a column with `rows` rows. Throws `InputError` for an `integer` that needs more than 32 bits. */
export const valuesOf = (kind: ColumnKind, rows: number, cell: (row: number) => Cell): ColumnValues =>
  valuesOfItems(
    kind,
    Int32Array.from({ length: rows }, (_, row) => row),
    cell,
  );

/** As `valuesOf`, with one row per item. A `cell` that is made once is compiled once, whatever the number of leads. */
function valuesOfItems<T>(kind: ColumnKind, items: ArrayLike<T>, cell: (item: T) => Cell): ColumnValues {
  const rows = items.length;
  switch (kind) {
    case 'float':
    case 'double':
    case 'long': {
      const values = kind === 'float' ? new Float32Array(rows) : new Float64Array(rows);
      for (let row = 0; row < rows; row++)
        values[row] = (cell(items[row]!) as number | undefined) ?? Number.NaN;
      return values;
    }
    case 'integer': {
      const values = new Int32Array(rows);
      for (let row = 0; row < rows; row++) {
        const value = (cell(items[row]!) as number | undefined) ?? noInteger;
        values[row] = value;
        if (values[row] !== value) throw new InputError(`${value} is not an integer of 32 bits`);
      }
      return values;
    }
    case 'boolean': {
      const values = new Uint8Array(rows);
      for (let row = 0; row < rows; row++) {
        const value = cell(items[row]!);
        values[row] = value === undefined ? 2 : value ? 1 : 0;
      }
      return values;
    }
    case 'text':
      return textValues(items, cell as (item: T) => string | undefined);
  }
}

function textValues<T>(items: ArrayLike<T>, cell: (item: T) => string | undefined): TextValues {
  const rows = items.length;
  const places = new Map<string, number>();
  const codes = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const word = cell(items[row]!);
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

/** Rows `[from, to)` of a column, as views without copying. */
export function sliceValues(values: ColumnValues, from: number, to: number): ColumnValues {
  return 'codes' in values
    ? { words: values.words, codes: values.codes.subarray(from, to) }
    : values.subarray(from, to);
}

/** Number of values of a column. */
export const countOf = (values: ColumnValues): number =>
  'codes' in values ? values.codes.length : values.length;

/** The values of one column of several blocks, one after the other. */
export function joined(parts: readonly ColumnValues[]): ColumnValues {
  if (parts.length === 1) return parts[0]!;
  if (parts.every(part => 'codes' in part)) return joinedTexts(parts);
  const numbers = parts as readonly Float64Array[];
  const first = numbers[0]!;
  const all = new (first.constructor as Float64ArrayConstructor)(
    numbers.reduce((sum, part) => sum + part.length, 0),
  );
  let at = 0;
  for (const part of numbers) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function joinedTexts(parts: readonly TextValues[]): TextValues {
  const places = new Map<string, number>();
  const codes = new Int32Array(parts.reduce((sum, part) => sum + part.codes.length, 0));
  let at = 0;
  for (const part of parts) {
    /** The new code of each word that a row has had. */
    const known = new Int32Array(part.words.length).fill(-1);
    for (const code of part.codes) {
      if (code >= 0 && known[code] === -1) {
        const word = part.words[code]!;
        const place = places.get(word) ?? places.size;
        places.set(word, place);
        known[code] = place;
      }
      codes[at++] = code < 0 ? -1 : known[code]!;
    }
  }
  return { words: [...places.keys()], codes };
}

/** Blocks of the same columns as one. */
export const joinedBlock = (blocks: readonly Block[]): Block => ({
  rows: blocks.reduce((sum, { rows }) => sum + rows, 0),
  values: blocks[0]!.values.map((_, k) => joined(blocks.map(({ values }) => values[k]!))),
});
