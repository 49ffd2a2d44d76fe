/** Options that several scripts share: how slopes are taken, and where beats come from. */
import { parseScheme, type Scheme } from '../diff/scheme.ts';
import { numberOption, UsageError } from './command.ts';
import type { BeatsFrom } from './lead-beats.ts';

/** `--scheme`; throws `UsageError` that lists the forms. */
export function schemeOption(text: string): Scheme {
  try {
    return parseScheme(text);
  } catch (error) {
    throw new UsageError(`--scheme: ${(error as RangeError).message}`);
  }
}

/** `--window-ms`; throws `UsageError` unless positive. */
export function windowMsOption(text: string): number {
  const windowMs = numberOption('window-ms', text);
  if (windowMs <= 0) throw new UsageError(`--window-ms is positive, not ${windowMs}`);
  return windowMs;
}

/** `--annotator` and `--detect`; with neither, annotations where there are some. */
export function beatsOption(annotator: string | undefined, detect: boolean): BeatsFrom {
  if (detect && annotator !== undefined) throw new UsageError('--detect and --annotator exclude each other');
  if (detect) return 'detector';
  return annotator === undefined ? 'annotations or detector' : { annotator };
}
