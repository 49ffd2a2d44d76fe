/**
 * Divides a result into parts: the records of each database in order, a limited number per part, with at least one
 * Parquet file for each part. It also decides what to reuse from earlier runs: parts that are up to date, and within
 * other parts every record whose input files and settings are unchanged.
 */
import { areUnchanged } from './input-files.ts';
import { type BatchRecord, type RecordStatus, recordKey } from './record-status.ts';
import { readStaged } from './staged-record.ts';
import type { Store } from './store.ts';
import type { ResultFile } from './tasks.ts';

/** A part: its base name in the result, without file extension, and its records. */
export interface Part {
  readonly name: string;
  readonly records: readonly BatchRecord[];
}

/** State of a written part, stored with the result. */
export interface PartState {
  readonly name: string;
  readonly settings: string;
  /** The measures, in the order of their columns, and their fingerprints. */
  readonly measures: Readonly<Record<string, string>>;
  readonly files: readonly ResultFile[];
  readonly records: readonly RecordStatus[];
}

const stateFolder = '.batch/parts';
const stateName = (part: string): string => `${stateFolder}/${part}.json`;

/** Divides records into parts of at most `recordsPerPart`; the parts of each database are numbered. */
export function divide(records: readonly BatchRecord[], recordsPerPart: number): readonly Part[] {
  const databases = new Map<string, BatchRecord[]>();
  for (const record of records) {
    const list = databases.get(record.database);
    if (list === undefined) databases.set(record.database, [record]);
    else list.push(record);
  }
  return [...databases].flatMap(([database, all]) =>
    Array.from({ length: Math.ceil(all.length / recordsPerPart) }, (_, k) => ({
      name: `beats/database=${partitionName(database)}/part-${String(k).padStart(5, '0')}`,
      records: all.slice(k * recordsPerPart, (k + 1) * recordsPerPart),
    })),
  );
}

/** Partition directory names as in Hive: characters not allowed in a path are percent-encoded. */
const partitionName = (database: string): string =>
  encodeURIComponent(database).replace(/^\.+/, dots => '%2E'.repeat(dots.length));

/** Reads the state of a part; undefined if it has not been written. */
export async function readPartState(store: Store, name: string): Promise<PartState | undefined> {
  const bytes = await store.read(stateName(name));
  return bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as PartState);
}

/** Stores the state of a part. Throws `StoreError`. */
export const writePartState = (store: Store, state: PartState): Promise<void> =>
  store.write(stateName(state.name), Buffer.from(JSON.stringify(state)));

/** Deletes the state of a part, which marks the part as not written. */
export const removePartState = (store: Store, name: string): Promise<void> => store.remove(stateName(name));

/** The names of all parts written by earlier runs. */
export async function writtenParts(store: Store): Promise<string[]> {
  const names = await store.list(stateFolder);
  return names
    .filter(name => name.endsWith('.json'))
    .map(name => name.slice(stateFolder.length + 1, -'.json'.length));
}

/**
 * Whether a stored status is still valid for a record: same settings, unchanged inputs, and no failure that may be
 * retried.
 */
export async function holds(status: RecordStatus, record: BatchRecord, settings: string): Promise<boolean> {
  if (status.settings !== settings || status.failure?.isFinal === false) return false;
  // A record name that leads outside its folder fails before any file is read.
  if (status.inputs.length === 0) return status.failure !== undefined;
  return areUnchanged(record.root, status.inputs);
}

/** Whether a written part is identical to what this run would write. */
export async function isCurrent(
  store: Store,
  part: Part,
  state: PartState | undefined,
  settings: string,
): Promise<boolean> {
  if (state === undefined || state.settings !== settings) return false;
  const keys = (list: readonly { database: string; record: string }[]): string =>
    list.map(recordKey).join('\n\n');
  if (keys(state.records) !== keys(part.records)) return false;
  for (const { name, bytes } of state.files) if ((await store.size(name)) !== bytes) return false;
  for (const [k, record] of part.records.entries()) {
    if (!(await holds(state.records[k]!, record, settings))) return false;
  }
  return true;
}

/** The status of a staged record if it is still valid; undefined if the record must be measured. */
export async function stagedStatus(
  store: Store,
  record: BatchRecord,
  settings: string,
): Promise<RecordStatus | undefined> {
  const status = await readStaged(store, record, settings);
  return status !== undefined && (await holds(status, record, settings)) ? status : undefined;
}
