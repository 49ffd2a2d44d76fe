/** Lists and downloads the files of a PhysioNet database, or of some of its records. */
import { WfdbError } from '../wfdb/errors.ts';
import { readHeader } from '../wfdb/header.ts';
import { collect, folderUrl, httpSource, refuseWebPage } from '../wfdb/http.ts';
import { type HttpPatience, openRange, withRetries } from '../wfdb/http-range.ts';
import type { Source } from '../wfdb/source.ts';
import { decodeText, isWebPage } from '../wfdb/text.ts';
import type { Report } from '../wfdb/warnings.ts';
import { namesByRecord, parseSums, recordEntries } from './database-lists.ts';
import { downloadFile, type WantedFile } from './download.ts';
import { lockFolder } from './folder-lock.ts';
import { makeFolder } from './make-folder.ts';

/** A file to download. */
export interface DatabaseFile extends WantedFile {
  /** The file may not exist: an annotation file not named in any list. */
  readonly optional?: boolean;
}

/** Result of a download. */
export interface DownloadSummary {
  readonly downloaded: number;
  /** Number of files that already existed. */
  readonly present: number;
  /** Number of files verified against a published SHA-256 sum. */
  readonly verified: number;
  readonly failures: readonly DownloadFailure[];
}

/** A file or record that could not be downloaded, and the error. */
export interface DownloadFailure {
  readonly name: string;
  readonly error: WfdbError;
}

/** Maximum size of lists of files and records. */
const maxListBytes = 2 ** 28;
const maxPageBytes = 2 ** 24;
const deepestFolder = 8;
const mostLists = 10_000;
const connections = 4;

/**
 * The URL of a database's files: `mitdb/1.0.0` is used as given; for `mitdb` the newest version is read from the
 * database's page. Throws `WfdbError` if the page does not exist or names no version.
 */
export async function databaseUrl(
  database: string,
  host = 'https://physionet.org/',
  patience: HttpPatience = {},
): Promise<string> {
  const [name, version] = database.split('/');
  const root = new URL(`files/${name}/`, host).href;
  if (version !== undefined) return `${root}${version}/`;
  const page = await pageText(new URL(`content/${encodeURIComponent(name!)}`, host), patience);
  const newest = /Version:\s*(\d+(?:\.\d+)*)/.exec(page)?.[1];
  if (newest === undefined) {
    const expected = `the newest version of ${name}`;
    throw new WfdbError({ code: 'syntax', file: `content/${name}`, expected, found: 'none' });
  }
  return `${root}${newest}/`;
}

async function pageText(url: URL, patience: HttpPatience): Promise<string> {
  const file = url.pathname.slice(1);
  const bytes = await withRetries(patience, async () => {
    const answer = await openRange({ url, file, from: 0, to: undefined }, patience);
    return collect(answer, file, maxPageBytes);
  });
  return decodeText(bytes);
}

/** The files of a database, and the failures met while listing them. */
export interface DatabaseListing {
  readonly files: readonly DatabaseFile[];
  /** Records whose files could not be determined, and malformed lines of lists. */
  readonly failures: readonly DownloadFailure[];
}

/**
 * The files of a database below `url`: all files listed in `SHA256SUMS.txt`. If no checksums are published, or
 * records are named, the files of the records are listed instead (without names, of all records in `RECORDS`):
 * headers, the signal files and segments that they reference, and annotation files, taken from the checksums or else
 * one for each annotator in `ANNOTATORS`. A record with an invalid name or without a header is reported as a failure,
 * and the others are listed. Throws `WfdbError` if the lists themselves cannot be read.
 */
