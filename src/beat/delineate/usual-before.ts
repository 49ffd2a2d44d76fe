/** The usual voltage before a sample. */
import { medianInPlace } from '../../statistics.ts';

/** The median is of about so many samples. */
const samples = 50;
const values = new Float64Array(2 * samples + 2);

/** The median of the `reach` samples before `sample`, mV; NaN with an invalid one or none. */
export function usualBefore(voltage: Float64Array, sample: number, reach: number): number {
  const step = Math.max(1, Math.floor(reach / samples));
  let count = 0;
  for (let i = Math.max(0, sample - reach); i < sample; i += step) {
    if (Number.isNaN(voltage[i]!)) return Number.NaN;
    values[count++] = voltage[i]!;
  }
  return medianInPlace(values, count);
}
