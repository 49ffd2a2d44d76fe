/** The name of an annotation file that a command writes. */
import { UsageError } from './option.ts';

/** Throws `UsageError` for a name that is not an annotator name, or that belongs to another file of the record; `option` is the option it came from. */
export function checkAnnotator(annotator: string, overwrite: boolean, option = 'annotator'): void {
  if (!/^[A-Za-z0-9_-]+$/.test(annotator)) {
    throw new UsageError(`--${option} is a name of letters, digits, - and _, not '${annotator}'`);
  }
  if (['hea', 'dat', 'mat', 'edf', 'csv'].includes(annotator.toLowerCase())) {
    throw new UsageError(`--${option} ${annotator} would overwrite the record itself`);
  }
  if (annotator === 'atr' && !overwrite) {
    throw new UsageError('annotator atr holds the reference annotations; --overwrite allows writing it');
  }
}
