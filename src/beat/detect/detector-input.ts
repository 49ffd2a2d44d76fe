/** Tests of what a QRS detector is given. */
import { InputError } from '../../input-error.ts';

/** The lowest supported sampling frequency, Hz: below it a QRS complex has only two or three samples. */
const lowestSamplingFrequency = 50;

/** Throws `RangeError` for a sampling frequency that is too low, or no lead. */
export function requireLeads(samplingFrequency: number, leads: number): void {
  if (!(samplingFrequency >= lowestSamplingFrequency && samplingFrequency < Number.POSITIVE_INFINITY)) {
    throw new InputError(
      `a QRS detector needs at least ${lowestSamplingFrequency} Hz, the sampling frequency is ${samplingFrequency}`,
    );
  }
  if (!Number.isInteger(leads) || leads < 1)
    throw new InputError(`a signal has 1 lead or more, not ${leads}`);
}

/** Throws `RangeError` for pieces of different length or another number of them; `TypeError` for a plain array. */
export function requirePieces(pieces: readonly Float64Array[], leads: number): void {
  if (pieces.length !== leads) throw new InputError(`the signal has ${leads} leads, not ${pieces.length}`);
  const other = pieces.find(piece => !ArrayBuffer.isView(piece));
  if (other !== undefined) throw new TypeError('a lead is a Float64Array, not an array of another kind');
  if (pieces.some(piece => piece.length !== pieces[0]!.length)) {
    throw new InputError(
      `leads of different length: ${pieces.map(piece => piece.length).join(', ')} samples`,
    );
  }
}
