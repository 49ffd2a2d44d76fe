/** Writes a table of beats or windows as CSV, or as Parquet if the file name has that extension. */
import type { Cell, Column, ColumnKind } from '../analysis/batch/columns.ts';
import { valuesOf } from '../analysis/batch/columns.ts';
import { InputError } from '../input-error.ts';
import { createTableWriter } from './batch/parquet-table.ts';
import type { RunFiles } from './run-files.ts';

type Row = Readonly<Record<string, Cell>>;

/** Converts a part of the beats or windows to rows, and to lines of CSV, with a header line if requested. */
export interface BeatTableFormat<T> {
  rows(part: T): readonly Row[];
  csv(part: T, header: boolean): string;
}

export interface BeatTable<T> {
  write(part: T): Promise<void>;
  close(): Promise<void>;
}

/**
 * Stages the file at `path`, to which parts are then written one by one. Parquet has the same columns and values as
 * CSV, with null for missing values; the compressed file is held in memory until it is closed. Throws `InputError` as
 * `RunFiles` does, and for a Parquet table without rows, whose columns are unknown.
 */
export async function openBeatTable<T>(
  files: RunFiles,
  path: string,
  format: BeatTableFormat<T>,
): Promise<BeatTable<T>> {
  if (/\.parquet$/i.test(path)) return openParquet(files, path, format);
  const stream = await files.stream(path);
  let isFirst = true;
  return {
    async write(part) {
      await stream.write(format.csv(part, isFirst));
      isFirst = false;
    },
    close: () => stream.close(),
  };
}

function openParquet<T>(files: RunFiles, path: string, format: BeatTableFormat<T>): BeatTable<T> {
  let columns: readonly Column[] = [];
  let writer: ReturnType<typeof createTableWriter> | undefined;
  return {
    async write(part) {
      const rows = format.rows(part);
      if (rows.length === 0) return;
      if (writer === undefined) {
        columns = Object.keys(rows[0]!).map(columnOf);
        writer = createTableWriter(
          columns,
          {},
          ({ bytes }) => files.write(path, bytes),
          Number.POSITIVE_INFINITY,
        );
      }
      await writer.add({
        rows: rows.length,
        values: columns.map(({ name, kind }) => valuesOf(kind, rows.length, k => rows[k]![name])),
      });
    },
    async close() {
      if (writer === undefined) throw new InputError(`${path}: there is no row to write`);
      await writer.finish();
    },
  };
}

const texts = [
  'record',
  'lead',
  'leads',
  'symbol',
  'polarity',
  'quality_flags',
  'scheme',
  'qrs_pattern',
  'beats_from',
  'undefined_because',
];
const booleans = [
  'quality_good',
  'voltage_assumed',
  'baseline_removed',
  'has_qrs_complexes',
  'much_corrected',
];
const integers = [
  'beat',
  'beats',
  'nn_count',
  'rr_count',
  'deflections',
  'notches',
  'line_window_points',
  'line_upsampling',
];

/** Unit suffixes of column names, which may be followed by `_se` or `_bias`, and the units they denote. */
const units: readonly (readonly [string, string])[] = [
  ['_mV_per_s', 'mV/s'],
  ['_1_per_s', '1/s'],
  ['_mV', 'mV'],
  ['_ms', 'ms'],
  ['_s2', 's²'],
  ['_s', 's'],
  ['_per_min', '1/min'],
  ['_Hz', 'Hz'],
  ['_deg', '°'],
];

/** Type and unit of a column, derived from its name. */
function columnOf(name: string): Column {
  const kind: ColumnKind = texts.includes(name)
    ? 'text'
    : booleans.includes(name) || name.endsWith('_agrees')
      ? 'boolean'
      : integers.includes(name)
        ? 'integer'
        : /(^|_)sample$/.test(name)
          ? 'long'
          : 'double';
  const quantity = name.replace(/_(se|bias)$/, '');
  if (kind === 'long') return { name, kind, unit: 'samples', says: name.replaceAll('_', ' ') };
  const unit = units.find(([end]) => quantity.endsWith(end))?.[1] ?? '';
  return { name, kind, unit, says: name.replaceAll('_', ' ') };
}
