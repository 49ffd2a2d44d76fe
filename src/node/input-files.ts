/** The set of files that a run reads, identified by device and inode, so that none of them is overwritten. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A set of files, identified by device and inode: links and alternative spellings of a path denote the same file. */
export interface InputFiles {
  /**
   * Adds a file that is read and, for a header, the files that it references, whether or not their samples are read.
   * Paths that do not exist are ignored.
   */
  add(path: string): Promise<void>;
  /** Whether the file at a path is in the set. */
  has(path: string): Promise<boolean>;
}

/** Creates an empty set of input files. */
export function createInputFiles(): InputFiles {
  const identities = new Set<string>();
  async function add(path: string): Promise<void> {
    const identity = await identityOf(path);
    if (identity === undefined || identities.has(identity)) return;
    identities.add(identity);
    if (!path.endsWith('.hea')) return;
    for (const name of filesNamedIn(await readFile(path, 'utf8'))) {
      await add(join(dirname(path), name));
      await add(join(dirname(path), `${name}.hea`));
    }
  }

  return {
    add,
    async has(path) {
      const identity = await identityOf(path);
      return identity !== undefined && identities.has(identity);
    },
  };
}

async function identityOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** The names at the start of header lines: signal files or segments. */
export const filesNamedIn = (header: string): string[] =>
  header
    .split('\n')
    .slice(1)
    .filter(line => !line.startsWith('#') && !line.includes('\0'))
    .map(line => line.split(/\s/, 1)[0]!)
    .filter(name => name !== '' && name !== '~' && name.length < 256);
