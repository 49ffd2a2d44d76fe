/** Lists the records that a batch processes: those of a list, a folder, a URL, or a database on the search path. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '../../input-error.ts';
import { containers, detectContainer, detectionBytes } from '../../wfdb/containers.ts';
import { isTable } from '../../wfdb/csv/is-table.ts';
import { hasFile } from '../../wfdb/source.ts';
import { decodeText } from '../../wfdb/text.ts';
import { recordEntries } from '../database-lists.ts';
import { fileSource } from '../files.ts';
import { filesNamedIn } from '../input-files.ts';
import { searchPathSource, splitSearchPath } from '../search-path.ts';
import { isUrl } from './input-files.ts';
import { type BatchRecord, recordKey } from './record-status.ts';

const deepestFolder = 16;

/** Options of the search of folders. */
export interface SearchOptions {
  readonly leaveOut?: string;
  readonly onOther?: (file: string) => void;
}

/**
 * The records of a source, without duplicates, in the order of its lists, or sorted by name if there is no list. A
 * source is a `RECORDS` file or another list with one record per line; a folder, listed by its `RECORDS` file if it
 * has one and otherwise searched for recordings of every supported kind, identified by content; a single recording;
 * the URL of such a list, or of a folder that contains one; or the name of any of these on the WFDB search path. The
 * folder `leaveOut` is not searched; `onOther` is called with the files of searched folders that are neither recordings
 * nor belong to one. Throws `InputError` if no record is found, or two different ones have the same name.
 */
export async function listRecords(
  source: string,
  { leaveOut, onOther }: SearchOptions = {},
): Promise<readonly BatchRecord[]> {
  const search = { ...(leaveOut && { leaveOut: resolve(leaveOut) }), ...(onOther && { onOther }) };
  const found = await recordsAt(await placeOf(source), search);
  const records = new Map<string, BatchRecord>();
  for (const record of found) {
    const other = records.get(recordKey(record));
    if (other !== undefined && (other.root !== record.root || other.name !== record.name)) {
      throw new InputError(
        `two recordings are called ${record.database}/${record.record}: ${pathOf(other)} and ${pathOf(record)}; use a separate result for each`,
      );
    }
    records.set(recordKey(record), record);
  }
  if (records.size === 0) throw new InputError(`${shown(source)} has no records`);
  return [...records.values()];
}

const pathOf = ({ root, name }: BatchRecord): string => shown(`${root.replace(/\/$/, '')}/${name}`);

