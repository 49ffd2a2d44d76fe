/**
 * Tasks of a worker process of a batch: measuring a record, writing a part of the result, and staging the records of
 * a part again.
 */

import { createHash } from 'node:crypto';
import { type Block, type Column, joined } from '../../analysis/batch/columns.ts';
import type { EarlierRows } from '../../analysis/batch/earlier-rows.ts';
import { beatColumns, measureRecording } from '../../analysis/batch/measure-recording.ts';
import { measuresNamed } from '../../analysis/batch/measures.ts';
import { type BatchSettings, measureSetup } from '../../analysis/batch/settings.ts';
import { openRecording } from '../../analysis/open-recording.ts';
import { InputError } from '../../input-error.ts';
import { WfdbError } from '../../wfdb/errors.ts';
import type { Source } from '../../wfdb/source.ts';
import { packageVersion } from '../package-version.ts';
import { searchPathSource } from '../search-path.ts';
import { batchModel, OtherModelError } from './batch-model.ts';
import { fetchedSource } from './fetched-source.ts';
import { areUnchanged, type InputFile, inputsOf, isUrl, notingSource, stateOf } from './input-files.ts';
import { openStore } from './open-store.ts';
import { createTableWriter, openTable, type ReadRows, type TableFile } from './parquet-table.ts';
import { type RecordFiles, recordFiles } from './record-files.ts';
import type { BatchRecord, RecordFailure, RecordStatus } from './record-status.ts';
import { measureFingerprints, settingsFingerprint, settingsWords } from './settings.ts';
import { type EarlierRecord, readEarlier, stagedBlocks, writeEarlier, writeStaged } from './staged-record.ts';
import { type Store, StoreError } from './store.ts';

/** Notice included in every file of the result. */
const notice = 'Research use only, not for diagnosis.';

export interface RecordTask {
  readonly record: BatchRecord;
  readonly settings: BatchSettings;
  /** Location of the store, as for `openStore`. */
  readonly store: string;
  /** Whether rows of an earlier result are set aside for the record (`writeEarlier`). */
  readonly hasEarlier: boolean;
}

/** Measures a record and stages the outcome, including failures. Throws only `StoreError`. */
export async function measureRecord({
  record,
  settings,
  store: place,
  hasEarlier,
}: RecordTask): Promise<RecordStatus> {
  const store = await openStore(place);
  const earlier = hasEarlier ? await readEarlier(store, record) : undefined;
  let blocks: Block[] = [];
  let status = await statusOf(record, settings, blocks, earlier);
  if (earlier !== undefined && !(await areUnchanged(record.root, earlier.status.inputs))) {
    // The files changed since the earlier result, or while they were read.
    blocks = [];
    status = await statusOf(record, settings, blocks, undefined);
  }
  await writeStaged(store, status, status.failure === undefined ? blocks : []);
  return status;
}

/** The rows of an earlier result as they can be used with the settings; undefined if all has to be measured. */
function earlierRows(earlier: EarlierRecord | undefined, settings: BatchSettings): EarlierRows | undefined {
  const measured = earlier?.status.measured;
  if (measured === undefined || measured.beats === 0) return undefined;
  const fingerprints = measureFingerprints(settings);
  const measures = measuresNamed(Object.keys(earlier!.measures));
  const unchanged = measures.filter(({ name }) => earlier!.measures[name] === fingerprints[name]);
  return unchanged.length === 0 ? undefined : { measured, blocks: earlier!.blocks, measures, unchanged };
}

async function statusOf(
  record: BatchRecord,
  settings: BatchSettings,
  blocks: Block[],
  earlierRecord: EarlierRecord | undefined,
): Promise<RecordStatus> {
  const { database, record: name, root } = record;
  const head = { database, record: name, settings: settingsFingerprint(settings) };
  const files = isUrl(root) ? await fetchedFiles(root) : recordFiles(root);
  const source = notingSource(files);
  const earlier = earlierRows(earlierRecord, settings);
  const inputs = async (): Promise<readonly InputFile[]> =>
    earlier === undefined ? inputsOf(source.asked, files.inputOf) : earlierRecord!.status.inputs;
  try {
    const measured = await measure(record, settings, source, { blocks, earlier });
    const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
    return { ...head, inputs: await inputs(), rows, measured };
  } catch (error) {
    const failure = failureOf(error);
    try {
      return { ...head, inputs: await inputs(), rows: 0, failure };
    } catch {
      // The cause of the failure may also prevent hashing the files; the inputs then cannot be compared later, so the
      // record is retried.
      return { ...head, inputs: [], rows: 0, failure: { ...failure, isFinal: false } };
    }
  } finally {
    await files.close?.();
  }
}

/** The files of a record at a URL, in their state on the server after they were fetched. */
async function fetchedFiles(root: string): Promise<RecordFiles> {
  const fetched = await fetchedSource(searchPathSource(root));
  const inputOf = async (file: string): Promise<InputFile> => {
    const state = await stateOf(root, file);
    return state === undefined ? { file } : { file, sha256: await fetched.sumOf(file), ...state };
  };
  return { ...fetched, inputOf };
}

async function measure(
  { name, record }: BatchRecord,
  settings: BatchSettings,
  source: Source,
  { blocks, earlier }: { readonly blocks: Block[]; readonly earlier: EarlierRows | undefined },
) {
  const { measures, settings: given } = measureSetup(settings, await batchModel(settings.model));
  const recording = await openRecording(source, name, settings.reading);
  return measureRecording(recording, {
    ...given,
    name: record,
    beatsFrom: settings.beatsFrom,
    ...(settings.filter && { filter: settings.filter }),
    measures,
    ...(earlier && { earlier }),
    async onBlock(block) {
      blocks.push(block);
    },
  });
}

