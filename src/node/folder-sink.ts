/** A sink into a folder on disk, for library code; commands write through the `RunFiles` of their run. */
import type { Sink } from '../wfdb/source.ts';
import { openRunFiles } from './run-files.ts';

/**
 * A sink that writes into a folder, which is created if missing. Each file, and each group of files written
 * `together`, appears complete or not at all. Existing files are replaced only with `overwrite`. Names that lead
 * outside the folder are rejected as by `fileSource`. Throws `InputError` if a file exists and may not be replaced,
 * and `WfdbError` with code `outside` or `not-writable`.
 *
 * @example
 * await writeRecord(folderSink(folder), await readRecord(source, 'synth/s01'), { format: 212 });
 * (await readRecord(fileSource([folder]), 'synth/s01')).signals.length // => 1
 */
export function folderSink(
  folder: string,
  { overwrite = false }: { readonly overwrite?: boolean } = {},
): Sink {
  async function together(write: (sink: Sink) => Promise<void>): Promise<void> {
    const files = openRunFiles({ overwrite });
    try {
      await write(files.sink(folder));
      await files.commit();
    } finally {
      await files.abandon();
    }
  }
  return { together, write: (name, bytes) => together(sink => sink.write(name, bytes)) };
}
