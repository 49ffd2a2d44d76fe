/**
 * Reopening of the last files after a reload, where the browser can store handles of files and folders (File System
 * Access API): of chosen files, of a chosen folder, and of what was dropped.
 */
import { mostFiles, withoutCommonFolder } from './dropped-files.ts';

type Handle = FileSystemFileHandle | FileSystemDirectoryHandle;

/** What TypeScript's DOM library does not declare. */
interface Pickers {
  showOpenFilePicker?(options: { readonly multiple: true }): Promise<FileSystemFileHandle[]>;
  showDirectoryPicker?(): Promise<FileSystemDirectoryHandle>;
}
interface DroppedItem {
  getAsFileSystemHandle?(): Promise<Handle | null>;
}
interface PermissionHandle {
  queryPermission?(options: { readonly mode: 'read' }): Promise<PermissionState>;
  requestPermission?(options: { readonly mode: 'read' }): Promise<PermissionState>;
}
interface Folder {
  values(): AsyncIterable<Handle>;
}

const pickers = globalThis as Pickers;

export const canKeepFiles = (): boolean =>
  typeof pickers.showOpenFilePicker === 'function' && 'indexedDB' in globalThis;
export const canKeepFolder = (): boolean =>
  typeof pickers.showDirectoryPicker === 'function' && 'indexedDB' in globalThis;

/** Shows the file picker and stores the handles. Throws `AbortError` when it was cancelled. */
export const pickAndKeepFiles = async (): Promise<ReadonlyMap<string, File>> =>
  keep(await pickers.showOpenFilePicker!({ multiple: true }));

/** Shows the folder picker and stores the handle. Throws `AbortError` when it was cancelled. */
export const pickAndKeepFolder = async (): Promise<ReadonlyMap<string, File>> =>
  keep([await pickers.showDirectoryPicker!()]);

/**
 * Stores the handles of dropped files, where the browser gives any; otherwise what was kept before is forgotten, as it is
 * not what was opened last. To be called while the drop is handled.
 */
export async function keepDropped({ items }: DataTransfer): Promise<void> {
  if (!('indexedDB' in globalThis)) return;
  const asked = [...items].map(item => (item as DroppedItem).getAsFileSystemHandle?.() ?? null);
  const handles = (await Promise.all(asked)).filter(handle => handle !== null);
  await transact('readwrite', store =>
    handles.length === 0 ? store.delete('last') : store.put(handles, 'last'),
  );
}

/** Forgets the last files: others were opened that cannot be kept. */
export async function forgetFiles(): Promise<void> {
  if ('indexedDB' in globalThis) await transact('readwrite', store => store.delete('last'));
}

/**
 * The files that were opened last; undefined when there are none or they may not be read. With `isAsking` the browser
 * asks for permission, which requires a user gesture.
 */
export async function lastFiles(isAsking: boolean): Promise<ReadonlyMap<string, File> | undefined> {
  if (!('indexedDB' in globalThis)) return undefined;
  const handles = (await transact('readonly', store => store.get('last'))) as Handle[] | undefined;
  if (handles === undefined) return undefined;
  for (const handle of handles as PermissionHandle[]) {
    const answer = isAsking
      ? await handle.requestPermission?.({ mode: 'read' })
      : await handle.queryPermission?.({ mode: 'read' });
    if (answer !== undefined && answer !== 'granted') return undefined;
  }
  return filesOf(handles);
}

async function keep(handles: readonly Handle[]): Promise<ReadonlyMap<string, File>> {
  await transact('readwrite', store => store.put(handles, 'last'));
  return filesOf(handles);
}

async function filesOf(handles: readonly Handle[]): Promise<ReadonlyMap<string, File>> {
  const files = new Map<string, File>();
  for (const handle of handles) await collect(handle, '', files);
  return withoutCommonFolder(files);
}

async function collect(handle: Handle, folder: string, files: Map<string, File>): Promise<void> {
  if (files.size >= mostFiles) return;
  if (handle.kind === 'file') {
    files.set(folder + handle.name, await handle.getFile());
    return;
  }
  for await (const child of (handle as unknown as Folder).values())
    await collect(child, `${folder}${handle.name}/`, files);
}

/** One request on the one store of the page's database. */
function transact(mode: IDBTransactionMode, run: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('upstroke', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('files');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const request = run(opening.result.transaction('files', mode).objectStore('files'));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    };
  });
}
