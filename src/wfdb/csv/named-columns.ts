/** Columns that the caller names. */
import { InputError } from '../../input-error.ts';
import type { CsvLayout } from './layout.ts';

/**
 * The index of a column by its name (letter case aside where no name is the same), else by its place from 1. Throws
 * `InputError` when the table has no such column.
 */
export function columnNamed(
  wanted: string | number,
  { names = [], columns }: CsvLayout,
  file: string,
): number {
  if (typeof wanted === 'string') {
    const exact = names.indexOf(wanted);
    if (exact >= 0) return exact;
    const alike = names.findIndex(name => name.toLowerCase() === wanted.trim().toLowerCase());
    if (alike >= 0) return alike;
  }
  const place = typeof wanted === 'number' ? wanted : wanted.trim() === '' ? Number.NaN : Number(wanted);
  if (Number.isInteger(place) && place >= 1 && place <= columns) return place - 1;
  const there = names.length > 0 ? names.map(name => `'${name}'`).join(', ') : `${columns} without names`;
  throw new InputError(`${file} has no column '${wanted}'; its columns are ${there}`);
}

/** The indices of columns, in the order wanted. Throws `InputError` for one that is not there or named twice. */
export function chooseColumns(
  wanted: readonly (string | number)[],
  layout: CsvLayout,
  file: string,
): readonly number[] {
  if (wanted.length === 0) throw new InputError('columns must name at least one column');
  const indices = wanted.map(name => columnNamed(name, layout, file));
  const twice = indices.findIndex((index, i) => indices.indexOf(index) < i);
  if (twice >= 0) throw new InputError(`columns names '${wanted[twice]}' twice`);
  return indices;
}
