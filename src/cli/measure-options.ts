/** Options that several scripts share: how slopes are taken, and where beats come from. */

import type { BeatsFrom } from '../analysis/lead-beats.ts';
import { parseScheme, type Scheme } from '../diff/scheme.ts';
import { numberOption, UsageError } from './command.ts';

/** `--scheme`; throws `UsageError` that lists the forms. */
export function schemeOption(text: string): Scheme {
  try {
    return parseScheme(text);
  } catch (error) {
    throw new UsageError(`--scheme: ${(error as RangeError).message}`);
  }
}

/** No slope of a QRS complex is taken over more than this. */
const longestWindowMs = 200;

/** `--window-ms`; throws `UsageError` unless above 0 and at most 200. */
export function windowMsOption(text: string): number {
  const windowMs = numberOption('window-ms', text);
  if (!(windowMs > 0 && windowMs <= longestWindowMs)) {
    throw new UsageError(`--window-ms is above 0 and at most ${longestWindowMs}, not ${windowMs}`);
  }
  return windowMs;
}

/** `--from` and `--to`, as what a reader takes; throws `UsageError` when they are out of order. */
export function spanOption(
  from: string | undefined,
  to: string | undefined,
): { readonly from?: number; readonly to?: number } {
  const span = {
    ...(from === undefined ? {} : { from: numberOption('from', from) }),
    ...(to === undefined ? {} : { to: numberOption('to', to) }),
  };
  if ((span.from ?? 0) < 0 || (span.to ?? Number.POSITIVE_INFINITY) <= (span.from ?? 0)) {
    throw new UsageError(`--from ${from ?? 0} --to ${to ?? 'end'} is no stretch of time`);
  }
  return span;
}

/** `--annotator` and `--detect`; with neither, annotations where there are some. */
export function beatsOption(annotator: string | undefined, detect: boolean): BeatsFrom {
  if (detect && annotator !== undefined) throw new UsageError('--detect and --annotator exclude each other');
  if (detect) return 'detector';
  return annotator === undefined ? 'annotations or detector' : { annotator };
}
