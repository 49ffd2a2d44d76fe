/**
 * The files of a completed result, as its manifest lists them: figures over a result that lacks a file, or has one of
 * an interrupted run, would be wrong without anything that shows it.
 */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../input-error.ts';
import type { ResultFile } from './tasks.ts';

/** What separates the totals and files of a manifest from its records. */
export const recordsHeading = ',\n "perRecord": [\n';

/**
 * The files that the manifest of a result lists, by name; undefined if the folder has no manifest. Throws `InputError`,
 * which begins with `place`, if the folder lacks one of them, has one of another size, or has a file of beats that is not
 * listed.
 */
export async function listedFiles(
  folder: string,
  place: string,
): Promise<ReadonlyMap<string, ResultFile> | undefined> {
  const files = await filesOfManifest(join(folder, 'manifest.json'), place);
  if (files === undefined) return undefined;
  const listed = new Map(files.map(file => [file.name, file]));
  const differs = (what: string): InputError =>
    new InputError(`${place}: ${what}: the batch is not finished, or files were changed; run it again`);
  for (const { name, bytes } of files) {
    const size = await stat(join(folder, name)).then(
      ({ size }) => size,
      () => undefined,
    );
    if (size === undefined) throw differs(`${name} of manifest.json is missing`);
    if (size !== bytes) throw differs(`${name} has ${size} bytes, in manifest.json ${bytes}`);
  }
  for (const entry of await readdir(join(folder, 'beats'), { recursive: true })) {
    const name = `beats/${entry.replaceAll('\\', '/')}`;
    if (name.endsWith('.parquet') && !listed.has(name)) throw differs(`manifest.json does not list ${name}`);
  }
  return listed;
}

/** The list of files of a manifest, without its records, which can be longer than the longest text of a program. */
async function filesOfManifest(path: string, place: string): Promise<readonly ResultFile[] | undefined> {
  let text = '';
  try {
    for await (const piece of createReadStream(path, 'utf8')) {
      const from = Math.max(0, text.length - recordsHeading.length);
      text += piece;
      const end = text.indexOf(recordsHeading, from);
      if (end < 0) continue;
      return (JSON.parse(`${text.slice(0, end)}}`) as { files: readonly ResultFile[] }).files;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new InputError(`${place}: manifest.json can't be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
  throw new InputError(`${place}: manifest.json is incomplete; run the batch again`);
}
