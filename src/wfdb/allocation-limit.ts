/** Limit on the memory that a small file can make a reader allocate. */
import { WfdbError } from './errors.ts';

/**
 * Maximum number of samples allocated when the file holds few or no bytes for them: null signals, gaps between
 * segments, repeated segments, upsampled signals, FLAC. Samples stored one by one need no limit: their number is
 * bounded by the size of the file.
 */
const maxExpandedSamples = 2 ** 27;

/** Throws `WfdbError` with code `too-large` for more than `maxExpandedSamples`. */
export function checkExpansion(file: string, samples: number): void {
  if (samples <= maxExpandedSamples) return;
  throw new WfdbError({
    code: 'too-large',
    file,
    expected: `at most ${maxExpandedSamples} samples that are not stored one by one: read a window, or fewer signals`,
    found: `${samples}`,
  });
}
