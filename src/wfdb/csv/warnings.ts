/** What was assumed, left out or filled in when a table was read, in sentences. */
import type { Axis } from '../csv-axis.ts';
import type { CsvBody } from '../csv-columns.ts';
import type { CsvLayout } from '../csv-layout.ts';
import type { Gap } from '../csv-time.ts';
import type { Signal } from '../record.ts';

/** More columns than rows, and more than leads and their companions are: each line may be a signal. */
const manyColumns = 8;

export function warningsOf(
  layout: CsvLayout,
  body: CsvBody,
  { time, otherTimes }: Axis,
  signals: readonly Signal[],
  gaps: readonly Gap[],
  {
    ignoreTimes,
    keepComments,
    transpose,
    columns,
    labels,
  }: {
    readonly ignoreTimes?: boolean;
    readonly keepComments?: boolean;
    readonly transpose?: boolean;
    readonly columns?: readonly unknown[];
    readonly labels?: string | number;
  },
): string[] {
  const named = (indices: readonly number[]): string =>
    indices.map(i => layout.names?.[i] || `column ${i + 1}`).join(', ');
  const warnings: string[] = [];
  const assumed = signals.filter(({ unitsAssumed }) => unitsAssumed).map(({ name }) => name);
  if (assumed.length > 0) {
    warnings.push(
      signals.some(({ calibrated }) => !calibrated)
        ? `no unit and no gain are given: whole numbers were taken for ADC values at an assumed gain of 200 per mV; options units (--units) and adcGain (--gain) say better`
        : `no unit is given for ${assumed.join(', ')}: mV was assumed; option units (--units) says better`,
    );
  }
  const text = body.columns.flatMap(({ isText }, i) => (isText ? [i] : []));
  if (text.length > 0 && columns === undefined && labels === undefined) {
    warnings.push(
      `${named(text)} left out: text, no numbers; option labels (--labels) makes annotations of one`,
    );
  }
  if (otherTimes.length > 0) warnings.push(`${named(otherTimes)} left out: times, as ${named([time!])} is`);
  if (ignoreTimes && time !== undefined)
    warnings.push(`the times in ${named([time])} were passed over, as asked`);
  const lost = gaps.reduce((sum, gap) => sum + gap.lost, 0);
  if (lost > 0)
    warnings.push(
      `${lost} samples that were lost (${gaps.length === 1 ? 'one gap' : `${gaps.length} gaps`}) are NaN`,
    );
  if (layout.comments.length > 0 && !keepComments) {
    warnings.push(
      `${layout.comments.length} lines above the table were not kept, as they may name the person; option keepComments keeps them`,
    );
  }
  if (!transpose && layout.columns >= manyColumns && body.length < layout.columns / 4) {
    const rows = body.length === 1 ? 'one row' : `${body.length} rows`;
    warnings.push(
      `${rows}, ${layout.columns} columns: if each line is a signal, option transpose (--transpose) reads it so`,
    );
  }
  return warnings;
}
