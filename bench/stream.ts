/**
 * `npm run bench stream`: a record of 7 days, 3 leads, 500 Hz in format 16 (1.8 GB) read in pieces of a minute,
 * and the peak memory of that. The file is sparse and takes no space on disk.
 */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSource } from '../src/node/files.ts';
import { recordChunks } from '../src/wfdb/chunks.ts';

const samplingFrequency = 500;
const frames = 7 * 24 * 3600 * samplingFrequency;
const leads = ['I', 'II', 'V5'];
const folder = mkdtempSync(join(tmpdir(), 'upstroke-stream-'));
try {
  const lines = leads.map(lead => `week.dat 16 1000(0)/mV 16 0 0 0 0 ${lead}`);
  writeFileSync(join(folder, 'week.hea'), [`week 3 ${samplingFrequency} ${frames}`, ...lines, ''].join('\n'));
  writeFileSync(join(folder, 'week.dat'), '');
  truncateSync(join(folder, 'week.dat'), frames * leads.length * 2);

  const before = process.memoryUsage().rss;
  let most = before;
  let read = 0;
  let sum = 0;
  const start = performance.now();
  for await (const { signals, length } of recordChunks(fileSource([folder]), 'week', { seconds: 60 })) {
    for (const { physical } of signals) for (let i = 0; i < physical.length; i++) sum += physical[i]!;
    read += length;
    most = Math.max(most, process.memoryUsage().rss);
  }
  const seconds = (performance.now() - start) / 1000;
  if (read !== frames || sum !== 0)
    throw new Error(`${read} of ${frames} samples per lead were read, sum ${sum}`);
  const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  console.log(`${frames} samples of ${leads.length} leads in ${seconds.toFixed(1)} s`);
  console.log(`resident memory: ${megabytes(before)} before, at most ${megabytes(most)}`);
} finally {
  rmSync(folder, { recursive: true });
}
