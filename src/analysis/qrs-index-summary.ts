/**
 * The QRS indices of a record as a table: the median for each lead, the mean of their sizes over the leads, each type of
 * beat relative to the record's usual beat, and, for a recording with an event, the relative factor of change.
 */
import { isDetectedWithoutQrs } from '../beat/quality/without-qrs.ts';
import { relativeToRecord } from '../beat/slopes/lead-summary.ts';
import type { SlopeOptions } from '../beat/slopes/measure-slopes.ts';
import { type RelativeChange, relativeChange, type TimeRange } from '../beat/slopes/relative-change.ts';
import { median, quantile } from '../statistics.ts';
import type { RecordingBeats } from './lead-beats.ts';
import { type LeadSlopeSummary, type MeasuredRun, measureLeads } from './lead-slopes.ts';
import type { OpenRecording } from './open-recording.ts';

/** An index of the table. */
export interface IndexColumn {
  readonly name: string;
  /** Empty for a dimensionless index. */
  readonly unit: string;
  /** Number of decimals to show. */
  readonly decimals: number;
  /** Whether a ratio to the usual value is meaningful: not for counts. */
  readonly isRatio: boolean;
}

type Row = NonNullable<MeasuredRun['indices']>[number] & {
  readonly rPeakTime: number | undefined;
  /** Peak-to-peak amplitude of the QRS complex, mV. */
  readonly peakToPeak: number | undefined;
  readonly symbol: string;
  /** Whether this is a beat, and not detected in a span without QRS complexes: then there are no indices. */
  readonly isBeat: boolean;
  /** R peak, s from the start of the record. */
  readonly time: number;
};

const noIndices: Omit<Row, 'symbol' | 'isBeat' | 'time'> = {
  ...{ q: undefined, r: undefined, s: undefined, ius: undefined, ids: undefined, its: undefined },
  ...{ initialOverTerminal: undefined, deflections: undefined, notches: undefined },
  ...{ slopeEnergyWidth: undefined, rPeakTime: undefined, peakToPeak: undefined },
};

const scaled = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : 1000 * seconds;

const slopeUnit = 'mV/s';
const indices: readonly (IndexColumn & { readonly of: (row: Row) => number | undefined })[] = [
  { name: 'IUS', unit: slopeUnit, decimals: 0, isRatio: true, of: row => row.ius },
  { name: 'IDS', unit: slopeUnit, decimals: 0, isRatio: true, of: row => row.ids },
  { name: 'ITS', unit: slopeUnit, decimals: 0, isRatio: true, of: row => row.its },
  { name: 'vi/vt', unit: '', decimals: 2, isRatio: true, of: row => row.initialOverTerminal },
  { name: 'notches', unit: '', decimals: 1, isRatio: false, of: row => row.notches },
  { name: 'deflections', unit: '', decimals: 1, isRatio: false, of: row => row.deflections },
  {
    name: 'slope-energy width',
    unit: 'ms',
    decimals: 0,
    isRatio: true,
    of: row => scaled(row.slopeEnergyWidth),
  },
  { name: 'R peak time', unit: 'ms', decimals: 0, isRatio: true, of: row => scaled(row.rPeakTime) },
];

/** The 5th, 50th and 95th percentile of ratios to the usual value. */
export interface RatioSpread {
  readonly p5: number;
  readonly median: number;
  readonly p95: number;
}

/** The table as plain data; `null` stands for what could not be measured. Values are in the order of the columns. */
export interface IndexTable {
  readonly columns: readonly IndexColumn[];
  /** Median over the beats of each lead. */
  readonly leads: readonly { readonly lead: string; readonly medians: readonly (number | null)[] }[];
  /** Mean over the leads of the sizes of the medians. */
  readonly mean: readonly (number | null)[];
  /** Symbol of the most frequent type of beat, whose median is 1 in `types`; empty without labels. */
  readonly usual: string;
  /** Each type of beat relative to it, averaged over the leads. */
  readonly types: readonly {
    readonly symbol: string;
    readonly beats: number;
    readonly relative: readonly (RatioSpread | null)[];
  }[];
}

