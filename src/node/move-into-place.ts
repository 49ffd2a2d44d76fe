/**
 * Moving a run's finished files into place. New signal and annotation files come first and headers last, so that a
 * record appears whole. Where a record replaces another, the old header must not meet the new samples: the new header
 * first points at the new signal files under a passing name, by one rename, and only then do these take the old ones'
 * place. So at every moment either the old record or the new one is readable.
 */
import { randomBytes } from 'node:crypto';
import { link, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../input-error.ts';
import { filesNamedIn } from './input-files.ts';
import { partName } from './temporary-files.ts';

/** A file that is written and not yet in its place. */
export interface StagedFile {
  /** Where it goes; the real path. */
  readonly target: string;
  /** The path as it was asked for, for messages. */
  readonly shown: string;
  readonly temporary: string;
  /** Permissions of the file that it replaces. */
  readonly mode?: number;
}

/** Moves the files. Throws `InputError` where a file has appeared meanwhile and `overwrite` is false. */
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

/** Moves a file to where nothing is: a link fails where something has appeared, which a rename would replace. */
async function placeNew({ temporary, target, shown }: StagedFile): Promise<void> {
  try {
    await link(temporary, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new InputError(`${shown} already exists: --overwrite replaces it`);
    // A file system without hard links.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
    await rename(temporary, target);
    return;
  }
  await rm(temporary);
}

/**
 * Where the header replaces one, points it at the new signal files under passing names. A run that died in between
 * leaves files of such names behind; they are removed by the next that replaces the record.
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

/** The header's text with the names of signal files, which begin their lines, replaced. */
const renamedSignals = (text: string, names: ReadonlyMap<string, string>): string =>
  text
    .split('\n')
    .map(line => {
      const name = line.split(/\s/, 1)[0]!;
      const other = names.get(name);
      return other === undefined ? line : other + line.slice(name.length);
    })
    .join('\n');

/** The header names its signal files by their own names now: nothing needs the passing ones. */
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
