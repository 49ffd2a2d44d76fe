/** Searches a folder for recordings of every supported kind, which their content identifies. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { containers, detectContainer, detectionBytes } from '../../wfdb/containers.ts';
import { isTable } from '../../wfdb/csv/is-table.ts';
import { fileSource } from '../files.ts';
import { filesNamedIn } from '../input-files.ts';

/** Folders this deep below the first are not searched. */
export const deepestFolder = 16;

export interface SearchOptions {
  /** A folder that is not searched. */
  readonly leaveOut?: string;
  /**
   * Called with everything that is neither a recording nor belongs to one, with the reason in parentheses where the
   * name does not tell it.
   */
  readonly onOther?: (file: string) => void;
}

/** The recordings in a folder and its subfolders, by their names relative to it. */
export async function recordingsBelow(root: string, options: SearchOptions): Promise<string[]> {
  const search = async (under: string): Promise<string[]> => {
    const { files, folders } = await entriesIn(root, join(root, under), options);
    const found = (await recordingsAmong(join(root, under), files, options)).map(name => under + name);
    for (const path of folders) {
      if (under.split('/').length > deepestFolder) options.onOther?.(`${path} (too deep)`);
      else found.push(...(await search(`${under}${basename(path)}/`)));
    }
    return found;
  };
  return search('');
}

/**
 * The names of the files of a folder, and the paths of its subfolders; hidden ones are left out. A link counts as the
 * file to which it leads, inside `root`: other links, and what is neither file nor folder, are told to `onOther`.
 */
export async function entriesIn(
  root: string,
  folder: string,
  { leaveOut, onOther }: SearchOptions,
): Promise<{ readonly files: readonly string[]; readonly folders: readonly string[] }> {
  const files: string[] = [];
  const folders: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || path === leaveOut) continue;
    if (entry.isFile()) files.push(entry.name);
    else if (entry.isDirectory()) folders.push(path);
    else {
      const reason = entry.isSymbolicLink() ? await whyNotFollowed(root, path) : 'not a file';
      if (reason === undefined) files.push(entry.name);
      else onOther?.(`${path} (${reason})`);
    }
  }
  return { files, folders };
}

/** Why a link is not followed; undefined if it leads to a file inside `root`. */
async function whyNotFollowed(root: string, path: string): Promise<string | undefined> {
  try {
    const way = relative(await realpath(root), await realpath(path));
    if (way === '..' || way.startsWith(`..${sep}`)) return 'a link that leads out of the folder';
  } catch {
    return 'a link to nothing';
  }
  const kind = await kindOf(path);
  if (kind === 'folder') return 'a link to a folder that is searched itself';
  return kind === 'file' ? undefined : 'a link to what is not a file';
}

/**
 * The recordings among the files of a folder: headers that are no segment of another, and files of other kinds that no
 * header names.
 */
export async function recordingsAmong(
  folder: string,
  files: readonly string[],
  { onOther }: SearchOptions,
): Promise<string[]> {
  const namedBy = new Map<string, readonly string[]>();
  for (const file of files) {
    if (file.endsWith('.hea'))
      namedBy.set(recordOf(file), filesNamedIn(await readFile(join(folder, file), 'utf8')));
  }
  const names = wholeRecords(namedBy);
  const named = new Set([...namedBy.values()].flat());
  const all = new Set(files);
  for (const file of files) {
    if (namedBy.has(recordOf(file)) && file.endsWith('.hea')) continue;
    // Annotations and the like are named after a recording in the same folder, x01.atr.csv after x01.csv or x01.hea.
    const [base, ...endings] = file.split('.');
    const isBeside = namedBy.has(base!) || (endings.length > 1 && all.has(`${base}.${endings.at(-1)}`));
    if (named.has(file) || (isBeside && endings.length > 1)) continue;
    if (await isRecording(folder, file)) names.push(file);
    else if (!isBeside || endsAsRecording.test(file)) onOther?.(join(folder, file));
  }
  return names;
}

const recordOf = (header: string): string => header.slice(0, -'.hea'.length);

/**
 * The records of headers that are no segment of another record. Records that name each other, or themselves, as segments
 * are damaged: one of them is given, so that it is reported.
 */
function wholeRecords(namedBy: ReadonlyMap<string, readonly string[]>): string[] {
  const covered = new Set<string>();
  const cover = (record: string): void => {
    const open = [record];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      for (const part of namedBy.get(name) ?? []) {
        if (!namedBy.has(part) || covered.has(part)) continue;
        covered.add(part);
        open.push(part);
      }
    }
  };
  const segments = new Set([...namedBy].flatMap(([record, names]) => names.filter(name => name !== record)));
  const whole = new Set([...namedBy.keys()].filter(record => !segments.has(record)));
  whole.forEach(cover);
  for (const record of namedBy.keys()) {
    if (covered.has(record) || whole.has(record)) continue;
    whole.add(record);
    cover(record);
  }
  return [...whole];
}

/** Endings of files that hold recordings, beside which a header may lie. */
const endsAsRecording = /\.(csv|tsv|edf|bdf)$/i;

async function isRecording(folder: string, file: string): Promise<boolean> {
  const path = await realpath(join(folder, file));
  const bytes = await fileSource([dirname(path)])
    .read(basename(path), 0, detectionBytes)
    .catch(() => new Uint8Array());
  const kinds = containers.filter(({ name }) => name !== 'WFDB');
  // A damaged file with the name of a recording is listed, so that it is reported instead of ignored.
  if (/\.(edf|bdf)$/i.test(file)) return true;
  return bytes.length > 0 && (detectContainer(bytes, kinds) !== undefined || isTable(bytes));
}

/** Whether a path leads to a folder or a file; undefined for neither. */
export async function kindOf(path: string): Promise<'folder' | 'file' | undefined> {
  try {
    const stats = await stat(path);
    return stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined;
    throw error;
  }
}
