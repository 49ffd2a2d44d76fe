/**
 * `npm run bench batch`: whole databases. All of `mitdb` (`WFDB`: 24 h, two leads), once with one and once with two
 * workers, by the built program as users run it: `batch mitdb --detect --measure slopes`, from the files to Parquet, with
 * the start of its processes; records of 10 s and 12 leads made here; training on 10 million rows of Parquet; and what a
 * job of the queue costs, with a simulation of a thousand workers. `npm run bench batch 8` takes the first 8 records of
 * the database, and a million rows.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchBatch } from './batch/batches.ts';
import { benchQueue } from './batch/queue.ts';
import { benchTraining } from './batch/training.ts';

const folder = mkdtempSync(join(tmpdir(), 'bench-batch-'));
try {
  const records = process.argv[2] === undefined ? undefined : Number(process.argv[2]);
  const secondsPerShortRecord = await benchBatch(folder, records);
  await benchTraining(folder, records === undefined ? 10 : 1);
  await benchQueue(folder, secondsPerShortRecord);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