/** The change of each index of a lead during an event; beats of the usual type. */
export interface IndexChange {
  readonly lead: string;
  readonly changes: readonly (RelativeChange | null)[];
  /**
   * The same of beats normalised in amplitude: each slope times the median peak-to-peak amplitude of the QRS complexes in
   * the control segment over that of the beat, so that a change of amplitude alone is none. Of slopes only.
   */
  readonly normalized: readonly (RelativeChange | null)[];
}

/** Accumulates measured beats. */
export interface IndexSummary {
  add(run: MeasuredRun): void;
  table(): IndexTable;
  /** Throws `RangeError` as `relativeChange` does. */
  changes(control: TimeRange, event: TimeRange): IndexChange[];
}

/** Creates an empty summary; runs must have been measured with their QRS indices. */
export function createIndexSummary(): IndexSummary {
  const byLead = new Map<string, Row[]>();
  return {
    add({ lead, start, indices: measured = [], measurement, symbols, quality }) {
      const rows = byLead.get(lead) ?? [];
      byLead.set(lead, rows);
      const { samplingFrequency } = measurement.provenance;
      for (const [k, of] of measured.entries()) {
        const { rPeak, rPeakTime, peakToPeak } = measurement.beats[k]!;
        const isBeat = !isDetectedWithoutQrs(symbols[k]!, quality[k]!);
        rows.push({
          ...(isBeat ? { ...of, rPeakTime, peakToPeak } : noIndices),
          symbol: symbols[k]!,
          isBeat,
          time: (rPeak + start) / samplingFrequency,
        });
      }
    },
    table() {
      const leads = [...byLead].map(([lead, rows]) => ({
        lead,
        medians: indices.map(({ of }) => finiteOrNull(median(rows.map(row => of(row) ?? Number.NaN)))),
      }));
      const mean = indices.map((_, column) =>
        meanOf(
          leads.flatMap(({ medians }) => (medians[column] === null ? [] : [Math.abs(medians[column]!)])),
        ),
      );
      const columns = indices.map(({ of: _, ...column }) => column);
      return { columns, leads, mean, ...relativeTypes([...byLead.values()]) };
    },
    changes(control, event) {
      const usual = typesOf([...byLead.values()])[0]?.[0];
      return [...byLead].map(([lead, all]) => {
        const rows = all.filter(({ symbol }) => symbol === usual);
        const times = rows.map(({ time }) => time);
        const changeOf = (of: (row: Row) => number | undefined) =>
          relativeChange(rows.map(of), times, control, event) ?? null;
        const atRest = rows.filter(({ time }) => time >= control.startSeconds && time < control.endSeconds);
        const reference = median(atRest.map(({ peakToPeak }) => peakToPeak ?? Number.NaN));
        const normalizedOf = (row: Row, slope: number | undefined): number | undefined =>
          slope === undefined || !(row.peakToPeak! > 0) ? undefined : (slope * reference) / row.peakToPeak!;
        return {
          lead,
          changes: indices.map(({ of }) => changeOf(of)),
          normalized: indices.map(({ of, unit }) =>
            unit === slopeUnit ? changeOf(row => normalizedOf(row, of(row))) : null,
          ),
        };
      });
    },
  };
}

export interface IndexTableOptions extends SlopeOptions {
  /** Called with the summary of each lead, of which the table uses nothing. */
  readonly onLead?: (summary: LeadSlopeSummary) => void;
}

/**
 * The table of the named leads of a recording, measured part by part. Throws `InputError` as `measureLeads` does.
 *
 * @example
 * const recording = await openRecording(source, 'synth/twelve');
 * const beats = await beatsOf(recording, ['II', 'V2'], 'detector');
 * (await indexTableOf(recording, ['II', 'V2'], beats)).leads.length // => 2
 */
