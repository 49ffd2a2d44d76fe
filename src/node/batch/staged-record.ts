/** Staged records: the status and rows of a record between its measurement and the writing of its part. */
import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { type Block, joinedBlock } from '../../analysis/batch/columns.ts';
import { type BatchRecord, type RecordStatus, recordKey } from './record-status.ts';
import type { Store } from './store.ts';

/** Folder of all staged records. */
export const stagedFolder = '.batch/staged';

type RecordName = Pick<BatchRecord, 'database' | 'record'>;

/**
 * Base name of a record's staged files, without extension: a hash, so that no record name can lead outside the
 * folder, and records measured with other settings, which an unfinished earlier run may still write, do not collide.
 */
export function stagedName(record: RecordName, settings: string): string {
  const id = createHash('sha256')
    .update(`${recordKey(record)}\n${settings}`)
    .digest('hex')
    .slice(0, 32);
  return `${stagedFolder}/${id.slice(0, 2)}/${id}`;
}

/** Folder of the records of an earlier result that was made with other settings. */
export const earlierFolder = '.batch/earlier';

/** Base name of the files of an earlier record, as `stagedName`. */
export function earlierName(record: RecordName): string {
  const id = createHash('sha256').update(recordKey(record)).digest('hex').slice(0, 32);
  return `${earlierFolder}/${id.slice(0, 2)}/${id}`;
}

/** A record of an earlier result, with the measures that its rows have and their fingerprints. */
export interface EarlierRecord {
  readonly status: RecordStatus;
  readonly measures: Readonly<Record<string, string>>;
  readonly blocks: readonly Block[];
}

/** Sets a record of an earlier result aside, to be used in part. Throws `StoreError`. */
export async function writeEarlier(store: Store, { blocks, ...head }: EarlierRecord): Promise<void> {
  await store.write(`${earlierName(head.status)}.rows`, serialize({ ...head, blocks }));
}

/** The earlier record; undefined if there is none, or it is not of the wanted content. */
export async function readEarlier(store: Store, record: RecordName): Promise<EarlierRecord | undefined> {
  const bytes = await store.read(`${earlierName(record)}.rows`);
  return bytes && (deserialize(bytes) as EarlierRecord);
}

/** Records of at most this many rows are staged as one block: writing and reading many short columns takes longer. */
const mostJoinedRows = 10_000;

/** Stages a record. The status is written last and marks the record as complete. */
export async function writeStaged(
  store: Store,
  status: RecordStatus,
  blocks: readonly Block[],
): Promise<void> {
  const name = stagedName(status, status.settings);
  const isJoined = blocks.length > 1 && status.rows <= mostJoinedRows;
  const parts = (isJoined ? [joinedBlock(blocks)] : blocks).map(block => serialize(block));
  const bytes = Buffer.concat(parts.flatMap(part => [lengthBytes(part.length), part]));
  if (blocks.length > 0) await store.write(`${name}.rows`, bytes);
  const staged: Staged = { status, rowsSha256: blocks.length > 0 ? sha256(bytes) : null };
  await store.write(`${name}.json`, Buffer.from(JSON.stringify(staged)));
}

function lengthBytes(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(length);
  return bytes;
}

/** Content of the status file; the checksum detects rows that are incomplete after a power failure. */
interface Staged {
  readonly status: RecordStatus;
  readonly rowsSha256: string | null;
}

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** The status of a staged record; undefined if it is missing or incomplete. */
export async function readStaged(
  store: Store,
  record: RecordName,
  settings: string,
): Promise<RecordStatus | undefined> {
  const name = stagedName(record, settings);
  const bytes = await store.read(`${name}.json`);
  const staged = bytes && parseStaged(bytes);
  if (staged === undefined || staged.rowsSha256 === null) return staged?.status;
  const rows = await store.read(`${name}.rows`);
  return rows !== undefined && sha256(rows) === staged.rowsSha256 ? staged.status : undefined;
}

function parseStaged(bytes: Uint8Array): Staged | undefined {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as Staged;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The rows of a staged record. */
export async function* stagedBlocks(
  store: Store,
  record: RecordName,
  settings: string,
): AsyncGenerator<Block, void, undefined> {
  const bytes = await store.read(`${stagedName(record, settings)}.rows`);
  if (bytes === undefined) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const length = view.getUint32(at, true);
    yield deserialize(bytes.subarray(at + 4, at + 4 + length)) as Block;
    at += 4 + length;
  }
}

/** Removes the status and rows of a staged record. */
export async function removeStaged(store: Store, record: RecordName, settings: string): Promise<void> {
  const name = stagedName(record, settings);
  await store.remove(`${name}.json`);
  await store.remove(`${name}.rows`);
}
