/** Databases as PhysioNet publishes them: which files there are, and all of them, or those of some records, to disk. */
import { mkdir } from 'node:fs/promises';
import { WfdbError } from '../wfdb/errors.ts';
import { decodeText, readHeader } from '../wfdb/header.ts';
import { folderUrl, httpSource } from '../wfdb/http.ts';
import type { HttpPatience } from '../wfdb/http-range.ts';
import type { Source } from '../wfdb/source.ts';
import { strictly } from '../wfdb/warnings.ts';
import { namesByRecord, parseSums, recordEntries } from './database-lists.ts';
import { downloadFile, type WantedFile } from './download.ts';

/** A file to download. */
export interface DatabaseFile extends WantedFile {
  /** No list says that it exists: an annotation file that a record may have. */
  readonly optional?: boolean;
}

/** What came of a download. */
export interface DownloadSummary {
  readonly downloaded: number;
  /** Files that were there already. */
  readonly present: number;
  /** Files whose SHA-256 sum was published and is right. */
  readonly verified: number;
  readonly failures: readonly { readonly name: string; readonly error: WfdbError }[];
}

/** Lists of files and records are text; a longer one is something else. */
const maxListBytes = 2 ** 28;
const deepestFolder = 8;
const connections = 4;

/**
 * The URL of a database's files: `mitdb/1.0.0` as it is, `mitdb` in its newest version, which the database's page
 * names. Throws `WfdbError` when there is no such page or it names no version.
 */
export async function databaseUrl(
  database: string,
  host = 'https://physionet.org/',
  patience: HttpPatience = {},
): Promise<string> {
  const [name, version] = database.split('/');
  const root = new URL(`files/${name}/`, host).href;
  if (version !== undefined) return `${root}${version}/`;
  const pages = httpSource(new URL('content/', host), { ...patience, maxBytes: 2 ** 24 });
  const page = decodeText(await pages.read(name!));
  const newest = /Version:\s*(\d+(?:\.\d+)*)/.exec(page)?.[1];
  if (newest === undefined) {
    const expected = `the newest version of ${name}`;
    throw new WfdbError({ code: 'syntax', file: `content/${name}`, expected, found: 'none' });
  }
  return `${root}${newest}/`;
}

/**
 * The files of a database below `url`: all that `SHA256SUMS.txt` lists. Where no sums are published, or records are
 * named, they are those of the records (without names: of all in `RECORDS`): headers, the signal files and segments
 * that they name, and annotation files, either those with sums or one for each annotator in `ANNOTATORS`.
 * Throws `WfdbError`.
 */
export async function databaseFiles(
  url: string | URL,
  records: readonly string[] = [],
  patience: HttpPatience = {},
): Promise<DatabaseFile[]> {
  const source = httpSource(url, { ...patience, maxBytes: maxListBytes });
  const sums = parseSums(await linesOf(source, 'SHA256SUMS.txt'), 'SHA256SUMS.txt', strictly);
  if (sums.size > 0 && records.length === 0) return [...sums].map(([name, sha256]) => ({ name, sha256 }));
  const annotators = sums.size > 0 ? [] : await linesOf(source, 'ANNOTATORS');
  const endings = annotators.map(line => line.split(/\s/)[0]!).filter(ending => ending !== '');
  const files = new Map<string, DatabaseFile>();
  const add = (name: string, optional: boolean): void => {
    const sha256 = sums.get(name);
    files.set(name, { name, ...(sha256 && { sha256 }), ...(optional && { optional }) });
  };
  const namesOf = namesByRecord(sums.keys());
  if (records.length === 0) for (const name of ['RECORDS', 'ANNOTATORS']) add(name, true);
  for (const record of records.length > 0 ? records : await recordsIn(source, '')) {
    // Databases in other containers list files and not records: chb01_01.edf.
    const isFile = /\.\w+$/.test(record);
    for (const name of isFile ? [record] : await filesOf(source, record)) add(name, false);
    for (const name of namesOf.get(record) ?? []) add(name, false);
    for (const ending of endings) add(`${record}.${ending}`, true);
  }
  return [...files.values()];
}

/**
 * Downloads `files` below `url` into `folder`, some at a time. A file that fails does not stop the others: it is
 * among the failures. `onProgress` is told after each file.
 */
export async function downloadFiles(
  url: string | URL,
  folder: string,
  files: readonly DatabaseFile[],
  patience: HttpPatience = {},
  onProgress: (done: number, name: string) => void = () => {},
): Promise<DownloadSummary> {
  const base = folderUrl(url);
  await mkdir(folder, { recursive: true });
  const summary = {
    downloaded: 0,
    present: 0,
    verified: 0,
    failures: [] as { name: string; error: WfdbError }[],
  };
  let done = 0;
  const queue = files.values();
  const work = async (): Promise<void> => {
    for (const file of queue) {
      try {
        summary[await downloadFile(base, folder, file, patience)]++;
        if (file.sha256 !== undefined) summary.verified++;
      } catch (error) {
        if (!(error instanceof WfdbError)) throw error;
        if (!(file.optional && error.code === 'not-found')) summary.failures.push({ name: file.name, error });
      }
      onProgress(++done, file.name);
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  return summary;
}

/** The lines of a list; none when it is not published. */
async function linesOf(source: Source, name: string): Promise<string[]> {
  try {
    return decodeText(await source.read(name)).split(/\r?\n/);
  } catch (error) {
    if (error instanceof WfdbError && error.code === 'not-found') return [];
    throw error;
  }
}

/** The records that a folder's `RECORDS` lists; an entry that ends with `/` is a folder with its own. */
async function recordsIn(source: Source, folder: string): Promise<string[]> {
  const file = `${folder}RECORDS`;
  const entries = recordEntries(await linesOf(source, file));
  if (entries.length === 0) {
    throw new WfdbError({ code: 'not-found', file, expected: 'a list of records', found: 'none' });
  }
  if (folder.split('/').length > deepestFolder) {
    throw new WfdbError({ code: 'inconsistent', file, expected: 'records', found: 'ever more folders' });
  }
  const records: string[] = [];
  for (const entry of entries) {
    if (entry.endsWith('/'))
      for (const record of await recordsIn(source, folder + entry)) records.push(record);
    else records.push(folder + entry);
  }
  return records;
}

/** Header, signal files and segments of a record. */
async function filesOf(source: Source, record: string, isSegment = false): Promise<string[]> {
  const { signals, segments } = await readHeader(source, record);
  const folder = record.slice(0, record.lastIndexOf('/') + 1);
  const files = [`${record}.hea`];
  for (const { fileName } of signals) if (fileName !== '~') files.push(folder + fileName);
  for (const { name } of segments ?? []) {
    if (isSegment) {
      const expected = 'a segment with signals';
      throw new WfdbError({ code: 'inconsistent', file: `${record}.hea`, expected, found: 'segments' });
    }
    if (name !== undefined) for (const file of await filesOf(source, folder + name, true)) files.push(file);
  }
  return files;
}
