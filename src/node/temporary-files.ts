/** Names of temporary files that identify their process, so that the next run can remove those of a killed one. */
import { readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** The host name, restricted to characters that are safe in file names. */
const host = hostname().replace(/[^A-Za-z0-9-]/g, '');

/** A hidden name, with host and process: `.upstroke-host-123-ab12.part`. */
export const partName = (tag: string): string => `.upstroke-${host}-${process.pid}-${tag}.part`;

const pattern = /^\.upstroke-([A-Za-z0-9-]*)-(\d+)-[0-9a-f]+\.part$/;

/** Removes temporary files of processes on this machine that are no longer running. */
export async function sweepParts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const match = pattern.exec(name);
    if (match === null || match[1] !== host || isRunning(Number(match[2]))) continue;
    await rm(join(folder, name), { force: true });
  }
}

/**
 * Whether a process with this ID is running; true if it belongs to another user. One that has ended and that its parent
 * has not collected yet, as may last in a container without an init process, is not.
 */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** Whether a process has ended and is not collected yet, by Linux's /proc; false where there is none. */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The state follows the name in parentheses, which may hold any character.
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}
