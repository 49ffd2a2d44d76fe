/** Locks a folder for one run with a lock file that identifies its process; stale locks are taken over. */
import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { WfdbError } from '../wfdb/errors.ts';
import { isRunning } from './running-process.ts';
import { partName, sweepParts } from './temporary-files.ts';

/** Default name of the lock file in its folder. */
export const lockName = '.download.lock';

export interface LockOptions {
  /** Name of the lock file. */
  readonly name?: string;
  /** Description of the locked operation, for error messages. */
  readonly what?: string;
  /** Whether locks held by processes on other machines, whose state cannot be checked, are respected. */
  readonly otherMachines?: boolean;
}

/**
 * Locks a folder, and returns a function that releases the lock. Throws `WfdbError` with code `not-writable` if
 * another run holds it. A lock whose process is no longer running on this machine is taken over.
 */
export async function lockFolder(
  folder: string,
  { name = lockName, what = 'download into this folder', otherMachines = true }: LockOptions = {},
): Promise<() => Promise<void>> {
  const path = join(folder, name);
  const id = randomBytes(8).toString('hex');
  const mine = JSON.stringify({ process: process.pid, host: hostname(), started: started(), id });
  for (let tries = 0; tries < 20; tries++) {
    if (await create(path, mine)) {
      await sweepParts(folder);
      return async () => {
        if ((await contentOf(path)) === mine) await rm(path, { force: true });
      };
    }
    const held = await contentOf(path);
    if (held === undefined) continue; // released in the meantime
    if (isLive(held, otherMachines)) throw busy(path, held, what);
    await takeAway(path, held);
  }
  throw busy(path, 'many runs that start and end', what);
}

/** Start time of this process, ms since 1970; the same in all its threads. */
const started = (): number => Math.round(Date.now() - process.uptime() * 1000);
/** Tolerance within which two results of `started` are considered equal, ms. */
const startToleranceMs = 5000;

/** A temporary name in the lock's folder; the next run removes it if this one is killed. */
const beside = (path: string): string => join(dirname(path), partName(randomBytes(6).toString('hex')));

async function create(path: string, content: string): Promise<boolean> {
  // Written to a temporary file and linked, so that the lock is never read half-written; linking fails if a lock
  // exists.
  const draft = beside(path);
  const file = await open(draft, 'wx');
  try {
    await file.writeFile(content);
    await file.close();
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes a stale lock, but not one created in the meantime. */
async function takeAway(path: string, stale: string): Promise<void> {
  const aside = beside(path);
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await contentOf(aside)) !== stale) await link(aside, path).catch(() => {}); // the lock of another run: restored
  await rm(aside, { force: true });
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether the process named in a lock may still be running; `otherMachines` is the answer for other machines. */
function isLive(content: string, otherMachines: boolean): boolean {
  const owner = ownerOf(content);
  if (owner === undefined) return false;
  if (owner.host !== hostname()) return otherMachines;
  // In a restarted container a new process may have the same process ID as the previous one.
  const { started: then = started() } = owner;
  if (owner.process === process.pid && Math.abs(then - started()) > startToleranceMs) return false;
  return isRunning(owner.process);
}

interface Owner {
  readonly process: number;
  readonly host: string;
  readonly started: number | undefined;
}

function ownerOf(content: string): Owner | undefined {
  try {
    const owner: unknown = JSON.parse(content);
    if (typeof owner !== 'object' || owner === null || !('process' in owner) || !('host' in owner))
      return undefined;
    const { process: id, host } = owner;
    return Number.isSafeInteger(id) && (id as number) > 0 && typeof host === 'string'
      ? { process: id as number, host, started: startOf(owner) }
      : undefined;
  } catch {
    return undefined; // not JSON, and so not a lock of this program
  }
}

const startOf = (owner: object): number | undefined =>
  'started' in owner && typeof owner.started === 'number' ? owner.started : undefined;

function busy(path: string, content: string, what: string): WfdbError {
  const owner = ownerOf(content);
  const found = owner === undefined ? content : `process ${owner.process} on ${owner.host}`;
  return new WfdbError({
    code: 'not-writable',
    file: path,
    expected: `no other ${what}`,
    found,
    hint: 'delete the lock file if that process is gone',
  });
}
