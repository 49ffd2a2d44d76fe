/** A sink into a folder on disk, for library code; commands write through the `RunFiles` of their run. */
import type { Sink } from '../wfdb/source.ts';
import { openRunFiles } from './run-files.ts';

/**
 * A sink into a folder, which is made when it is missing. Each file, and what is written `together`, appears whole or
 * not at all. A file that is there is replaced only with `overwrite`. Names are held inside the folder as `fileSource`
 * holds them. Throws `InputError` for a file in the way, `WfdbError` with code `outside` or `not-writable`.
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
