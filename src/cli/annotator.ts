/** The name of an annotation file that a command writes. */
import { UsageError } from './option.ts';

/** Refuses a name that is none, or that of a file that is not ours to write; `option` is the one that gave it. */
export function checkAnnotator(annotator: string, overwrite: boolean, option = 'annotator'): void {
  if (!/^[A-Za-z0-9_-]+$/.test(annotator)) {
    throw new UsageError(`--${option} is a name of letters, digits, - and _, not '${annotator}'`);
  }
  if (['hea', 'dat', 'mat', 'edf', 'csv'].includes(annotator)) {
    throw new UsageError(`--${option} ${annotator} would write over the record itself`);
  }
  if (annotator === 'atr' && !overwrite) {
    throw new UsageError('annotator atr is the reference; --overwrite writes it all the same');
  }
}
