/** Where the real recordings are: every test that needs them is declared with `onRecordings('mitdb')('name', …)`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';

/** The folder that holds `database` on the `WFDB` search path, or undefined when there is none. */
export function databaseFolder(database: string): string | undefined {
  for (const folder of (process.env.WFDB ?? '').split(':').filter(Boolean)) {
    const path = join(folder, database);
    if (existsSync(path)) return path;
  }
  return undefined;
}

/** `describe`, skipped when `database` is not on the `WFDB` search path. */
export function onRecordings(database: string): typeof describe.skip {
  return databaseFolder(database) === undefined ? describe.skip : (describe as typeof describe.skip);
}
