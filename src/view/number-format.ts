/** Formatting of numbers in the report. */
import { word } from './translations.ts';

/** A number with the given number of decimals and a true minus sign; a dash for a missing value. */
export function decimals(value: number | null | undefined, places: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const text = value.toFixed(places);
  // No minus sign before a value that rounds to zero.
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}

/** A number with three significant digits, in e-notation only far from 1. */
export function significant(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text = size >= 1e5 || size < 1e-4 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
  return text.replaceAll('-', '−').replace('e+', 'e');
}

/** `significant` with an explicit sign. */
export const signed = (value: number | null | undefined): string => {
  const text = significant(value);
  return value !== null && value !== undefined && value > 0 ? `+${text}` : text;
};

export const percent = (share: number | undefined): string =>
  share === undefined ? '–' : `${decimals(100 * share, 1)} %`;

/** A readable duration, e.g. `30 min 6 s`. */
export function duration(seconds: number): string {
  if (seconds < 60) return word('seconds', { count: Number(seconds.toFixed(2)) });
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return [
    ...(hours > 0 ? [word('hours', { count: hours })] : []),
    word('minutes', { count: minutes }),
    word('seconds', { count: whole % 60 }),
  ].join(' ');
}

/** `value unit`, or the value alone when dimensionless. */
export const withUnit = (value: string, unit: string): string => (unit === '' ? value : `${value} ${unit}`);

/** The unit of the derivative of a probability with respect to a quantity measured in `unit`. */
export const perUnit = (unit: string): string => (unit === '' ? '' : word('r_per', { unit }));

/** Texts of axis ticks, with as many decimals as the step between them needs. */
export function tickTexts(ticks: readonly number[]): string[] {
  const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : 1;
  let places = 0;
  while (places < 6 && Math.abs(step * 10 ** places - Math.round(step * 10 ** places)) > 1e-6) places++;
  return ticks.map(tick => decimals(tick, places));
}

/** The text of a tick on a logarithmic axis: for 1, 2 and 5 times a power of ten, null for others. */
export function logTickText(tick: number): string | null {
  const lead = tick / 10 ** Math.floor(Math.log10(tick) + 1e-9);
  return [1, 2, 5].some(digit => Math.abs(lead - digit) < 1e-6) ? String(Number(tick.toPrecision(1))) : null;
}
