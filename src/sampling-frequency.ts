/** The one check of a sampling frequency. */
import { InputError } from './input-error.ts';

/** Throws `RangeError` unless the sampling frequency is a positive finite number of Hz. */
export function requireSamplingFrequency(samplingFrequency: number): void {
  if (!(samplingFrequency > 0 && Number.isFinite(samplingFrequency))) {
    throw new InputError(`sampling frequency must be a positive number of Hz, not ${samplingFrequency}`);
  }
}
