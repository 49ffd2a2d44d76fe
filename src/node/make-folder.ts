/** Creates folders, also where the file system has no room for new ones. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Creates a folder and its missing parents; an existing folder is not an error. Throws the system's error. Unlike the
 * recursive `mkdir` of Node.js, which repeats without end what a file system such as /proc answers with ENOENT.
 */
export async function makeFolder(path: string): Promise<void> {
  const error = await errorOfMaking(path);
  if (error === undefined) return;
  const parent = dirname(path);
  if (error.code !== 'ENOENT' || parent === path) throw error;
  await makeFolder(parent);
  // The parent is there now, by this process or another: a second ENOENT is the file system's last word.
  const again = await errorOfMaking(path);
  if (again !== undefined) throw again;
}

/** Makes one folder; the system's error if there is none afterwards. */
async function errorOfMaking(path: string): Promise<NodeJS.ErrnoException | undefined> {
  try {
    await mkdir(path);
    return undefined;
  } catch (error) {
    return (await isFolder(path)) ? undefined : (error as NodeJS.ErrnoException);
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
