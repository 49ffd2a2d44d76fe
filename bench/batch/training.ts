/** Training on Parquet: rows per second read and trained on, and the memory used. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Column, type ColumnValues, valuesOf } from '../../src/analysis/batch/columns.ts';
import { recipeOptions } from '../../src/analysis/recipe.ts';
import { trainStreamed } from '../../src/learn/train/streamed-training.ts';
import { openParquetRows } from '../../src/node/batch/parquet-rows.ts';
import { createTableWriter } from '../../src/node/batch/parquet-table.ts';
import { createRandom } from '../../src/random.ts';

const features = 24;
const blockRows = 100_000;
const epochs = 2;
const names = Array.from({ length: features }, (_, k) => `f${k}`);

/** Prints the figures for `millions` of rows; training runs in a separate process, so that its memory can be measured. */
export async function benchTraining(folder: string, millions: number): Promise<void> {
  const place = join(folder, 'training', 'beats', 'database=made');
  mkdirSync(place, { recursive: true });
  await writeRows(place, millions * 1_000_000);
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  spawnSync(process.execPath, ['--import', tsx, import.meta.filename, join(folder, 'training')], {
    stdio: 'inherit',
  });
}

/** Processor time of this process, s. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function trainOn(folder: string): Promise<void> {
  const start = cpuSeconds();
  const rows = await openParquetRows(folder, {
    columns: names,
    features: names.map(name => ({ name, unit: '' })),
    classes: ['N', 'V'],
    classOf: ({ symbol }) => (symbol === 'V' ? 1 : 0),
    seed: 1,
  });
  const read = cpuSeconds();
  const options = { ...recipeOptions('softmax', rows.labels, ['N', 'V'], 1), epochs };
  await trainStreamed(rows.dataset, options);
  const trained = cpuSeconds();
  await rows.close();
  const count = rows.labels.length;
  // The rows are read once more before the first epoch.
  const rate = (count * (epochs + 1)) / (trained - read) / 1e6;
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(
    `softmax on ${count} rows of ${features} features, batches of ${options.batchSize}, ${epochs} epochs`,
  );
  console.log(
    `  from Parquet to disk ${(count / (read - start) / 1e6).toFixed(2)} million rows per CPU second`,
  );
  console.log(`  learning ${rate.toFixed(2)} million rows per CPU second; ${peak.toFixed(0)} MB at most\n`);
}

async function writeRows(place: string, count: number): Promise<void> {
  const columns: Column[] = [
    ...['record', 'lead', 'symbol'].map((name): Column => ({ name, kind: 'text', unit: '', says: name })),
    ...names.map((name): Column => ({ name, kind: 'float', unit: '', says: name })),
  ];
  let files = 0;
  const table = createTableWriter(columns, {}, async ({ bytes }) => {
    writeFileSync(join(place, `part-00000${files === 0 ? '' : `-${files}`}.parquet`), bytes);
    files++;
  });
  const { uniform } = createRandom(1);
  for (let from = 0; from < count; from += blockRows) {
    const values = columns.map(({ name, kind }): ColumnValues => {
      if (name === 'symbol') return valuesOf('text', blockRows, row => (row % 7 === 0 ? 'V' : 'N'));
      if (kind === 'text') return valuesOf('text', blockRows, () => `${name}${from}`);
      const numbers = new Float32Array(blockRows);
      for (let row = 0; row < blockRows; row++) numbers[row] = uniform() + (row % 7 === 0 ? 0.5 : 0);
      // As for the first beat of a record, which has no preceding interval.
      numbers[0] = Number.NaN;
      return numbers;
    });
    await table.add({ rows: blockRows, values });
  }
  await table.finish();
}

if (process.argv[1] === import.meta.filename) await trainOn(process.argv[2]!);
