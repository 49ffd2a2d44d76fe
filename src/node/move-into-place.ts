/**
 * Moves the finished files of a run into place. New signal and annotation files are moved first and headers last, so
 * that a record appears complete. If a record replaces another, the old header must never refer to new samples: the new
 * header, installed by a single rename, first refers to the new signal files under temporary names, and only then do
 * these replace the old ones. At every moment either the old or the new record is readable.
 */
import { randomBytes } from 'node:crypto';
import { link, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../input-error.ts';
import { filesNamedIn } from './input-files.ts';
import { partName } from './temporary-files.ts';

/** A file that has been written but not yet moved into place. */
export interface StagedFile {
  /** Destination; a real path. */
  readonly target: string;
  /** The path as given by the user, for messages. */
  readonly shown: string;
  readonly temporary: string;
  /** Permissions of the replaced file. */
  readonly mode?: number;
}

/** Moves the files. Throws `InputError` if a destination has been created in the meantime and `overwrite` is false. */
export async function movePlaced(staged: readonly StagedFile[], overwrite: boolean): Promise<void> {
  const headers = staged.filter(({ target }) => target.endsWith('.hea'));
  const others = staged.filter(file => !headers.includes(file));
  const replaced: StagedFile[] = [];
  for (const file of others) {
    if (overwrite && (await isThere(file.target))) replaced.push(file);
    else await placeNew(file);
  }
  for (const header of headers) await replaceRecord(header, replaced, overwrite);
  for (const file of replaced) await rename(file.temporary, file.target);
  for (const header of headers) {
    if (overwrite) await rename(header.temporary, header.target);
    else await placeNew(header);
  }
  for (const header of headers) await removePassing(header);
}

/** Moves a file to a destination that must not exist, by linking, since a rename would replace an existing file. */
async function placeNew({ temporary, target, shown }: StagedFile): Promise<void> {
  try {
    await link(temporary, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new InputError(`${shown} already exists: --overwrite replaces it`);
    // The file system does not support hard links.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
    await rename(temporary, target);
    return;
  }
  await rm(temporary);
}

/**
 * If the header replaces another, lets it refer to the new signal files under temporary names. A run that is killed in
 * between leaves such files behind; the next run that replaces the record removes them.
 */
async function replaceRecord(
  header: StagedFile,
  replaced: readonly StagedFile[],
  overwrite: boolean,
): Promise<void> {
  if (!overwrite || !(await isThere(header.target))) return;
  const folder = dirname(header.target);
  const text = await readFile(header.temporary, 'utf8');
  const named = new Set(filesNamedIn(text));
  const names = new Map<string, string>();
  for (const { temporary, target } of replaced) {
    if (dirname(target) !== folder || !named.has(basename(target))) continue;
    const passing = `upstroke_${randomBytes(6).toString('hex')}_${basename(target)}`;
    await link(temporary, join(folder, passing));
    names.set(basename(target), passing);
  }
  if (names.size === 0) return;
  const passingHeader = join(folder, partName(randomBytes(6).toString('hex')));
  await writeFile(passingHeader, renamedSignals(text, names), { mode: header.mode ?? 0o666 });
  await rename(passingHeader, header.target);
}

/** Replaces the names of signal files, the first words of their lines, in the text of a header. */
const renamedSignals = (text: string, names: ReadonlyMap<string, string>): string =>
  text
    .split('\n')
    .map(line => {
      const name = line.split(/\s/, 1)[0]!;
      const other = names.get(name);
      return other === undefined ? line : other + line.slice(name.length);
    })
    .join('\n');

/** Removes the temporary names once the header refers to the final ones. */
async function removePassing(header: StagedFile): Promise<void> {
  const folder = dirname(header.target);
  const named = new Set(filesNamedIn(await readFile(header.target, 'utf8')));
  for (const name of await readdir(folder)) {
    const match = /^upstroke_[0-9a-f]{12}_(.+)$/.exec(name);
    if (match !== null && named.has(match[1]!)) await rm(join(folder, name), { force: true });
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
