/**
 * `npm run bench batch`: whole databases. Batches over `mitdb` (`WFDB`), or over records made here, with one and with two
 * workers, by the built program as users run it; training on a result; and what a job of the queue costs, with a
 * simulation of a thousand workers. `npm run bench batch 8` takes the first 8 records of the database.
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
  await benchTraining(folder, 10);
  await benchQueue(folder, secondsPerShortRecord);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
