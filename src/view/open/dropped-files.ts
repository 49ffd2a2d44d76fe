/** Files that were dropped or chosen, including folders. */

/** Largest number of files read from a folder: a whole database is not one recording. */
export const mostFiles = 5000;

/** The files of a drop, including those in folders, by their path relative to the common folder. */
export async function droppedFiles(transfer: DataTransfer): Promise<ReadonlyMap<string, File>> {
  const entries = [...transfer.items]
    .map(item => item.webkitGetAsEntry?.() ?? null)
    .filter(entry => entry !== null);
  const files = new Map<string, File>();
  if (entries.length === 0) return filesByName(transfer.files);
  for (const entry of entries) await collect(entry, '', files);
  return withoutCommonFolder(files);
}

/** Chosen files by name; of a folder, by their path in it. */
export function filesByName(list: Iterable<File>): ReadonlyMap<string, File> {
  const files = new Map<string, File>();
  for (const file of list) files.set(file.webkitRelativePath || file.name, file);
  return withoutCommonFolder(files);
}

async function collect(entry: FileSystemEntry, folder: string, files: Map<string, File>): Promise<void> {
  if (files.size >= mostFiles) return;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    files.set(folder + file.name, file);
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives a hundred entries at a time.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return;
    for (const child of some) await collect(child, `${folder}${entry.name}/`, files);
  }
}

/** Paths relative to the common folder of all files, so that records have the names they have in their folder. */
export function withoutCommonFolder(files: ReadonlyMap<string, File>): ReadonlyMap<string, File> {
  const names = [...files.keys()];
  const folder = names[0]?.split('/').slice(0, -1).join('/') ?? '';
  if (folder === '' || !names.every(name => name.startsWith(`${folder}/`))) return files;
  return new Map([...files].map(([name, file]) => [name.slice(folder.length + 1), file]));
}
