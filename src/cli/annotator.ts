/** The name of an annotation file that a command writes. */
import { UsageError } from './option.ts';

/**
 * Checks the value of `--annotator-out`. Throws `UsageError` for a name that is not an annotator name, or that belongs
 * to another file of the record.
 */
export function checkAnnotator(annotator: string, overwrite: boolean): void {
  if (!/^[A-Za-z0-9_-]+$/.test(annotator)) {
    throw new UsageError(`--annotator-out is a name of letters, digits, - and _, not '${annotator}'`);
  }
  if (['hea', 'dat', 'mat', 'edf', 'csv'].includes(annotator.toLowerCase())) {
    throw new UsageError(`--annotator-out ${annotator} would overwrite the record itself`);
  }
  if (annotator === 'atr' && !overwrite) {
    throw new UsageError('--annotator-out atr is the reference annotations; --overwrite allows writing them');
  }
}
