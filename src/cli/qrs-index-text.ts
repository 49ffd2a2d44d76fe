/** Formats the QRS indices of a record as tables: the median for each lead, and the mean over the leads. */
import type { MeasuredRun } from '../analysis/lead-slopes.ts';
import { relativeToRecord } from '../beat/slopes/lead-summary.ts';
import { median, quantile } from '../statistics.ts';
import { formatTable } from './table.ts';

type Row = NonNullable<MeasuredRun['indices']>[number] & {
  readonly rPeakTime: number | undefined;
  readonly symbol: string;
};

/** Heading, number of decimals, and accessor of the value in the unit of the heading. */
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
 * Accumulates measured beats. Each cell of the first table is the median over the beats of a lead; its last line
 * holds the means of the absolute values over the leads. The second table is relative to the record.
 */
export function createIndexSummary(): { add(run: MeasuredRun): void; text(): string } {
  const byLead = new Map<string, Row[]>();
  return {
    add({ lead, indices = [], measurement, symbols }) {
      const rows = byLead.get(lead) ?? [];
      byLead.set(lead, rows);
      for (const [k, of] of indices.entries())
        rows.push({ ...of, rPeakTime: measurement.beats[k]!.rPeakTime, symbol: symbols[k]! });
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
      return `QRS indices, median over the beats${medians.length > 1 ? '; mean: of their sizes over the leads' : ''}\n\n${table}\n\n${relativeText([...byLead.values()])}`;
    },
  };
}

/** The columns for which a ratio to the usual value is meaningful: amplitudes, slopes and times, not counts. */
const relativeColumns = shown.filter(([heading]) => !['notches', 'deflections'].includes(heading));

/**
 * The indices of each beat type relative to the record. In each lead, a beat's index is divided by the median over
 * the beats of the most frequent type; the ratios are averaged over the leads. A cell shows the median and the 5th to
 * 95th percentile over the beats of the type.
 */
function relativeText(leads: readonly (readonly Row[])[]): string {
  const symbols = leads[0]?.map(({ symbol }) => symbol) ?? [];
  const counts = new Map<string, number>();
  for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  const kinds = [...counts].sort(([, a], [, b]) => b - a);
  const usual = kinds[0]?.[0];
  const overLeads = relativeColumns.map(([, , of]) => {
    const relative = leads.map(rows => relativeToRecord(rows.map(of), k => symbols[k] === usual));
    return symbols.map((_, k) => {
      const values = relative.flatMap(lead => lead[k] ?? []);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    });
  });
  const lines = kinds.map(([kind, count]) => [
    kind === '' ? '-' : kind,
    String(count),
    ...overLeads.map(column => {
      const values = column.filter((value, k) => symbols[k] === kind && Number.isFinite(value));
      if (values.length === 0) return '–';
      const [low, middle, high] = [0.05, 0.5, 0.95].map(q => quantile(values, q).toFixed(2));
      return `${middle} [${low} ${high}]`;
    }),
  ]);
  const heading = ['type', 'beats', ...relativeColumns.map(([name]) => name.replace(/ (mV\/s|ms)$/, ''))];
  const over = leads.length > 1 ? ', mean over the leads' : '';
  const reference = usual === '' ? '' : ` of type ${usual}`;
  return `relative to the record's usual beat${reference} (1 = its median)${over}: median [5–95 %]\n\n${formatTable([heading, ...lines], 1)}`;
}
