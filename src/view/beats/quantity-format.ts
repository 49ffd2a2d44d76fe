/** Formatting of a beat's quantities. */
import { decimals } from '../number-format.ts';
import { type BeatColumns, type BeatErrors, type BeatQuantity, beatQuantities } from './beat-columns.ts';

/** A quantity of a beat with its standard error where one is known; a dash when it could not be measured. */
export function quantityValue(
  columns: BeatColumns,
  name: BeatQuantity,
  beat: number,
  errors: BeatErrors | undefined,
): string {
  const { digits, scale } = beatQuantities[name];
  const text = decimals(columns[name][beat]! * scale, digits);
  const error = (errors?.[name]?.[beat] ?? Number.NaN) * scale;
  return text === '–' || !Number.isFinite(error) ? text : `${text} ± ${errorText(error, digits)}`;
}

/** As `quantityValue`, with the unit. */
export function quantityText(
  columns: BeatColumns,
  name: BeatQuantity,
  beat: number,
  errors?: BeatErrors,
): string {
  const { unit } = beatQuantities[name];
  const text = quantityValue(columns, name, beat, errors);
  return text === '–' || unit === '' ? text : `${text} ${unit}`;
}

/** A standard error with the decimals of its quantity, and with one more where it would be 0 otherwise. */
export function errorText(error: number, digits: number): string {
  const text = decimals(error, digits);
  return Number(text) === 0 && error > 0 ? decimals(error, digits + 1) : text;
}
