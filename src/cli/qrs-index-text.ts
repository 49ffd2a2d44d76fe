/** The QRS indices of a record in a table: the median of each lead, and over the leads. */
import type { MeasuredRun } from '../analysis/lead-slopes.ts';
import { median } from '../statistics.ts';
import { formatTable } from './table.ts';

type Row = NonNullable<MeasuredRun['indices']>[number] & { readonly rPeakTime: number | undefined };

/** Heading, decimals, and the value in that unit. */
const shown: readonly (readonly [string, number, (of: Row) => number | undefined])[] = [
  ['IUS mV/s', 0, of => of.ius],
  ['IDS mV/s', 0, of => of.ids],
  ['ITS mV/s', 0, of => of.its],
  ['vi/vt', 2, of => of.initialOverTerminal],
  ['notches', 1, of => of.notches],
  ['deflections', 1, of => of.deflections],
  ['slope-energy width ms', 0, of => scaled(of.slopeEnergyWidth)],
  ['R peak time ms', 0, of => scaled(of.rPeakTime)],
];

const scaled = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : 1000 * seconds;

/**
 * Sums up runs of beats. Each cell of the table is the median over the beats of a lead; the last line holds the means of the
 * sizes over the leads.
 */
export function createIndexSummary(): { add(run: MeasuredRun): void; text(): string } {
  const byLead = new Map<string, Row[]>();
  return {
    add({ lead, indices = [], measurement }) {
      const rows = byLead.get(lead) ?? [];
      byLead.set(lead, rows);
      for (const [k, of] of indices.entries())
        rows.push({ ...of, rPeakTime: measurement.beats[k]!.rPeakTime });
    },
    text() {
      const medians = [...byLead].map(([lead, rows]) => ({
        lead,
        values: shown.map(([, , of]) => median(rows.map(row => of(row) ?? Number.NaN))),
      }));
      const cell = (value: number, column: number): string =>
        Number.isFinite(value) ? value.toFixed(shown[column]![1]) : '–';
      const over = shown.map((_, column) => {
        const values = medians.map(({ values }) => Math.abs(values[column]!)).filter(Number.isFinite);
        return values.reduce((sum, value) => sum + value, 0) / values.length;
      });
      const lines = medians.map(({ lead, values }) => [lead, ...values.map(cell)]);
      if (medians.length > 1) lines.push(['mean', ...over.map(cell)]);
      const table = formatTable([['lead', ...shown.map(([heading]) => heading)], ...lines]);
      return `QRS indices, median over the beats${medians.length > 1 ? '; mean: of their sizes over the leads' : ''}\n\n${table}`;
    },
  };
}
