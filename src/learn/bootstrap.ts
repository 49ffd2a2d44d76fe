/**
 * How sure a figure is. Beats of one record are alike, so what is drawn again and again is records, whole (the cluster
 * bootstrap; Field & Welsh 2007, J R Stat Soc B 69:369): an interval over beats would be some twenty times too narrow.
 */
import { InputError } from '../input-error.ts';
import { createRandom } from '../random.ts';
import { quantile } from '../statistics.ts';

export interface Interval95 {
  readonly value: number | undefined;
  /** 2.5 and 97.5 % of the resampled values (percentile interval); undefined when too few resamples have a value. */
  readonly low: number | undefined;
  readonly high: number | undefined;
}

export interface BootstrapOptions {
  /** Default 2000. */
  readonly resamples?: number;
  readonly seed: number;
}

/**
 * A statistic of records with its 95 % interval over resampled records. `statistic` gets each record with how often it
 * was drawn, and may have no value (a class that does not occur). Throws `RangeError` without records.
 *
 * @example
 * bootstrap(5, counts => mean(counts), { seed: 1 }) // => { value, low, high }
 */
export function bootstrap(
  records: number,
  statistic: (timesDrawn: Float64Array) => number | undefined,
  { resamples = 2000, seed }: BootstrapOptions,
): Interval95 {
  if (!(records > 0)) throw new InputError('bootstrap: no records');
  const value = statistic(new Float64Array(records).fill(1));
  const random = createRandom(seed);
  const drawn: number[] = [];
  const times = new Float64Array(records);
  for (let sample = 0; sample < resamples; sample++) {
    times.fill(0);
    for (let k = 0; k < records; k++) times[Math.floor(random.uniform() * records)]!++;
    const result = statistic(times);
    if (result !== undefined) drawn.push(result);
  }
  // A figure that most resamples do not have has no interval worth the name.
  if (value === undefined || drawn.length < 0.9 * resamples) {
    return { value, low: undefined, high: undefined };
  }
  return { value, low: quantile(drawn, 0.025), high: quantile(drawn, 0.975) };
}
