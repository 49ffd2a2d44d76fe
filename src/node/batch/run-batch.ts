/**
 * Runs a batch: worker processes measure and stage the records; when all records of a part are staged, the files of
 * the part are written and its staged data are removed. If a run is interrupted, the next run with the same arguments
 * resumes from the data on disk and produces a byte-identical result.
 */
import type { BatchSettings } from '../../analysis/batch/settings.ts';
import { InputError } from '../../input-error.ts';
import { areUnchanged } from './input-files.ts';
import { openStore } from './open-store.ts';
import {
  divide,
  holds,
  isCurrent,
  type Part,
  type PartState,
  readPartState,
  removePartState,
  stagedStatus,
  writePartState,
  writtenParts,
} from './plan.ts';
import { type BatchRecord, type RecordStatus, recordKey } from './record-status.ts';
import { claimSource } from './result-source.ts';
import { measureFingerprints, settingsFingerprint } from './settings.ts';
import { earlierFolder, earlierName, removeStaged, stagedFolder, stagedName } from './staged-record.ts';
import type { Store } from './store.ts';
import { type Summary, writeSummary } from './summary.ts';
import type { BatchPool } from './worker-pool.ts';

export interface BatchOptions {
  readonly records: readonly BatchRecord[];
  /** The source of the records, for the manifest. */
  readonly source: string;
  /** Whether records that the source does not have may be removed from the result of another source. */
  readonly isReplaced?: boolean;
  readonly settings: BatchSettings;
  /** Location of the store, as for `openStore`. */
  readonly store: string;
  readonly recordsPerPart: number;
  /**
   * Processes only every `count`-th part, starting at part `index` (from 0). A sharded run does not write the tables
   * over all records; a later run without `shard` does.
   */
  readonly shard?: { readonly index: number; readonly count: number };
  readonly pool: BatchPool;
  /** Number of records measured concurrently. */
  readonly workers: number;
  /** Called after each record with the number of finished records and the total to process. */
  readonly onProgress?: (done: number, total: number, record: string) => void;
}

export interface BatchResult {
  /** Number of records measured by this run, and number reused from earlier runs. */
  readonly measured: number;
  readonly kept: number;
  /** Among those measured, the number with rows of an earlier run, whose unchanged columns were used again. */
  readonly inPart: number;
  /** Number of records of an earlier result that the source no longer has: their rows are removed. */
  readonly removed: number;
  /** Summary of the whole result; undefined for a shard. */
  readonly summary?: Summary;
  /** Number of records that failed in this run. */
  readonly failed: number;
}

/** A part to be written, and its records that remain to be measured. */
interface PartToWrite {
  readonly part: Part;
  readonly statuses: (RecordStatus | undefined)[];
  /** Whether rows of an earlier result are set aside for each record. */
  readonly hasEarlier: readonly boolean[];
  missing: number;
}

/**
 * Runs a batch. Throws `InputError` if the store contains unrelated files, or records of another source that this one
 * does not have, `WfdbError` if another run is using it,
 * and `StoreError` if it cannot be written to.
 */
export async function runBatch(options: BatchOptions): Promise<BatchResult> {
  const store = await openStore(options.store);
  await checkStore(store);
  // Shards run concurrently on the same store.
  const unlock = options.shard === undefined ? await store.lock() : undefined;
  try {
    return await runIn(store, options);
  } finally {
    await unlock?.();
  }
}

async function runIn(store: Store, options: BatchOptions): Promise<BatchResult> {
  const { settings, shard } = options;
  const fingerprint = settingsFingerprint(settings);
  const all = divide(options.records, options.recordsPerPart);
  const parts = shard === undefined ? all : all.filter((_, k) => k % shard.count === shard.index);
  const removed = await claimSource(store, options.source, all, options.isReplaced ?? false);
  const toWrite = await partsToWrite(store, parts, all, options, fingerprint);
  const { total, failed, inPart } = await measureAndWrite(store, toWrite, options, fingerprint);
  const kept = parts.reduce((sum, part) => sum + part.records.length, 0) - total;
  if (shard !== undefined) return { measured: total, kept, inPart, failed, removed };
  await removeOthers(store, all);
  // Processes of an earlier run, which was killed, may have been writing still when this one began.
  await store.clean();
  const summary = await writeSummary(store, all, options);
  return { measured: total, kept, inPart, failed, removed, summary };
}

const versionFile = '.batch/version';

/** Throws `InputError` if the store contains files but no batch result. */
async function checkStore(store: Store): Promise<void> {
  if ((await store.read(versionFile)) === undefined) {
    const [other] = await store.list('');
    if (other !== undefined) {
      throw new InputError(`${store.place} contains ${other}, but no result of a batch: use another folder`);
    }
    await store.write(versionFile, Buffer.from('1\n'));
  }
  await store.clean();
}

