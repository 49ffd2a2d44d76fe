/** Looking up the columns that a caller names. */
import { InputError } from '../../input-error.ts';
import { readHeading } from './column-heading.ts';
import type { CsvLayout } from './layout.ts';

/**
 * The index of a column given by name, with or without its unit (case-insensitive if no name matches exactly), or by its
 * position from 1. Throws `InputError` if there is no such column.
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
    const whole = names.indexOf(readHeading(wanted).name);
    if (whole >= 0) return whole;
  }
  const place = typeof wanted === 'number' ? wanted : wanted.trim() === '' ? Number.NaN : Number(wanted);
  if (Number.isInteger(place) && place >= 1 && place <= columns) return place - 1;
  const there = names.length > 0 ? names.map(name => `'${name}'`).join(', ') : `${columns} without names`;
  throw new InputError(`${file} has no column '${wanted}'; its columns are ${there}`);
}

/** The indices of columns, in the requested order. Throws `InputError` for a missing or repeated column. */
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
