/** Lists the records of a database on the search path. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { WfdbError } from '../wfdb/errors.ts';
import type { Source } from '../wfdb/source.ts';
import { decodeText } from '../wfdb/text.ts';

/**
 * The records of a database, by their names within it (`100`): those listed in its `RECORDS` file, in that order;
 * without such a file, those with a header in the database's folder on `folders`, sorted. Throws `WfdbError` with
 * code `not-found` if there are none.
 */
export async function recordsOf(
  source: Source,
  database: string,
  folders: readonly string[],
): Promise<string[]> {
  const listed = await listedRecords(source, database);
  if (listed !== undefined) return listed;
  for (const folder of folders) {
    const headers = (await namesIn(join(folder, database))).filter(name => name.endsWith('.hea')).sort();
    if (headers.length > 0) return headers.map(name => name.slice(0, -'.hea'.length));
  }
  const expected = 'a RECORDS file or headers';
  throw new WfdbError({
    code: 'not-found',
    file: database,
    expected,
    found: `none in ${folders.join(', ')}`,
  });
}

async function listedRecords(source: Source, database: string): Promise<string[] | undefined> {
  try {
    const lines = decodeText(await source.read(`${database}/RECORDS`)).split(/\r?\n/);
    return lines.map(line => line.trim()).filter(line => line !== '');
  } catch (error) {
    if (error instanceof WfdbError && error.code === 'not-found') return undefined;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
