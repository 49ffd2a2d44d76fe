/** Reopening of the last files after a reload, where the browser can store file handles (File System Access API). */

/** The file picker, which TypeScript's DOM library does not declare. */
interface FilePicker {
  showOpenFilePicker?(options: { readonly multiple: true }): Promise<FileSystemFileHandle[]>;
}
interface PermissionHandle {
  requestPermission?(options: { readonly mode: 'read' }): Promise<PermissionState>;
}

export const canKeepFiles = (): boolean =>
  typeof (globalThis as FilePicker).showOpenFilePicker === 'function' && 'indexedDB' in globalThis;

/** Shows the file picker and stores the handles. Throws `AbortError` when it was cancelled. */
export async function pickAndKeepFiles(): Promise<ReadonlyMap<string, File>> {
  const handles = await (globalThis as FilePicker).showOpenFilePicker!({ multiple: true });
  await transact('readwrite', store => store.put(handles, 'last'));
  return filesOf(handles);
}

/** The files that were picked last, after the browser has asked for permission; undefined when there are none. */
export async function lastFiles(): Promise<ReadonlyMap<string, File> | undefined> {
  const handles = (await transact('readonly', store => store.get('last'))) as
    | FileSystemFileHandle[]
    | undefined;
  if (handles === undefined) return undefined;
  for (const handle of handles) {
    const answer = await (handle as PermissionHandle).requestPermission?.({ mode: 'read' });
    if (answer !== undefined && answer !== 'granted') return undefined;
  }
  return filesOf(handles);
}

async function filesOf(handles: readonly FileSystemFileHandle[]): Promise<ReadonlyMap<string, File>> {
  const files = await Promise.all(handles.map(handle => handle.getFile()));
  return new Map(files.map(file => [file.name, file]));
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
