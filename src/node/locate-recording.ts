/** Resolves the name of a recording given by a user: a record on the search path, a path or a URL. */
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { InputError } from '../input-error.ts';

/** Location of a recording: its folder or URL, or the search path if undefined, and its name there. */
export interface Location {
  readonly folder?: string;
  readonly name: string;
}

/**
 * Resolves a recording given as text. URLs, absolute paths, and paths that begin with `./` or `../` are used as
 * given; so is the path of an existing file or record relative to the current folder, unless a recording of that name
 * is on the search path (as reported by `isOnPath`). Names inside files cannot lead outside the folder found here.
 * Throws `InputError` for a URL with a query or fragment.
 *
 * @example await locateRecording('../data/x01.hea', async () => false) // => { folder: '../data', name: 'x01.hea' }
 */
export async function locateRecording(
  text: string,
  isOnPath: (name: string) => Promise<boolean>,
): Promise<Location> {
  if (/^https?:\/\//.test(text)) {
    // A query often contains an access key, so it is not shown.
    if (/[?#]/.test(text)) throw new InputError('the URL of a recording cannot have a query or a fragment');
    const at = text.lastIndexOf('/');
    return { folder: text.slice(0, at + 1), name: text.slice(at + 1) };
  }
  const own = { folder: dirname(text), name: basename(text) };
  if (/^(\/|\.{1,2}\/)/.test(text)) return own;
  if (await isOnPath(text)) return { name: text };
  return (await isFile(text)) || (await isFile(`${text}.hea`)) ? own : { name: text };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return false;
    throw error;
  }
}
