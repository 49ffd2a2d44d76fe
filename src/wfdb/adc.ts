/** ADC values and physical ones. */
import { signalFormats } from './formats.ts';

/** The invalid code of a format; for format 8, which has none, that of format 32. */
export function invalidCode(format: number): number {
  return signalFormats.get(format)?.invalid ?? -(2 ** 31);
}

/**
 * ADC values from physical ones: round(physical · adcGain + baseline), `invalid` for NaN. Exact for what was made as
 * (adc − baseline) / adcGain: the two roundings are far below half a unit for any 32-bit value and baseline.
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