/** The parts that are missing or out of date; reusable records of outdated parts are first staged again. */
async function partsToWrite(
  store: Store,
  parts: readonly Part[],
  all: readonly Part[],
  options: BatchOptions,
  settings: string,
): Promise<PartToWrite[]> {
  const wanted = new Map<string, BatchRecord>();
  const stale: Part[] = [];
  const current = new Set<string>();
  for (const part of parts) {
    if (await isCurrent(store, part, await readPartState(store, part.name), settings)) current.add(part.name);
    else stale.push(part);
  }
  for (const { records } of stale) for (const record of records) wanted.set(recordKey(record), record);
  const mine = new Set(parts.map(({ name }) => name));
  const others = new Set(all.map(({ name }) => name).filter(name => !mine.has(name)));
  for (const name of await writtenParts(store)) {
    // An outdated part that belongs to another shard is left to that shard.
    if (!current.has(name) && !others.has(name)) await restagePart(store, name, wanted, options, settings);
  }
  const staged = new Set(await store.list(stagedFolder));
  const earlier = new Set(await store.list(earlierFolder));
  const toWrite: PartToWrite[] = [];
  for (const part of stale) {
    const statuses: (RecordStatus | undefined)[] = [];
    const hasEarlier: boolean[] = [];
    for (const record of part.records) {
      const isStaged = staged.has(stagedName(record, settings));
      statuses.push(isStaged ? await stagedStatus(store, record, settings) : undefined);
      hasEarlier.push(earlier.has(`${earlierName(record)}.rows`));
    }
    toWrite.push({
      part,
      statuses,
      hasEarlier,
      missing: statuses.filter(status => status === undefined).length,
    });
  }
  return toWrite;
}

/**
 * Stages the reusable records of a written part again, or sets them aside if they were measured with other settings
 * and some measures are unchanged; and deletes the state of the part.
 */
async function restagePart(
  store: Store,
  name: string,
  wanted: ReadonlyMap<string, BatchRecord>,
  { pool, store: place, settings: given }: BatchOptions,
  settings: string,
): Promise<void> {
  const state = await readPartState(store, name);
  if (state === undefined) return;
  const isEarlier = state.settings !== settings;
  const { files, measures = {} } = state;
  const current = measureFingerprints(given);
  const isUseful = !isEarlier || Object.entries(measures).some(([name, of]) => current[name] === of);
  if (isUseful && (await areThere(store, state))) {
    const records: { status: RecordStatus; isWanted: boolean }[] = [];
    for (const status of state.records) {
      const record = wanted.get(recordKey(status));
      const isWanted =
        record !== undefined &&
        (isEarlier
          ? status.measured !== undefined && (await areUnchanged(record.root, status.inputs))
          : await holds(status, record, settings));
      records.push({ status, isWanted });
    }
    if (records.some(({ isWanted }) => isWanted)) {
      await pool.unpackPart({ store: place, measures, files, records, isEarlier });
    }
  }
  await removePartState(store, name);
}

async function areThere(store: Store, { files }: PartState): Promise<boolean> {
  for (const { name, bytes } of files) if ((await store.size(name)) !== bytes) return false;
  return true;
}

/** Measures the missing records in order, and writes each part when it is complete. */
async function measureAndWrite(
  store: Store,
  toWrite: readonly PartToWrite[],
  options: BatchOptions,
  fingerprint: string,
): Promise<{ readonly total: number; readonly failed: number; readonly inPart: number }> {
  const { pool, settings, workers, onProgress } = options;
  const total = toWrite.reduce((sum, { missing }) => sum + missing, 0);
  let done = 0;
  let failed = 0;
  let inPart = 0;

  const writePart = async ({ part, statuses }: PartToWrite): Promise<void> => {
    const records = statuses as RecordStatus[];
    const files = await pool.writePart({
      records: records.map(({ database, record, rows }) => ({ database, record, rows })),
      settings,
      store: options.store,
      name: part.name,
    });
    const measures = measureFingerprints(settings);
    await writePartState(store, { name: part.name, settings: fingerprint, measures, files, records });
    for (const record of records) await removeStaged(store, record, fingerprint);
    statuses.length = 0;
  };
  const work = async function* (): AsyncGenerator<() => Promise<void>, void, undefined> {
    for (const entry of toWrite) {
      if (entry.missing === 0) yield () => writePart(entry);
      for (const [k, record] of entry.part.records.entries()) {
        if (entry.statuses[k] !== undefined) continue;
        yield async () => {
          const status = await pool.measureRecord({
            ...{ record, settings, store: options.store, hasEarlier: entry.hasEarlier[k]! },
          });
          if (entry.hasEarlier[k]) inPart++;
          entry.statuses[k] = status;
          if (status.failure !== undefined) failed++;
          onProgress?.(++done, total, record.record);
          if (--entry.missing === 0) await writePart(entry);
        };
      }
    }
  };
  await inParallel(work(), workers);
  return { total, failed, inPart };
}

/** Runs tasks, at most `width` concurrently. After a failure no further task is started, and its error is thrown. */
async function inParallel(tasks: AsyncGenerator<() => Promise<void>>, width: number): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  const lane = async (): Promise<void> => {
    for (;;) {
      const next = failure === undefined ? await tasks.next() : undefined;
      if (next === undefined || next.done) return;
      try {
        await next.value();
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  if (failure !== undefined) throw failure.error;
}

/** Removes files of earlier runs that are not part of this result, and all staged files. */
async function removeOthers(store: Store, parts: readonly Part[]): Promise<void> {
  const names = new Set<string>();
  for (const { name } of parts) {
    for (const file of (await readPartState(store, name))?.files ?? []) names.add(file.name);
  }
  for (const name of await store.list('beats')) if (!names.has(name)) await store.remove(name);
  for (const folder of [stagedFolder, earlierFolder]) {
    for (const name of await store.list(folder)) await store.remove(name);
  }
}
