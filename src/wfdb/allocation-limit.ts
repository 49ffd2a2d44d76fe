/** How much memory a file may claim by its word alone. */
import { WfdbError } from './errors.ts';

/**
 * The most samples that are made where few or no bytes stand behind them: null signals, gaps between segments, segments
 * of the same bytes, samples repeated to a higher rate, FLAC. Samples that bytes stand behind are not limited: the file is as large as they are.
 */
export const maxExpandedSamples = 2 ** 27;

/** Throws `WfdbError` with code `too-large` for more than `maxExpandedSamples`. */
export function checkExpansion(file: string, samples: number): void {
  if (samples <= maxExpandedSamples) return;
  throw new WfdbError({
    code: 'too-large',
    file,
    expected: `at most ${maxExpandedSamples} samples that few bytes stand behind: read a window, or fewer signals`,
    found: `${samples}`,
  });
}
