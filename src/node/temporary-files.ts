/** Names for files that are being written, which say whose they are: those of a dead run are removed by the next. */
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** The machine's name as it may stand in a file name. */
const host = hostname().replace(/[^A-Za-z0-9-]/g, '');

/** A hidden name, with host and process: `.upstroke-host-123-ab12.part`. */
export const partName = (tag: string): string => `.upstroke-${host}-${process.pid}-${tag}.part`;

const pattern = /^\.upstroke-([A-Za-z0-9-]*)-(\d+)-[0-9a-f]+\.part$/;

/** Removes the files in a folder that processes of this machine left behind when they died. */
export async function sweepParts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const match = pattern.exec(name);
    if (match === null || match[1] !== host || isRunning(Number(match[2]))) continue;
    await rm(join(folder, name), { force: true });
  }
}

/** Is there a process of this number? One that belongs to another user counts as running. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