const shown = (text: string): string => text.replace(/\/\/[^/?#\s]*@/g, '//');

/** Resolves a source to a path or URL: the text itself, or its location on the search path. */
async function placeOf(text: string): Promise<string> {
  if (isUrl(text) || (await kindOf(text)) !== undefined || (await kindOf(`${text}.hea`)) !== undefined)
    return text;
  for (const entry of splitSearchPath(process.env.WFDB ?? '')) {
    if (isUrl(entry)) {
      const url = `${entry.replace(/\/$/, '')}/${text}/`;
      if (await hasFile(searchPathSource(url), 'RECORDS')) return url;
    } else {
      const path = join(entry, text);
      if ((await kindOf(path)) !== undefined || (await kindOf(`${path}.hea`)) !== undefined) return path;
    }
  }
  throw new InputError(`${text} is not a folder, list or recording, as a path or on the WFDB search path`);
}

async function recordsAt(place: string, search: SearchOptions): Promise<BatchRecord[]> {
  if (isUrl(place)) return recordsOfUrl(place);
  if ((await kindOf(place)) === 'folder') return recordsOfFolder(resolve(place), search);
  const path = resolve(place);
  const listed = (await kindOf(path)) === 'file' ? await listedIn(path) : undefined;
  if (listed !== undefined) return listed;
  const name = basename(path).replace(/\.hea$/, '');
  return [{ database: databaseName(dirname(path)), record: name, root: dirname(path), name }];
}

async function recordsOfUrl(url: string): Promise<BatchRecord[]> {
  const slash = url.endsWith('/') ? url : `${url}/`;
  if (await hasFile(searchPathSource(slash), 'RECORDS')) return recordsOfList(slash, 'RECORDS', '');
  if (slash === url) throw new InputError(`${shown(url)} has no RECORDS file`);
  const at = url.lastIndexOf('/') + 1;
  return recordsOfList(url.slice(0, at), url.slice(at), '');
}

/** The records listed in a folder's `RECORDS` file, or found by searching the folder. */
async function recordsOfFolder(folder: string, search: SearchOptions): Promise<BatchRecord[]> {
  if ((await kindOf(join(folder, 'RECORDS'))) === 'file') return recordsOfList(folder, 'RECORDS', '');
  const found: BatchRecord[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory() || entry.name.startsWith('.') || path === search.leaveOut) continue;
    const own = (await kindOf(join(path, 'RECORDS'))) === 'file';
    found.push(...(own ? await recordsOfList(path, 'RECORDS', '') : await searched(path, '', search)));
  }
  found.push(...(await searchedHere(folder, '', search)));
  return found.sort((a, b) => (recordKey(a) < recordKey(b) ? -1 : 1));
}

/** The records in the folder `under` of `root` and its subfolders. */
async function searched(root: string, under: string, search: SearchOptions): Promise<BatchRecord[]> {
  const found = await searchedHere(root, under, search);
  if (under.split('/').length > deepestFolder) return found;
  for (const entry of await readdir(join(root, under), { withFileTypes: true })) {
    const name = `${under}${entry.name}/`;
    if (
      !entry.isDirectory() ||
      entry.name.startsWith('.') ||
      join(root, under, entry.name) === search.leaveOut
    )
      continue;
    found.push(...(await searched(root, name, search)));
  }
  return found;
}

/**
 * The records directly in a folder: headers that no other header names, and files of other kinds that no header
 * names.
 */
async function searchedHere(root: string, under: string, { onOther }: SearchOptions): Promise<BatchRecord[]> {
  const folder = join(root, under);
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter(of => of.isFile() && !of.name.startsWith('.')).map(of => of.name);
  const headers = files.filter(name => name.endsWith('.hea'));
  const named = new Set<string>();
  for (const header of headers) {
    for (const name of filesNamedIn(await readFile(join(folder, header), 'utf8')))
      named.add(name).add(`${name}.hea`);
  }
  const names = headers.filter(name => !named.has(name)).map(name => name.slice(0, -'.hea'.length));
  const records = new Set(headers.map(name => name.slice(0, -'.hea'.length)));
  for (const file of files) {
    // A table named after a recording in the same folder belongs to it: x01.csv to x01.hea, x01.atr.csv to x01.csv.
    const [base, ...endings] = file.split('.');
    const isBeside =
      headers.includes(file) ||
      named.has(file) ||
      records.has(base!) ||
      (endings.length > 1 && files.includes(`${base}.${endings.at(-1)}`));
    if (isBeside) continue;
    if (await isRecording(folder, file)) names.push(file);
    else onOther?.(join(folder, file));
  }
  const database = databaseName(root);
  return names.map(name => ({ database, record: under + name, root, name: under + name }));
}

async function isRecording(folder: string, file: string): Promise<boolean> {
  const bytes = await fileSource([folder])
    .read(file, 0, detectionBytes)
    .catch(() => new Uint8Array());
  const kinds = containers.filter(({ name }) => name !== 'WFDB');
  // A damaged file with the name of a recording is listed, so that it is reported instead of ignored.
  if (/\.(edf|bdf)$/i.test(file)) return true;
  return bytes.length > 0 && (detectContainer(bytes, kinds) !== undefined || isTable(bytes));
}

/**
 * The records listed in a file; undefined if it is not a list, i.e. not `RECORDS` and not text whose first line names
 * a record.
 */
async function listedIn(path: string): Promise<BatchRecord[] | undefined> {
  const [folder, file] = [dirname(path), basename(path)];
  if (file === 'RECORDS') return recordsOfList(folder, file, '');
  const bytes = await fileSource([folder]).read(file, 0, detectionBytes);
  if (bytes.includes(0)) return undefined;
  const first = recordEntries(decodeText(bytes).split(/\r?\n/))[0];
  if (first === undefined || first.length > 1000) return undefined;
  for (const root of [folder, ...splitSearchPath(process.env.WFDB ?? '').filter(entry => !isUrl(entry))]) {
    const path = isUrl(first) || first.startsWith('/') ? first : join(root, first);
    if (
      isUrl(path) ||
      first.endsWith('/') ||
      (await kindOf(`${path}.hea`)) ||
      (await kindOf(path)) === 'file'
    ) {
      const lines = recordEntries(decodeText(await fileSource([folder]).read(file)).split(/\r?\n/));
      return entriesOf(resolve(root), lines, '', true);
    }
  }
  return undefined;
}

async function recordsOfList(
  root: string,
  file: string,
  under: string,
  isList = false,
): Promise<BatchRecord[]> {
  const source = isUrl(root) ? searchPathSource(root) : fileSource([root]);
  const lines = recordEntries(decodeText(await source.read(`${under}${file}`)).split(/\r?\n/));
  return entriesOf(root, lines, under, isList);
}

/** The records named by the lines of a list; an entry that ends with `/` is a folder with its own list. */
async function entriesOf(
  root: string,
  lines: readonly string[],
  under: string,
  isList: boolean,
): Promise<BatchRecord[]> {
  const found: BatchRecord[] = [];
  for (const line of lines) {
    if (line.endsWith('/')) {
      if (under.split('/').length > deepestFolder)
        throw new InputError(`${shown(root)}: lists nested too deeply`);
      found.push(...(await recordsOfList(root, 'RECORDS', under + line, isList)));
    } else found.push(recordOfLine(root, under + line, line, isList));
  }
  return found;
}

function recordOfLine(root: string, name: string, line: string, isList: boolean): BatchRecord {
  const plain = name.replace(/\.hea$/, '');
  if (isUrl(line) || line.startsWith('/')) {
    const own = line.slice(0, line.lastIndexOf('/') + 1);
    const record = line.slice(own.length).replace(/\.hea$/, '');
    return { database: databaseName(own), record, root: own, name: record };
  }
  // A list that covers several databases prefixes each record with its database: mitdb/100.
  const slash = isList ? plain.indexOf('/') : -1;
  return slash < 0
    ? { database: databaseName(root), record: plain, root, name: plain }
    : { database: plain.slice(0, slash), record: plain.slice(slash + 1), root, name: plain };
}

/**
 * The database name of a folder or URL: its last component, or the one before if that is a version (`mitdb/1.0.0`
 * gives `mitdb`).
 */
function databaseName(place: string): string {
  const path = isUrl(place) ? decodeURIComponent(new URL(place).pathname) : resolve(place);
  const names = path.split('/').filter(name => name !== '');
  const last = names.pop() ?? '';
  return (/^\d+(\.\d+)+$/.test(last) ? names.pop() : last) || 'records';
}

async function kindOf(path: string): Promise<'folder' | 'file' | undefined> {
  try {
    const stats = await stat(path);
    return stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined;
    throw error;
  }
}
