/**
 * `npm run bench batch`: whole databases. All of `mitdb` (on `WFDB`: 24 h, two leads) with one and with two workers, by the
 * built program: `batch mitdb --detect --measure slopes`, from the files to Parquet, including the start of its processes;
 * generated records of 10 s and 12 leads; training on 10 million rows of Parquet; and the cost of a job of the queue, with
 * a simulation of a thousand workers. `npm run bench batch 8` uses the first 8 records of the database and a million rows.
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
