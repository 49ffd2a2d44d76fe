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
 * Name of a record's staged file: a hash, so that no record name can lead outside the folder, and records measured with
 * other settings, which an unfinished earlier run may still write, do not collide.
 */
export function stagedName(record: RecordName, settings: string): string {
  const id = createHash('sha256')
    .update(`${recordKey(record)}\n${settings}`)
    .digest('hex')
    .slice(0, 32);
  return `${stagedFolder}/${id.slice(0, 2)}/${id}.record`;
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
const mostJoinedRows = 1000;

/**
 * Stages a record in one file: a checksum of what follows, which detects a file that is incomplete after a power failure,
 * then the status and the blocks, each with its length.
 */
export async function writeStaged(
  store: Store,
  status: RecordStatus,
  blocks: readonly Block[],
): Promise<void> {
  const isJoined = blocks.length > 1 && status.rows <= mostJoinedRows;
  const parts = [
    Buffer.from(JSON.stringify(status)),
    ...(isJoined ? [joinedBlock(blocks)] : blocks).map(block => serialize(block)),
  ];
  const contents = parts.flatMap(part => [lengthBytes(part.length), part]);
  await store.write(stagedName(status, status.settings), Buffer.concat([checksum(contents), ...contents]));
}

function lengthBytes(length: number): Buffer {
  const bytes = Buffer.alloc(lengthSize);
  bytes.writeUInt32LE(length);
  return bytes;
}

const lengthSize = 4;
const checksumSize = 32;

function checksum(contents: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const bytes of contents) hash.update(bytes);
  return hash.digest();
}

/** The status of a staged record; undefined if it is missing or incomplete. */
export async function readStaged(
  store: Store,
  record: RecordName,
  settings: string,
): Promise<RecordStatus | undefined> {
  const bytes = await store.read(stagedName(record, settings));
  if (bytes === undefined || bytes.length < checksumSize) return undefined;
  if (checksum([bytes.subarray(checksumSize)]).compare(bytes, 0, checksumSize) !== 0) return undefined;
  const [status] = partsOf(bytes);
  return JSON.parse(Buffer.from(status!).toString('utf8')) as RecordStatus;
}

/** The rows of a staged record. */
export async function* stagedBlocks(
  store: Store,
  record: RecordName,
  settings: string,
): AsyncGenerator<Block, void, undefined> {
  const bytes = await store.read(stagedName(record, settings));
  for (const part of bytes === undefined ? [] : partsOf(bytes).slice(1)) yield deserialize(part) as Block;
}

/** The status and the blocks of a staged record, as they are stored. */
function partsOf(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = checksumSize; at < bytes.length; ) {
    const from = at + lengthSize;
    at = from + view.getUint32(at, true);
    parts.push(bytes.subarray(from, at));
  }
  return parts;
}

/** Removes a staged record. */
export const removeStaged = (store: Store, record: RecordName, settings: string): Promise<void> =>
  store.remove(stagedName(record, settings));
