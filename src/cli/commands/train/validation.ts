/** The validation records of a training: what may be named, and how their loss is shown. */
import { withoutTestPatients } from '../../../learn/patients.ts';
import { type RecordName, recordText } from '../../../learn/record-name.ts';
import { UsageError } from '../../option.ts';

/** Epochs without improvement after which a training with `--validate` ends. */
export const usualPatience = 3;

export const lossText = (loss: number, validation: number | undefined): string =>
  `loss ${loss.toFixed(4)}${validation === undefined ? '' : `, validation ${validation.toFixed(4)}`}`;

/** Throws `UsageError` for validation on patients of the test set, or a patience without validation. */
export function requireValidation(
  validation: readonly RecordName[],
  test: readonly RecordName[],
  patience: number | undefined,
): void {
  if (patience !== undefined && validation.length === 0) {
    throw new UsageError('--patience needs --validate');
  }
  const overlap = validation.filter(record => !withoutTestPatients([record], test).includes(record));
  if (overlap.length > 0)
    throw new UsageError(`--validate names patients of the test set: ${overlap.map(recordText).join(', ')}`);
}
