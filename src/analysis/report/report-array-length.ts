import { InputError } from '../../input-error.ts';

/** Throws `InputError` unless two parts of a report have as many values. */
export function checkLength(
  name: string,
  a: ArrayLike<unknown>,
  ofName: string,
  b: ArrayLike<unknown>,
): void {
  if (a.length !== b.length)
    throw new InputError(`${name} has ${a.length} values, ${ofName} has ${b.length}`);
}
