/** A database of every container, with annotations and without, made of the synthetic samples. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileSource } from '../../src/node/files.ts';
import { folderSink } from '../../src/node/folder-sink.ts';
import { writeEdf } from '../../src/wfdb/edf/write-edf.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { run } from './run-command.ts';

export const samples = resolve(import.meta.dirname, '../../samples');

/** Makes it in `folder`: `s01` and `s02` in WFDB, `s03.edf`, and `s04.csv` with annotations beside it. */
export async function makeMixedDatabase(folder: string): Promise<void> {
  mkdirSync(folder);
  for (const name of ['s01', 's02']) {
    for (const ending of ['hea', 'dat', 'atr'])
      cpSync(join(samples, 'synth', `${name}.${ending}`), join(folder, `${name}.${ending}`));
  }
  const source = fileSource([join(samples, 'synth')]);
  await writeEdf(folderSink(folder), 's03.edf', await readRecord(source, 's03'));
  const converted = mkdtempSync(join(tmpdir(), 'converted-'));
  await run(['convert', 'synth/s04', '--file-format', 'csv', '--dir', converted], { WFDB: samples });
  // Annotations of a table are no record of their own.
  for (const name of ['s04.csv', 's04.atr.csv']) cpSync(join(converted, name), join(folder, name));
  rmSync(converted, { recursive: true });
}
