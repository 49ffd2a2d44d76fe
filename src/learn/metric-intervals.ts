/**
 * The figures of a classifier over records, with intervals: several seeds, each with its answers for the same beats.
 * A figure is the median over the seeds; its interval resamples records.
 */
import { InputError } from '../input-error.ts';
import { median } from '../statistics.ts';
import { bootstrap, type Interval95 } from './bootstrap.ts';
import { accuracy, type Confusion, classMetrics, cohensKappa } from './metrics.ts';

/** `counts[truth][called]` of one record by one seed's model. */
export type Counts = readonly (readonly number[])[];

/** The confusion counts of each record, for each seed. */
export interface SeedCounts {
  readonly classes: readonly string[];
  readonly records: readonly string[];
  /** `[seed][record]` */
  readonly counts: readonly (readonly Counts[])[];
}

/** A figure of a confusion matrix by its name. */
export type Figure = (confusion: Confusion) => number | undefined;

/** Accuracy, kappa, and F1, sensitivity and positive predictivity of each class that has a name here. */
export function figuresOf(classes: readonly string[]): Readonly<Record<string, Figure>> {
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

/** The counts of records, each as often as it was drawn. */
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

/** Pooled over the records: every figure, its median over seeds and its interval. */
export function pooledFigures(data: SeedCounts, seed: number): Record<string, Interval95> {
  return Object.fromEntries(
    Object.entries(figuresOf(data.classes)).map(([name, figure]) => [
      name,
      bootstrap(
        data.records.length,
        times => medianOf(data.counts.map(records => figure(pooled(data.classes, records, times)))),
        { seed },
      ),
    ]),
  );
}

/**
 * `a` minus `b` over the same records, resampled together: what sets two models apart on the records there are.
 * Throws `RangeError` when the records differ.
 */
export function pairedDifferences(a: SeedCounts, b: SeedCounts, seed: number): Record<string, Interval95> {
  if (a.records.join() !== b.records.join()) throw new InputError('pairedDifferences: other records');
  return Object.fromEntries(
    Object.entries(figuresOf(a.classes)).map(([name, figure]) => [
      name,
      bootstrap(
        a.records.length,
        times => {
          const [one, other] = [a, b].map(({ classes, counts }) =>
            medianOf(counts.map(records => figure(pooled(classes, records, times)))),
          );
          return one === undefined || other === undefined ? undefined : one - other;
        },
        { seed },
      ),
    ]),
  );
}

/** The mean over records that have a figure, each counting once: macro average, with its interval. */
export function macroFigures(
  data: SeedCounts,
  seed: number,
): Record<string, Interval95 & { records: number }> {
  return Object.fromEntries(
    Object.entries(figuresOf(data.classes)).map(([name, figure]) => {
      const byRecord = data.records.map((_, r) =>
        medianOf(data.counts.map(records => figure({ classes: data.classes, counts: records[r]! }))),
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

/** The same counts without some records. */
export function withoutRecords(data: SeedCounts, leftOut: readonly string[]): SeedCounts {
  const kept = data.records.flatMap((record, r) => (leftOut.includes(record) ? [] : [r]));
  return {
    classes: data.classes,
    records: kept.map(r => data.records[r]!),
    counts: data.counts.map(records => kept.map(r => records[r]!)),
  };
}
