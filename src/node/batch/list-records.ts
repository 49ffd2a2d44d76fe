/** Lists the records that a batch processes: those of a list, a folder, a URL, or a database on the search path. */

import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '../../input-error.ts';
import { detectionBytes } from '../../wfdb/containers.ts';
import { hasFile } from '../../wfdb/source.ts';
import { decodeText } from '../../wfdb/text.ts';
import { recordEntries } from '../database-lists.ts';
import { fileSource } from '../files.ts';
import { searchPathSource, splitSearchPath } from '../search-path.ts';
import { isUrl } from './input-files.ts';
import { type BatchRecord, recordKey } from './record-status.ts';
import {
  deepestFolder,
  entriesIn,
  kindOf,
  recordingsAmong,
  recordingsBelow,
  type SearchOptions,
} from './search-folder.ts';

/**
 * The records of a source, without duplicates, in the order of its lists, or sorted by name if there is no list. A
 * source is a `RECORDS` file or another list with one record per line; a folder, listed by its `RECORDS` file if it
 * has one and otherwise searched for recordings of every supported kind, identified by content; a single recording;
 * the URL of such a list, or of a folder that contains one; or the name of any of these on the WFDB search path. The
 * folder `leaveOut` is not searched; `onOther` is called with what searched folders contain beside recordings and the
 * files that belong to them. Throws `InputError` if no record is found, or two different ones have the same name.
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
  const { files, folders } = await entriesIn(folder, folder, search);
  const found: BatchRecord[] = [];
  for (const path of folders) {
    const own = (await kindOf(join(path, 'RECORDS'))) === 'file';
    const inside = own ? undefined : await recordingsBelow(path, search);
    const database = databaseName(path);
    found.push(
      ...(inside?.map(name => ({ database, record: name, root: path, name })) ??
        (await recordsOfList(path, 'RECORDS', ''))),
    );
  }
  const database = databaseName(folder);
  for (const name of await recordingsAmong(folder, files, search))
    found.push({ database, record: name, root: folder, name });
  return found.sort((a, b) => (recordKey(a) < recordKey(b) ? -1 : 1));
}

/** Lines at the start of a file, of which one names a record if the file is a list of records. */
const firstLines = 50;

/**
 * The records listed in a file; undefined if it is not a list, i.e. not `RECORDS` and not text of whose first lines one
 * names a record: the first record of a list may be missing.
 */
async function listedIn(path: string): Promise<BatchRecord[] | undefined> {
  const [folder, file] = [dirname(path), basename(path)];
  if (file === 'RECORDS') return recordsOfList(folder, file, '');
  const bytes = await fileSource([folder]).read(file, 0, detectionBytes);
  if (bytes.includes(0)) return undefined;
  const lines = recordEntries(decodeText(bytes).split(/\r?\n/)).slice(0, firstLines);
  const roots = [folder, ...splitSearchPath(process.env.WFDB ?? '').filter(entry => !isUrl(entry))];
  for (const line of lines.filter(({ length }) => length <= 1000)) {
    for (const root of roots) {
      if (!(await isEntry(root, line))) continue;
      const all = recordEntries(decodeText(await fileSource([folder]).read(file)).split(/\r?\n/));
      return entriesOf(resolve(root), all, '', true);
    }
  }
  return undefined;
}

/** Whether a line of a list can be one: a URL, a folder, or the name of a recording that is there. */
async function isEntry(root: string, line: string): Promise<boolean> {
  if (isUrl(line)) return true;
  const path = line.startsWith('/') ? line : join(root, line);
  const kind = await kindOf(path);
  if (line.endsWith('/')) return kind === 'folder';
  return kind === 'file' || (await kindOf(`${path}.hea`)) !== undefined;
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

function recordOfLine(root: string, name: string, given: string, isList: boolean): BatchRecord {
  const plain = name.replace(/\.hea$/, '');
  // The list of a user may lead anywhere; that of a database only downwards, which reading its files enforces.
  const leadsUp = isList && !isUrl(root) && given.split('/').includes('..');
  const line = leadsUp ? resolve(root, name) : given;
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
