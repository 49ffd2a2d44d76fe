/** Formatting of a beat's quantities. */
import { decimals } from '../number-format.ts';
import { type BeatColumns, type BeatQuantity, beatQuantities } from './beat-columns.ts';

/** A quantity of a beat with its unit; a dash when it could not be measured. */
export function quantityText(columns: BeatColumns, name: BeatQuantity, beat: number): string {
  const { unit, digits, scale } = beatQuantities[name];
  const text = decimals(columns[name][beat]! * scale, digits);
  return text === '–' || unit === '' ? text : `${text} ${unit}`;
}