export async function databaseFiles(
  url: string | URL,
  records: readonly string[] = [],
  patience: HttpPatience = {},
): Promise<DatabaseListing> {
  const source = httpSource(url, { ...patience, maxBytes: maxListBytes });
  const failures: DownloadFailure[] = [];
  const report: Report = loss => failures.push({ name: loss.file, error: new WfdbError(loss) });
  const sums = parseSums(await linesOf(source, 'SHA256SUMS.txt'), 'SHA256SUMS.txt', report);
  if (sums.size > 0 && records.length === 0) {
    return { files: [...sums].map(([name, sha256]) => ({ name, sha256 })), failures };
  }
  const annotators = sums.size > 0 ? [] : await linesOf(source, 'ANNOTATORS');
  const endings = annotators.map(line => line.trim().split(/\s/, 1)[0]!).filter(ending => ending !== '');
  const files = new Map<string, DatabaseFile>();
  const add = (name: string, optional: boolean): void => {
    const sha256 = sums.get(name);
    files.set(name, { name, ...(sha256 && { sha256 }), ...(optional && { optional }) });
  };
  const namesOf = namesByRecord(sums.keys());
  if (records.length === 0) for (const name of ['RECORDS', 'ANNOTATORS']) add(name, true);
  for (const record of records.length > 0 ? records : await recordsIn(source, failures)) {
    await failAlone(record, failures, async () => {
      // Databases in other formats list files instead of records: chb01_01.edf.
      const isFile = /\.\w+$/.test(record);
      for (const name of isFile ? [record] : await filesOf(source, record)) add(name, false);
      for (const name of namesOf.get(record) ?? []) add(name, false);
      for (const ending of endings) add(`${record}.${ending}`, true);
    });
  }
  return { files: [...files.values()], failures };
}

/**
 * Downloads `files` below `url` into `folder`, several concurrently. A file that fails is reported as a failure and
 * does not stop the others. `onProgress` is called after each file. Throws `WfdbError` with code `not-writable` if
 * another run is downloading into the folder.
 */
export async function downloadFiles(
  url: string | URL,
  folder: string,
  files: readonly DatabaseFile[],
  patience: HttpPatience = {},
  onProgress: (done: number, name: string) => void = () => {},
): Promise<DownloadSummary> {
  const base = folderUrl(url);
  await makeFolder(folder);
  const unlock = await lockFolder(folder);
  const summary = { downloaded: 0, present: 0, verified: 0, failures: [] as DownloadFailure[] };
  let done = 0;
  // Two entries of the same name would write to the same partial file.
  const queue = new Map(files.map(file => [file.name, file])).values();
  const work = async (): Promise<void> => {
    for (const file of queue) {
      await failAlone(file.name, summary.failures, async () => {
        try {
          summary[await downloadFile(base, folder, file, patience)]++;
          if (file.sha256 !== undefined) summary.verified++;
        } catch (error) {
          const isAbsent = error instanceof WfdbError && error.code === 'not-found';
          if (!(file.optional && isAbsent)) throw error;
        }
      });
      onProgress(++done, file.name);
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, work));
  } finally {
    await unlock();
  }
  return summary;
}

/** Records the failure of one file, including file system errors, instead of aborting. */
async function failAlone(
  name: string,
  failures: DownloadFailure[],
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof WfdbError) failures.push({ name, error });
    else if (error instanceof Error && 'errno' in error) {
      const found = error.message.split(',')[0]!;
      const expected = 'a place to write to';
      failures.push({
        name,
        error: new WfdbError({ code: 'not-writable', file: name, expected, found, cause: error }),
      });
    } else throw error;
  }
}

/** The lines of a list; empty if it is not published. */
async function linesOf(source: Source, name: string): Promise<string[]> {
  try {
    const text = decodeText(await source.read(name));
    if (isWebPage(text)) refuseWebPage(name);
    return text.split(/\r?\n/);
  } catch (error) {
    if (error instanceof WfdbError && error.code === 'not-found') return [];
    throw error;
  }
}

/**
 * The records listed in `RECORDS`; an entry that ends with `/` is a folder with its own list. Throws `WfdbError` if
 * there is no list at all; a missing list of a subfolder is reported as a failure.
 */
async function recordsIn(source: Source, failures: DownloadFailure[]): Promise<string[]> {
  const records: string[] = [];
  let lists = 0;
  const take = async (folder: string): Promise<void> => {
    const file = `${folder}RECORDS`;
    if (folder.split('/').length > deepestFolder || ++lists > mostLists) {
      throw new WfdbError({
        code: 'inconsistent',
        file,
        expected: 'records',
        found: 'folders nested too deeply',
      });
    }
    const entries = recordEntries(await linesOf(source, file));
    if (entries.length === 0) {
      throw new WfdbError({ code: 'not-found', file, expected: 'a list of records', found: 'none' });
    }
    for (const entry of entries) {
      if (entry.endsWith('/')) await failAlone(folder + entry, failures, () => take(folder + entry));
      else records.push(folder + entry);
    }
  };
  await take('');
  return records;
}

/** The header, signal files and segments of a record. */
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
