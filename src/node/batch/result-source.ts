/** The source whose result a store holds: what another source would remove from it is refused. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '../../input-error.ts';
import { withoutCredentials } from '../../printable.ts';
import { isUrl } from './input-files.ts';
import { type Part, readPartState, writtenParts } from './plan.ts';
import { recordKey } from './record-status.ts';
import type { Store } from './store.ts';

const sourceFile = '.batch/source';

/** What identifies a source in later runs: a path in full; a URL or a name of the search path as it is. */
const identityOf = (source: string): string =>
  isUrl(source) || !existsSync(source) ? withoutCredentials(source) : resolve(source);

/** The source of the result in a store; undefined if it has none. */
async function sourceOf(store: Store): Promise<string | undefined> {
  const bytes = await store.read(sourceFile);
  if (bytes !== undefined) return Buffer.from(bytes).toString('utf8');
  const manifest = await store.read('manifest.json');
  return manifest && (JSON.parse(Buffer.from(manifest).toString('utf8')) as { source: string }).source;
}

/**
 * Notes the source of the result, and returns the number of records that the result has and the source no longer. Throws
 * `InputError` if there are some and the result is of another source, unless `isReplaced`.
 */
export async function claimSource(
  store: Store,
  source: string,
  parts: readonly Part[],
  isReplaced: boolean,
): Promise<number> {
  const wanted = new Set(parts.flatMap(({ records }) => records.map(recordKey)));
  let lost = 0;
  let first = '';
  for (const name of await writtenParts(store)) {
    for (const record of (await readPartState(store, name))?.records ?? []) {
      if (wanted.has(recordKey(record))) continue;
      if (lost++ === 0) first = `${record.database}/${record.record}`;
    }
  }
  const earlier = await sourceOf(store);
  const own = identityOf(source);
  if (lost > 0 && !isReplaced && earlier !== undefined && earlier !== own && earlier !== source) {
    throw new InputError(
      `${store.place} holds the result of ${earlier}, with ${lost} ${lost === 1 ? 'record' : 'records'} that ${withoutCredentials(source)} does not have (${first}${lost > 1 ? ', …' : ''}): use another --dir, or --overwrite to remove them`,
    );
  }
  if (earlier !== own) await store.write(sourceFile, Buffer.from(own));
  return lost;
}
