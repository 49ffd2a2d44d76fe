/** A database of short records: what is run and killed again and again has little to compute. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileSource } from '../../src/node/files.ts';
import { folderSink } from '../../src/node/folder-sink.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { writeRecord } from '../../src/wfdb/write.ts';
import { samples } from './mixed-database.ts';

/** Length of a record, s. */
const seconds = 20;

/** Makes it in `folder`: the first seconds of each named synthetic sample, without annotations. */
export async function makeShortDatabase(folder: string, names: readonly string[]): Promise<void> {
  mkdirSync(folder);
  const source = fileSource([join(samples, 'synth')]);
  for (const name of names) {
    const record = await readRecord(source, name, { from: 0, to: seconds, unit: 'seconds' });
    await writeRecord(folderSink(folder), { ...record, name }, { format: 212 });
  }
}
