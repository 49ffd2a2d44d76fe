/** Numbers as the model card has them. */
import type { Interval95 } from '../learn/bootstrap.ts';

/** A fraction in percent with one digit; a dash where it is undefined. */
export const percent = (value: number | undefined): string =>
  value === undefined ? '–' : (100 * value).toFixed(1);

/** A fraction in percent with its 95 % interval, if it has one. */
export const withInterval = ({ value, low, high }: Interval95): string =>
  low === undefined ? percent(value) : `${percent(value)} [${percent(low)}, ${percent(high)}]`;