export async function indexTableOf(
  recording: OpenRecording,
  leads: readonly string[],
  beats: RecordingBeats,
  { onLead, ...options }: IndexTableOptions = {},
): Promise<IndexTable> {
  const summary = createIndexSummary();
  const measured = measureLeads(recording, leads, beats, {
    ...options,
    indices: true,
    async onRun(run) {
      summary.add(run);
    },
  });
  for await (const lead of measured) onLead?.(lead);
  return summary.table();
}

/** Types of beat and their numbers, the most frequent first. */
function typesOf(leads: readonly (readonly Row[])[]): (readonly [symbol: string, beats: number])[] {
  const counts = new Map<string, number>();
  for (const { symbol, isBeat } of leads[0] ?? [])
    if (isBeat) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

/**
 * In each lead, a beat's index is divided by the median over the beats of the most frequent type; the ratios are
 * averaged over the leads.
 */
function relativeTypes(leads: readonly (readonly Row[])[]): Pick<IndexTable, 'usual' | 'types'> {
  const symbols = leads[0]?.map(({ symbol }) => symbol) ?? [];
  const types = typesOf(leads);
  const usual = types[0]?.[0] ?? '';
  const overLeads = indices.map(({ of, isRatio }) => {
    if (!isRatio) return undefined;
    const relative = leads.map(rows => relativeToRecord(rows.map(of), k => symbols[k] === usual));
    return symbols.map((_, k) => meanOf(relative.flatMap(lead => lead[k] ?? [])));
  });
  return {
    usual,
    types: types.map(([symbol, beats]) => ({
      symbol,
      beats,
      relative: overLeads.map(ratios => {
        const values = (ratios ?? []).filter(
          (value, k) => value !== null && symbols[k] === symbol,
        ) as number[];
        if (values.length === 0) return null;
        const [p5, middle, p95] = [0.05, 0.5, 0.95].map(q => quantile(values, q));
        return { p5: p5!, median: middle!, p95: p95! };
      }),
    })),
  };
}

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : finiteOrNull(values.reduce((sum, value) => sum + value, 0) / values.length);

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/**
 * The table as rows of CSV cells: one per lead and one for the mean over the leads (`statistic` median), then one per
 * type of beat with its median ratio (`statistic` ratio), and one per lead with the factors of change (`statistic`
 * factor_of_change) where they are given.
 */
export function indexTableRows(
  record: string,
  table: IndexTable,
  changes: readonly IndexChange[] = [],
): Record<string, string | number | null>[] {
  const cells = (values: readonly (number | null)[], hasUnit: boolean) =>
    Object.fromEntries(
      table.columns.map(({ name, unit }, k) => {
        const id = name.toLowerCase().replace(/[^a-z]+/g, '_');
        const suffix = unit === '' ? '' : `_${unit.replace('/', '_per_')}`;
        return [hasUnit ? `${id}${suffix}` : `${id}_ratio`, values[k] ?? null];
      }),
    );
  const none = table.columns.map(() => null);
  const row = (
    of: { readonly statistic: string; readonly lead: string; readonly type: string },
    medians: readonly (number | null)[],
    ratios: readonly (number | null)[],
  ) => ({ record, ...of, ...cells(medians, true), ...cells(ratios, false) });
  return [
    ...table.leads.map(({ lead, medians }) => row({ statistic: 'median', lead, type: '' }, medians, none)),
    row({ statistic: 'mean of sizes', lead: 'all', type: '' }, table.mean, none),
    ...table.types.map(({ symbol, relative }) =>
      row(
        { statistic: 'relative to the usual beat', lead: 'all', type: symbol },
        none,
        relative.map(of => of?.median ?? null),
      ),
    ),
    ...changes.flatMap(({ lead, changes: of, normalized }) => {
      const rowOf = (statistic: string, factors: IndexChange['changes']) =>
        row(
          { statistic, lead, type: table.usual },
          none,
          factors.map(change => change?.factor ?? null),
        );
      return [
        rowOf('relative factor of change', of),
        rowOf('relative factor of change, normalized', normalized),
      ];
    }),
  ];
}