function failureOf(error: unknown): RecordFailure {
  if (!(error instanceof Error)) return { code: 'defect', message: String(error), isFinal: true };
  const message = error.message.split('\n')[0]!;
  if (error instanceof WfdbError) return { code: error.code, message, isFinal: error.code !== 'network' };
  if (error instanceof InputError) return { code: 'unusable', message, isFinal: true };
  if (error instanceof RangeError && /allocation|array (buffer|length)/i.test(message)) {
    return { code: 'memory-limit', message: 'more memory than available', isFinal: false };
  }
  if (error instanceof OtherModelError) return { code: 'system', message, isFinal: false };
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === 'string' && /^E[A-Z0-9]+$/.test(code))
    return { code: 'system', message, isFinal: false };
  return { code: 'defect', message, isFinal: true };
}

export interface PartTask {
  /** The records, each with its number of rows. */
  readonly records: readonly Pick<RecordStatus, 'database' | 'record' | 'rows'>[];
  readonly settings: BatchSettings;
  readonly store: string;
  /** Base name of the part's first file, without extension; further files end in `-1`, `-2`, … */
  readonly name: string;
}

/** A file of the result. */
export interface ResultFile {
  readonly name: string;
  readonly bytes: number;
  readonly rows: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
}

/** Writes a file of the result and describes it. Throws `StoreError`. */
export async function writeResultFile(
  store: Store,
  name: string,
  { bytes, rows }: TableFile,
): Promise<ResultFile> {
  await store.write(name, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { name, bytes: bytes.length, rows, sha256 };
}

/** Writes the Parquet files of a part from its staged records. Throws `StoreError`. */
export async function writePart({ records, settings, store: place, name }: PartTask): Promise<ResultFile[]> {
  const store = await openStore(place);
  const columns = columnsOf(settings);
  const files: ResultFile[] = [];
  const table = createTableWriter(columns, fileMetadata(settings), async file => {
    const suffix = files.length === 0 ? '' : `-${files.length}`;
    files.push(await writeResultFile(store, `${name}${suffix}.parquet`, file));
  });
  const fingerprint = settingsFingerprint(settings);
  for (const record of records) {
    let rows = 0;
    for await (const block of stagedBlocks(store, record, fingerprint)) {
      rows += block.rows;
      await table.add(block);
    }
    if (rows !== record.rows) {
      throw new StoreError(
        `${record.record} has ${rows} staged rows of ${record.rows}: is another run at work in ${place}?`,
      );
    }
  }
  await table.finish();
  return files;
}

/** The columns of the table of beats for the measures of the settings. */
const columnsOf = ({ measures }: BatchSettings) => beatColumns(measuresNamed(measures));

/** Metadata stored in each Parquet file. */
export const fileMetadata = (settings: BatchSettings): Record<string, string> => ({
  upstroke: JSON.stringify({
    version: packageVersion,
    settings: settingsWords(settings),
    columns: columnsOf(settings).map(({ name, unit, says }) => ({ name, unit, description: says })),
    notice,
  }),
});

export interface UnpackTask {
  readonly store: string;
  /** The measures of the part, and their fingerprints. */
  readonly measures: Readonly<Record<string, string>>;
  readonly files: readonly ResultFile[];
  /** The records of the part in order, and whether each is to be reused. */
  readonly records: readonly { readonly status: RecordStatus; readonly isWanted: boolean }[];
  /** Whether the part was made with other settings: its records are then set aside, to be used in part. */
  readonly isEarlier: boolean;
}

/** Stages the records to be reused of a part again, from its files. Throws `StoreError`. */
export async function unpackPart({
  store: place,
  measures,
  files,
  records,
  isEarlier,
}: UnpackTask): Promise<void> {
  const store = await openStore(place);
  const columns = beatColumns(measuresNamed(Object.keys(measures)));
  const read = rowsOfPart(store, files, columns);
  let from = 0;
  for (const { status, isWanted } of records) {
    const to = from + status.rows;
    if (isWanted && isEarlier) {
      await writeEarlier(store, { status, measures, blocks: await leadBlocks(read, status, from) });
    } else if (isWanted) {
      await writeStaged(store, status, await read(from, to));
    }
    from = to;
  }
}

/** The rows of a record that begins at row `from` of its part, one block per lead. */
async function leadBlocks(read: ReadBlocks, { measured }: RecordStatus, from: number): Promise<Block[]> {
  const { leads = [], beats = 0 } = measured ?? {};
  const blocks: Block[] = [];
  for (const k of leads.keys()) {
    const parts = await read(from + k * beats, from + (k + 1) * beats);
    const values = parts[0]?.values.map((_, column) => joined(parts.map(part => part.values[column]!)));
    blocks.push({ rows: beats, values: values ?? [] });
  }
  return blocks;
}

type ReadBlocks = (from: number, to: number) => Promise<Block[]>;

/** A function that reads rows `[from, to)`, counted over all files of a part, in increasing order. */
function rowsOfPart(store: Store, files: readonly ResultFile[], columns: readonly Column[]): ReadBlocks {
  let latest: { readonly name: string; readonly read: ReadRows } | undefined;
  const opened = async (name: string): Promise<ReadRows> => {
    if (latest?.name !== name) {
      const bytes = await store.read(name);
      if (bytes === undefined) throw new StoreError(`${name} is missing from the result`);
      latest = { name, read: await openTable(name, bytes, columns) };
    }
    return latest.read;
  };
  return async (from, to) => {
    const blocks: Block[] = [];
    let start = 0;
    for (const { name, rows } of files) {
      const [first, end] = [Math.max(from, start) - start, Math.min(to, start + rows) - start];
      if (first < end) blocks.push(await (await opened(name))(first, end));
      start += rows;
    }
    return blocks;
  };
}
