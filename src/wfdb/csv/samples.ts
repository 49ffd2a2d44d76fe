/** The samples of a column: ADC values, or physical values with a gain that preserves their decimals. */

import { WfdbError } from '../errors.ts';
import type { Signal } from '../record.ts';
import type { CsvBody } from './columns.ts';
import type { Gap } from './sampling-frequency.ts';
import { syntax } from './split.ts';

export type Samples = Pick<Signal, 'adcGain' | 'baseline' | 'calibrated' | 'adc' | 'physical'>;

/** Value of `adc` for a missing sample. */
const invalidAdc = -(2 ** 31);
const rdsampInvalid = -32768;
const largestAdc = 2 ** 31 - 1;
const uncalibratedGain = 200;

export const isWholeOrMissing = (value: number): boolean => Number.isInteger(value) || Number.isNaN(value);

/** Integers as ADC values. Throws `WfdbError` for a number that is not a 32-bit integer. */
export function rawSamples(
  { columns, lines }: CsvBody,
  index: number,
  { adcGain, baseline = 0 }: { readonly adcGain?: number; readonly baseline?: number },
  file: string,
): Samples {
  const { values } = columns[index]!;
  const gain = adcGain ?? uncalibratedGain;
  const adc = new Int32Array(values.length);
  const physical = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value) || value === rdsampInvalid) {
      adc[i] = invalidAdc;
      physical[i] = Number.NaN;
    } else if (!Number.isInteger(value) || Math.abs(value) > largestAdc) {
      throw syntax(file, lines[i]!, `an ADC value of 32 bits in column ${index + 1}`, String(value));
    } else {
      adc[i] = value;
      physical[i] = (value - baseline) / gain;
    }
  }
  return { adcGain: gain, baseline, calibrated: adcGain !== undefined, adc, physical };
}

/** Physical values; the gain is the power of ten that represents every decimal place within 32 bits. */
export function physicalSamples({ columns }: CsvBody, index: number): Samples {
  const { values, decimals } = columns[index]!;
  let largest = 0;
  for (const value of values) if (Math.abs(value) > largest) largest = Math.abs(value);
  const places = largest === 0 ? 0 : Math.floor(Math.log10(largestAdc / largest));
  const adcGain = 10 ** Math.min(decimals, places, 300);
  const adc = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    adc[i] = Number.isNaN(values[i]!) ? invalidAdc : Math.round(values[i]! * adcGain);
  }
  return { adcGain, baseline: 0, calibrated: true, adc, physical: values };
}

/** A larger gap is treated as a wrong time. */
const mostSamples = 2 ** 27;

/** Number of samples including the missing ones. Throws `WfdbError` if these far outnumber the rows. */
export function lengthWithGaps({ length, lines }: CsvBody, gaps: readonly Gap[], file: string): number {
  let total = length;
  for (const { row, lost } of gaps) {
    total += lost;
    if (total <= Math.min(mostSamples, 100 * length + 1e6)) continue;
    const expected = 'a gap that is short relative to the recording';
    throw new WfdbError({
      code: 'too-large',
      file,
      line: lines[row]!,
      expected,
      found: `${lost} missing samples`,
    });
  }
  return total;
}

/** The samples with NaN inserted for missing ones. */
export function withGaps(samples: Samples, gaps: readonly Gap[], length: number): Samples {
  if (gaps.length === 0) return samples;
  const physical = new Float64Array(length).fill(Number.NaN);
  const adc = new Int32Array(length).fill(invalidAdc);
  let from = 0;
  let shift = 0;
  for (const { row, lost } of [...gaps, { row: samples.adc.length, lost: 0 }]) {
    physical.set(samples.physical.subarray(from, row), from + shift);
    adc.set(samples.adc.subarray(from, row), from + shift);
    from = row;
    shift += lost;
  }
  return { ...samples, physical, adc };
}
