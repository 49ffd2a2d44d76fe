/** Texts of a measurement with its uncertainty due to noise. */

import type { Uncertainty } from '../beat/uncertainty/noisy-copies.ts';
import { errorText } from './beats/quantity-format.ts';
import { decimals } from './number-format.ts';
import { word } from './translations.ts';

/** `value ± standard error`, or the value alone where the error is not known. */
export function withError(
  value: number | undefined,
  uncertainty: Uncertainty | undefined,
  digits: number,
): string {
  const text = decimals(value, digits);
  return text === '–' || !isKnown(uncertainty) ? text : `${text} ± ${errorText(uncertainty.se, digits)}`;
}

/** The 95 % interval, value − bias ± 1.96 · standard error; empty where it is not known. */
export function intervalText(
  value: number | undefined,
  uncertainty: Uncertainty | undefined,
  digits: number,
): string {
  if (value === undefined || !isKnown(uncertainty)) return '';
  const [middle, half] = [value - uncertainty.bias, 1.96 * uncertainty.se];
  return word('r_interval', {
    low: decimals(middle - half, digits),
    high: decimals(middle + half, digits),
  });
}

const isKnown = (uncertainty: Uncertainty | undefined): uncertainty is Uncertainty =>
  uncertainty !== undefined && Number.isFinite(uncertainty.se) && Number.isFinite(uncertainty.bias);
