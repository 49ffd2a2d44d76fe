/**
 * The one error for input that is well formed and still cannot be used: an argument out of range, no such lead, no
 * beats, another model's features.
 */

/**
 * Thrown where what a caller gave, not the program, is at fault and no file is malformed (that is `WfdbError`). It is a
 * `RangeError`, and a class of its own so that it is told from those the engine throws for defects of the program.
 * Commands print its message as one line and end with exit code 1.
 *
 * @example
 * await readLeadBeats(source, 'synth/s01', { lead: 'V9', beats: 'detector' }) // throws InputError: synth/s01 has no lead V9: it has MLII
 */
export class InputError extends RangeError {
  override readonly name = 'InputError';
}
