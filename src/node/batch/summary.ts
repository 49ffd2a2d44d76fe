/** Writes the tables over all records of a batch: `records.parquet`, `errors.jsonl` and `manifest.json`. */

import type { Block, Column } from '../../analysis/batch/columns.ts';
import { columnsOf, type ReadColumn } from '../../analysis/batch/columns.ts';
import { recordColumns } from '../../analysis/batch/measure-recording.ts';
import { measuresNamed } from '../../analysis/batch/measures.ts';
import type { BatchSettings } from '../../analysis/batch/settings.ts';
import { printableJson, withoutCredentials } from '../../printable.ts';
import { packageVersion } from '../package-version.ts';
import { recordsHeading } from './completed-result.ts';
import { createTableWriter } from './parquet-table.ts';
import { type Part, readPartState } from './plan.ts';
import type { RecordStatus } from './record-status.ts';
import { settingsFingerprint, settingsWords } from './settings.ts';
import { type Store, StoreError } from './store.ts';
import { fileMetadata, type ResultFile, writeResultFile } from './tasks.ts';

/** Totals of a complete result. */
export interface Summary {
  readonly records: number;
  readonly failed: number;
  /** Number of records measured with a warning. */
  readonly withWarnings: number;
  readonly beats: number;
  readonly rows: number;
  /** Total duration of ECG, s; records of unknown length count as 0. */
  readonly seconds: number;
  readonly files: number;
}

/** Inputs of the summary. */
export interface SummaryOptions {
  readonly source: string;
  readonly settings: BatchSettings;
}

const column = (
  name: string,
  kind: Column['kind'],
  unit: string,
  says: string,
  of: ReadColumn<RecordStatus>['of'],
): ReadColumn<RecordStatus> => ({ name, kind, unit, says, of });

const required = (of: ReadColumn<RecordStatus>): ReadColumn<RecordStatus> => ({ ...of, required: true });

/** The columns of `records.parquet` that precede those of the measures. */
const columns: readonly ReadColumn<RecordStatus>[] = [
  required(
    column(
      'database',
      'text',
      '',
      'partition of the table of beats that contains its rows',
      status => status.database,
    ),
  ),
  required(column('record', 'text', '', 'name of the record in its database', status => status.record)),
  required(
    column('status', 'text', '', 'done or failed', status =>
      status.failure === undefined ? 'done' : 'failed',
    ),
  ),
  column('container', 'text', '', 'file format of the recording', status => status.measured?.container),
  column(
    'sampling_frequency_Hz',
    'double',
    'Hz',
    'frames per second',
    status => status.measured?.samplingFrequency,
  ),
  column('duration_s', 'double', 's', 'duration of the record', status => status.measured?.duration),
  column('leads', 'text', '', 'measured leads, separated by commas', status =>
    status.measured?.leads.join(','),
  ),
  column('beats', 'integer', '', 'number of beats', status => status.measured?.beats),
  required(
    column(
      'rows',
      'integer',
      '',
      'number of rows in the table of beats: one per beat and lead',
      status => status.rows,
    ),
  ),
  column('beats_from', 'text', '', 'source of the beats', status => status.measured?.beatsFrom),
  column('good_share', 'double', '', 'fraction of its rows with good signal quality', ({ measured, rows }) =>
    measured?.good === undefined || rows === 0 ? undefined : measured.good / rows,
  ),
  column('warnings', 'text', '', 'warnings, one per line', status => status.measured?.warnings.join('\n')),
  column('error_code', 'text', '', 'error code of a failed record', status => status.failure?.code),
  column('error', 'text', '', 'error message of a failed record', status => status.failure?.message),
];

/** Writes the three files from the stored state of each part; the manifest is written last. */
export async function writeSummary(
  store: Store,
  parts: readonly Part[],
  options: SummaryOptions,
): Promise<Summary> {
  const { settings } = options;
  const added = recordColumns(measuresNamed(settings.measures)).map(
    (of, k): ReadColumn<RecordStatus> => ({ ...of, of: status => status.measured?.values[k] }),
  );
  const all = [...columns, ...added];
  const tableFiles: ResultFile[] = [];
  const table = createTableWriter(all, fileMetadata(settings), async file => {
    const name = tableFiles.length === 0 ? 'records.parquet' : `records-${tableFiles.length}.parquet`;
    tableFiles.push(await writeResultFile(store, name, file));
  });
  const errors: string[] = [];
  const records: string[] = [];
  const files: ResultFile[] = [];
  const totals = { records: 0, failed: 0, withWarnings: 0, beats: 0, rows: 0, seconds: 0 };
  for (const part of parts) {
    const state = await readPartState(store, part.name);
    if (state === undefined) throw new StoreError(`${part.name} is missing from the result`);
    files.push(...state.files);
    const block: Block = { rows: state.records.length, values: columnsOf(all, state.records) };
    await table.add(block);
    for (const status of state.records) {
      records.push(printableJson(manifestEntry(status)));
      if (status.failure !== undefined) errors.push(printableJson(errorEntry(status)));
      count(totals, status);
    }
  }
  await table.finish();
  await store.write('errors.jsonl', Buffer.from(errors.map(line => `${line}\n`).join('')));
  const head = {
    program: 'upstroke',
    version: packageVersion,
    source: withoutCredentials(options.source),
    settings: settingsWords(settings),
    settingsFingerprint: settingsFingerprint(settings),
    ...totals,
    files: [...files, ...tableFiles],
  };
  await store.write('manifest.json', manifestBytes(head, records));
  return { ...totals, files: files.length };
}

function count(
  totals: { -readonly [K in keyof Omit<Summary, 'files'>]: number },
  { measured, failure, rows }: RecordStatus,
): void {
  totals.records++;
  totals.failed += failure === undefined ? 0 : 1;
  totals.withWarnings += (measured?.warnings.length ?? 0) > 0 ? 1 : 0;
  totals.beats += measured?.beats ?? 0;
  totals.rows += rows;
  totals.seconds += measured?.duration ?? 0;
}

function manifestEntry({ database, record, inputs, rows, measured, failure }: RecordStatus) {
  return {
    database,
    record,
    status: failure === undefined ? 'done' : 'failed',
    inputs: inputs.map(({ file, sha256 }) => ({ file, sha256: sha256 ?? null })),
    ...(measured && {
      rows,
      beats: measured.beats,
      beatsFrom: measured.beatsFrom,
      warnings: measured.warnings,
    }),
    ...(measured?.good !== undefined && rows > 0 && { goodShare: measured.good / rows }),
    ...(failure && { error: { code: failure.code, message: failure.message } }),
  };
}

const errorEntry = ({ database, record, failure }: RecordStatus) => ({
  database,
  record,
  code: failure!.code,
  message: failure!.message,
});

/**
 * The manifest as JSON with one record per line, built in pieces because a single string could exceed the maximum
 * length.
 */
function manifestBytes(head: object, records: readonly string[]): Uint8Array {
  const begin = `${printableJson(head, 1).slice(0, -2)}${recordsHeading}`;
  const pieces = [Buffer.from(begin)];
  for (let from = 0; from < records.length; from += 10_000) {
    const lines = records.slice(from, from + 10_000).map(line => `  ${line}`);
    pieces.push(Buffer.from(lines.join(',\n') + (from + 10_000 < records.length ? ',\n' : '\n')));
  }
  pieces.push(Buffer.from(' ]\n}\n'));
  return Buffer.concat(pieces);
}
