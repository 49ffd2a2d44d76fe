/**
 * Bootstrap confidence intervals of a metric. Beats of one record are correlated, so whole records are resampled (the
 * cluster bootstrap; Field & Welsh 2007, J R Stat Soc B 69:369); resampling beats would give an interval some twenty
 * times too narrow.
 */
import { InputError } from '../input-error.ts';
import { createRandom } from '../random.ts';
import { quantile } from '../statistics.ts';

export interface Interval95 {
  readonly value: number | undefined;
  /**
   * The 2.5 % and 97.5 % quantiles of the resampled values (percentile interval); undefined when the metric is
   * undefined for too many resamples.
   */
  readonly low: number | undefined;
  readonly high: number | undefined;
}

export interface BootstrapOptions {
  /** Number of resamples. Default 2000. */
  readonly resamples?: number;
  readonly seed: number;
}

/**
 * A statistic of records and its 95 % interval over resampled records. `statistic` is given how often each record was
 * drawn, and may be undefined (for a class that does not occur). Throws `RangeError` without records.
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
  // A metric that is undefined for most resamples has no meaningful interval.
  if (value === undefined || drawn.length < 0.9 * resamples) {
    return { value, low: undefined, high: undefined };
  }
  return { value, low: quantile(drawn, 0.025), high: quantile(drawn, 0.975) };
}
