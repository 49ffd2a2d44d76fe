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
 * Where the recording is that a text means. A URL, an absolute path, and one that begins with `./` or `../` say it
 * themselves; so does the path of a file or record that is there, seen from the current folder, unless its like is on
 * the search path, which `isOnPath` tells. Names inside files never lead out of the folder that is found here. Throws
 * `InputError` for a URL with a query or fragment.
 *
 * @example await locateRecording('../data/x01.hea', async () => false) // => { folder: '../data', name: 'x01.hea' }
 */
export async function locateRecording(
  text: string,
  isOnPath: (name: string) => Promise<boolean>,
): Promise<Location> {
  if (/^https?:\/\//.test(text)) {
    // What follows a question mark is often a key, so it is not shown.
    if (/[?#]/.test(text)) throw new InputError('a URL of a recording has no part behind ? or #');
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
