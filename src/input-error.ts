/** The one error for input that is well formed and still cannot be used: no such lead, no beats, another model's features. */

/**
 * Thrown where a caller's data, not the program, is at fault and no file is malformed (that is `WfdbError`). Scripts
 * print its message as one line and end with exit code 1.
 *
 * @example throw new InputError('mitdb/100 has no lead V9: it has MLII, V5')
 */
export class InputError extends Error {
  override readonly name = 'InputError';
}
