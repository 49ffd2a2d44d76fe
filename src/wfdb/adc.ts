/** Conversion of physical values to ADC values. */
import { signalFormats } from './formats.ts';

/** The code for an invalid sample in a format; format 8 has none and gets that of format 32. */
export function invalidCode(format: number): number {
  return signalFormats.get(format)?.invalid ?? -(2 ** 31);
}

/**
 * Converts physical values to ADC values: round(physical · adcGain + baseline), `invalid` for NaN. This inverts (adc −
 * baseline) / adcGain exactly: the combined rounding error is far below half a unit for any 32-bit value and baseline.
 */
export function toAdc(
  physical: Float64Array,
  adcGain: number,
  baseline: number,
  invalid: number,
): Int32Array {
  const adc = new Int32Array(physical.length);
  for (let i = 0; i < physical.length; i++) {
    const value = physical[i]! * adcGain + baseline;
    adc[i] = Number.isNaN(value) ? invalid : Math.round(value);
  }
  return adc;
}
