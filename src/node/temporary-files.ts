/** Names of temporary files that identify their process, so that the next run can remove those of a killed one. */
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isRunning } from './running-process.ts';

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
