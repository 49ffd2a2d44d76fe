/**
 * Metrics of a classifier over records, with confidence intervals, for several seeds that classified the same beats. A
 * metric is the median over the seeds; its interval is by resampling records.
 */
import { InputError } from '../input-error.ts';
import { median } from '../statistics.ts';
import { bootstrap, type Interval95 } from './bootstrap.ts';
import { accuracy, type Confusion, classMetrics, cohensKappa } from './metrics.ts';

/** The confusion counts of one record by one seed's model: `counts[truth][predicted]`. */
export type Counts = readonly (readonly number[])[];

/** The confusion counts of each record, for each seed. */
export interface SeedCounts {
  readonly classes: readonly string[];
  readonly records: readonly string[];
  /** `[seed][record]` */
  readonly counts: readonly (readonly Counts[])[];
}

/** A metric of a confusion matrix. */
export type Metric = (confusion: Confusion) => number | undefined;

/** Accuracy and kappa, and F1, sensitivity and positive predictivity of each named class. */
function metricsOf(classes: readonly string[]): Readonly<Record<string, Metric>> {
  return {
    accuracy,
    kappa: cohensKappa,
    ...Object.fromEntries(
      classes.flatMap((name, k) => [
        [`${name} F1`, (c: Confusion) => classMetrics(c, k).f1],
        [`${name} sensitivity`, (c: Confusion) => classMetrics(c, k).sensitivity],
        [`${name} positive predictivity`, (c: Confusion) => classMetrics(c, k).positivePredictivity],
      ]),
    ),
  };
}

/** The sum of the records' counts, each weighted by how often it was drawn. */
export function pooled(
  classes: readonly string[],
  records: readonly Counts[],
  times?: Float64Array,
): Confusion {
  const counts = classes.map(() => new Array<number>(classes.length).fill(0));
  records.forEach((record, r) => {
    const n = times?.[r] ?? 1;
    if (n === 0) return;
    record.forEach((row, truth) => {
      row.forEach((count, called) => {
        counts[truth]![called]! += n * count;
      });
    });
  });
  return { classes, counts };
}

const medianOf = (values: readonly (number | undefined)[]): number | undefined =>
  values.some(value => value === undefined) ? undefined : median(values as number[]);

/** Every metric pooled over the records: the median over the seeds, with its interval. */
export function pooledMetrics(data: SeedCounts, seed: number): Record<string, Interval95> {
  return Object.fromEntries(
    Object.entries(metricsOf(data.classes)).map(([name, metric]) => [
      name,
      bootstrap(
        data.records.length,
        times => medianOf(data.counts.map(records => metric(pooled(data.classes, records, times)))),
        { seed },
      ),
    ]),
  );
}

/**
 * The difference `a` − `b` in each metric over the same records, resampled together. Throws `RangeError` when the
 * records differ.
 */
export function pairedDifferences(a: SeedCounts, b: SeedCounts, seed: number): Record<string, Interval95> {
  if (a.records.join() !== b.records.join())
    throw new InputError('pairedDifferences: the two evaluations are of different records');
  return Object.fromEntries(
    Object.entries(metricsOf(a.classes)).map(([name, metric]) => [
      name,
      bootstrap(
        a.records.length,
        times => {
          const [one, other] = [a, b].map(({ classes, counts }) =>
            medianOf(counts.map(records => metric(pooled(classes, records, times)))),
          );
          return one === undefined || other === undefined ? undefined : one - other;
        },
        { seed },
      ),
    ]),
  );
}

/** The mean over records that have a metric, each counting once: macro average, with its interval. */
export function macroMetrics(
  data: SeedCounts,
  seed: number,
): Record<string, Interval95 & { records: number }> {
  return Object.fromEntries(
    Object.entries(metricsOf(data.classes)).map(([name, metric]) => {
      const byRecord = data.records.map((_, r) =>
        medianOf(data.counts.map(records => metric({ classes: data.classes, counts: records[r]! }))),
      );
      const mean = (times: Float64Array): number | undefined => {
        let sum = 0;
        let count = 0;
        byRecord.forEach((value, r) => {
          if (value === undefined) return;
          sum += times[r]! * value;
          count += times[r]!;
        });
        return count === 0 ? undefined : sum / count;
      };
      const records = byRecord.filter(value => value !== undefined).length;
      return [name, { ...bootstrap(data.records.length, mean, { seed }), records }];
    }),
  );
}

/** The same counts without the given records. */
export function withoutRecords(data: SeedCounts, leftOut: readonly string[]): SeedCounts {
  const kept = data.records.flatMap((record, r) => (leftOut.includes(record) ? [] : [r]));
  return {
    classes: data.classes,
    records: kept.map(r => data.records[r]!),
    counts: data.counts.map(records => kept.map(r => records[r]!)),
  };
}
