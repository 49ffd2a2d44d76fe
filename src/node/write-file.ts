/** Files that a person names with `--out`. */
import { realpath, stat, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { InputError } from '../input-error.ts';
import { folderSink } from './files.ts';

/**
 * Writes a file, whole or not at all; missing folders are made. A symbolic link is followed; what is no regular file
 * (a pipe, a device) is written to as it is. Throws `InputError` for a folder.
 */
export async function writeOut(path: string, content: string | Uint8Array): Promise<void> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (there?.isDirectory()) throw new InputError(`${path} is a folder, not a file to write`);
  if (there !== undefined && !there.isFile()) {
    await writeFile(path, bytes);
    return;
  }
  const target = there === undefined ? path : await realpath(path);
  await folderSink(dirname(target)).write(basename(target), bytes);
}
