/**
 * The files of one run: what it reads and what it writes. Two rules hold for every command. A file that is there is
 * replaced only with `overwrite`, and a file that the run reads never. What a run writes appears under its name whole
 * or not at all: it is written to a temporary file beside, and all of a run's files are moved into place together, in
 * an order that leaves a readable record at every moment.
 */
import { randomBytes } from 'node:crypto';
import { type FileHandle, lstat, mkdir, open, readFile, realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../input-error.ts';
import { WfdbError } from '../wfdb/errors.ts';
import type { HttpOptions } from '../wfdb/http.ts';
import type { Sink, Source } from '../wfdb/source.ts';
import { fileSource, placeInside } from './files.ts';
import { createInputFiles, type InputFiles } from './input-files.ts';
import { locateRecording } from './locate-recording.ts';
import { movePlaced, type StagedFile } from './move-into-place.ts';
import { searchPathSource } from './search-path.ts';
import { partName, sweepParts } from './temporary-files.ts';

/** A file that is written piece by piece. */
export interface OutputStream {
  write(piece: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** A folder that a run writes to. */
export interface FolderOfRun extends Sink {
  /** Stages a file that is written piece by piece. */
  stream(name: string): Promise<OutputStream>;
}

/** Where a recording is. */
export interface FoundRecording {
  readonly source: Source;
  /** Its name in the source. */
  readonly name: string;
  /** Its folder on disk where a path names it that is not on the search path. */
  readonly folder?: string;
}

/** What a run reads and writes. */
export interface RunFiles {
  /** The recordings on the search path (`WFDB`), or in the folders named; what is read is noted. */
  source(folders?: readonly string[], options?: HttpOptions): Source;
  /** A recording by what a person calls it: a record of the search path, a path, or a URL. */
  recording(text: string): Promise<FoundRecording>;
  /** The text of a file that the run reads. */
  readText(path: string): Promise<string>;
  /** Notes that the run reads a file by other means. */
  addInput(path: string): Promise<void>;
  /** Refuses early what `write` would refuse later. Throws `InputError`. */
  check(path: string): Promise<void>;
  /** Stages a file. A pipe or device is written to at once. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** Stages a file that is written piece by piece. */
  stream(path: string): Promise<OutputStream>;
  /** Stages files in a folder; names are held inside it as `folderSink` holds them. */
  sink(folder: string): FolderOfRun;
  /** Moves all staged files into place. Throws `InputError` where one may not be replaced; then none is moved. */
  commit(): Promise<void>;
  /** Removes what was staged and not committed. */
  abandon(): Promise<void>;
}

/**
 * Opens the files of a run. Without `overwrite` a file that is there is never replaced; one that the run reads is
 * never replaced at all. Methods throw `InputError` that names the file in the way; a sink's throw `WfdbError` with code
 * `outside` or `not-writable`, and a source's as `searchPathSource` does.
 */
export function openRunFiles({ overwrite }: { readonly overwrite: boolean }): RunFiles {
  const run: RunState = { overwrite, inputs: createInputFiles(), staged: [], openStreams: new Set() };
  const onRead = (path: string): Promise<void> => run.inputs.add(path);
  return {
    source: (folders, options) =>
      folders === undefined ? searchPathSource(undefined, options, onRead) : fileSource(folders, onRead),
    recording: text => findRecording(text, onRead),
    async readText(path) {
      const content = await readFile(path, 'utf8');
      await run.inputs.add(path);
      return content;
    },
    addInput: onRead,
    check: path => checkTarget(run, path),
    write: (path, content) => writeWhole(run, path, content),
    stream: path => openStream(run, path),
    sink(folder) {
      const inside = async <T>(name: string, work: (path: string) => Promise<T>): Promise<T> => {
        try {
          return await work(await placeInside(folder, name));
        } catch (error) {
          throw unwritable(name, folder, error);
        }
      };
      return {
        write: (name, bytes) => inside(name, path => writeWhole(run, path, bytes)),
        stream: name => inside(name, path => openStream(run, path)),
      };
    },
    async commit() {
      // A file may have appeared, or been read, since this one was staged.
      for (const { shown } of run.staged) await checkTarget(run, shown);
      await movePlaced(run.staged, overwrite);
      run.staged.length = 0;
    },
    async abandon() {
      for (const handle of run.openStreams) await handle.close();
      run.openStreams.clear();
      for (const { temporary } of run.staged) await rm(temporary, { force: true });
      run.staged.length = 0;
    },
  };
}

/** State of a run: the files it has read, and those it has staged. */
interface RunState {
  readonly overwrite: boolean;
  readonly inputs: InputFiles;
  readonly staged: StagedFile[];
  readonly openStreams: Set<FileHandle>;
}

/** Throws `InputError` if the run may not write to a path. */
async function checkTarget({ inputs, overwrite }: RunState, path: string): Promise<void> {
  if (path === '') throw new InputError('a file to write needs a name');
  if (path.endsWith('/')) throw new InputError(`${path} names a folder, not a file to write`);
  const existing = await statOf(path);
  if (existing === undefined && (await isLink(path))) {
    throw new InputError(`${path} is a symbolic link to a missing file: remove it, or write to its target`);
  }
  if (existing === undefined || (!existing.isFile() && !existing.isDirectory())) return;
  if (existing.isDirectory()) throw new InputError(`${path} is a folder, not a file to write`);
  if (await inputs.has(path)) {
    throw new InputError(`${path} is read by this run and is never overwritten: give another name or folder`);
  }
  if (!overwrite) throw new InputError(`${path} already exists: --overwrite replaces it`);
}

/** Stages a file: its content goes to a temporary file until `commit`. Undefined if the path is not a regular file. */
async function stage(run: RunState, path: string): Promise<StagedFile | undefined> {
  await checkTarget(run, path);
  const existing = await statOf(path);
  if (existing !== undefined && !existing.isFile()) return undefined;
  await mkdir(dirname(path), { recursive: true });
  const target =
    existing === undefined ? join(await realpath(dirname(path)), basename(path)) : await realpath(path);
  const folder = dirname(target);
  await sweepParts(folder);
  const entry: StagedFile = {
    target,
    shown: path,
    temporary: join(folder, partName(randomBytes(6).toString('hex'))),
    ...(existing && { mode: existing.mode & 0o7777 }),
  };
  const { staged } = run;
  // Nobody could tell afterwards which of the two contents the file should have.
  if (staged.some(other => other.target === target)) {
    throw new InputError(`${path} would be written twice by this run: give another name`);
  }
  staged.push(entry);
  return entry;
}

async function openStream(run: RunState, path: string): Promise<OutputStream> {
  const entry = await stage(run, path);
  const handle = await open(entry?.temporary ?? path, 'w', 0o666);
  run.openStreams.add(handle);
  return {
    async write(piece) {
      await handle.writeFile(piece);
    },
    async close() {
      run.openStreams.delete(handle);
      if (entry?.mode !== undefined) await handle.chmod(entry.mode);
      await handle.close();
    },
  };
}

async function writeWhole(run: RunState, path: string, content: string | Uint8Array): Promise<void> {
  const file = await openStream(run, path);
  await file.write(content);
  await file.close();
}

/** Finds a recording given as a record name, a path or a URL. */
async function findRecording(text: string, onRead: (path: string) => Promise<void>): Promise<FoundRecording> {
  const onPath = searchPathSource(undefined, {}, onRead);
  const isOnPath = async (name: string): Promise<boolean> =>
    (await isThere(onPath, `${name.replace(/\.hea$/i, '')}.hea`)) || isThere(onPath, name);
  const { folder, name } = await locateRecording(text, isOnPath);
  if (folder === undefined) return { source: onPath, name };
  if (/^https?:\/\//.test(folder)) return { source: searchPathSource(folder, {}, onRead), name };
  return { source: fileSource([folder], onRead), name, folder };
}

/** What the system says against writing a file, without the name it has while it is written. */
function unwritable(name: string, folder: string, error: unknown): unknown {
  if (!(error instanceof Error && 'errno' in error)) return error;
  return new WfdbError({
    code: 'not-writable',
    file: name,
    expected: `a place to write in ${folder}`,
    found: error.message.split(',')[0]!,
    cause: error,
  });
}

async function isThere(source: Source, name: string): Promise<boolean> {
  try {
    await source.read(name, 0, 1);
    return true;
  } catch (error) {
    if (error instanceof WfdbError && (error.code === 'not-found' || error.code === 'outside')) return false;
    throw error;
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ENOTDIR')
      throw new InputError(`${path}: ${basename(dirname(path))} is a file, not a folder`);
    throw error;
  }
}
