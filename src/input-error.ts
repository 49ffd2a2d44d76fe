/**
 * The error for well-formed input that cannot be used: an argument out of range, a missing lead, no beats, a model with
 * other features.
 */

/**
 * Thrown for a mistake of the caller, as opposed to a bug or a malformed file (`WfdbError`). A subclass of
 * `RangeError`, which distinguishes it from the `RangeError`s that the engine throws because of bugs. Commands print
 * its message on one line and exit with code 1.
 *
 * @example
 * await readLeadBeats(source, 'synth/s01', { lead: 'V9', beats: 'detector' }) // throws InputError: synth/s01 has no lead V9: it has MLII
 */
export class InputError extends RangeError {
  override readonly name = 'InputError';
}
