/**
 * The files that one run reads and writes. Two rules hold for every command: an existing file is replaced only with
 * `overwrite`, and a file that the run reads is never replaced. Output appears complete or not at all: each file is
 * written to a temporary file next to its destination, and all files of a run are moved into place together, in an
 * order that leaves a readable record at every moment.
 */
import { randomBytes } from 'node:crypto';
import { type FileHandle, lstat, open, readFile, realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../input-error.ts';
import { WfdbError } from '../wfdb/errors.ts';
import type { HttpOptions } from '../wfdb/http.ts';
import type { Sink, Source } from '../wfdb/source.ts';
import { fileSource, placeInside } from './files.ts';
import { createInputFiles, type InputFiles } from './input-files.ts';
import { locateRecording } from './locate-recording.ts';
import { makeFolder } from './make-folder.ts';
import { movePlaced, type StagedFile } from './move-into-place.ts';
import { searchPathSource } from './search-path.ts';
import { partName, sweepParts } from './temporary-files.ts';

/** A file that is written in pieces. */
export interface OutputStream {
  write(piece: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** A folder to which a run writes. */
export interface FolderOfRun extends Sink {
  /** Stages a file that is written in pieces. */
  stream(name: string): Promise<OutputStream>;
}

/** Location of a recording. */
export interface FoundRecording {
  readonly source: Source;
  /** Its name in the source. */
  readonly name: string;
  /** Its folder on disk, if it was given as a path that is not on the search path. */
  readonly folder?: string;
}

/** Reads and writes the files of a run. */
export interface RunFiles {
  /** A source for the search path (`WFDB`) or the given folders; files that are read are recorded as inputs. */
  source(folders?: readonly string[], options?: HttpOptions): Source;
  /** Finds a recording given by the user as a record name on the search path, a path, or a URL. */
  recording(text: string): Promise<FoundRecording>;
  /** Reads a text file as an input of the run. */
  readText(path: string): Promise<string>;
  /** Records a file as an input that is read by other means. */
  addInput(path: string): Promise<void>;
  /** Checks in advance whether `write` would reject the path. Throws `InputError`. */
  check(path: string): Promise<void>;
  /** Stages a file. Pipes and devices are written to immediately. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** Stages a file that is written in pieces. */
  stream(path: string): Promise<OutputStream>;
  /** Stages files in a folder; names that lead outside it are rejected as by `folderSink`. */
  sink(folder: string): FolderOfRun;
  /** Moves all staged files into place. Throws `InputError`, and moves none, if one of them may not be replaced. */
  commit(): Promise<void>;
  /** Removes staged files that have not been committed. */
  abandon(): Promise<void>;
}

/**
 * Opens the files of a run. Without `overwrite` existing files are never replaced; files that the run reads are never
 * replaced at all. Methods throw `InputError` that names the conflicting file; those of a sink throw `WfdbError` with
 * code `outside` or `not-writable`, and those of a source throw as `searchPathSource` does.
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
      // The file may have been created or read since it was staged.
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
  await makeFolder(dirname(path));
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
  // If both were staged, the content of the file would be ambiguous.
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

/** Converts a system error on writing a file to an error for the user, without the temporary file name. */
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
