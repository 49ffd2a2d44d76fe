/** Training on Parquet: rows a second, read and learned from, and the memory of it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Column, valuesOf } from '../../src/analysis/batch/columns.ts';
import { recipeOptions } from '../../src/analysis/recipe.ts';
import { trainStreamed } from '../../src/learn/train/streamed-training.ts';
import { openParquetRows } from '../../src/node/batch/parquet-rows.ts';
import { createTableWriter } from '../../src/node/batch/parquet-table.ts';
import { createRandom } from '../../src/random.ts';

const rowsInAll = 1_000_000;
const features = 24;
const blockRows = 50_000;

export async function benchTraining(folder: string): Promise<void> {
  const place = join(folder, 'training', 'beats', 'database=made');
  mkdirSync(place, { recursive: true });
  const names = Array.from({ length: features }, (_, k) => `f${k}`);
  await writeRows(place, names);
  const before = process.memoryUsage().rss;
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 50);
  let began = performance.now();
  const rows = await openParquetRows(join(folder, 'training'), {
    columns: names,
    features: names.map(name => ({ name, unit: '' })),
    classes: ['N', 'V'],
    classOf: ({ symbol }) => (symbol === 'V' ? 1 : 0),
    seed: 1,
  });
  const reading = (performance.now() - began) / 1000;
  began = performance.now();
  const epochs = 2;
  const options = { ...recipeOptions('softmax', rows.labels, ['N', 'V'], 1), epochs };
  await trainStreamed(rows.dataset, options);
  const training = (performance.now() - began) / 1000;
  clearInterval(timer);
  await rows.close();
  // The rows are gone over once more before the first epoch.
  const rate = (rowsInAll * (epochs + 1)) / training / 1e6;
  console.log(`softmax on ${rowsInAll} rows of ${features} features, batches of ${options.batchSize}`);
  console.log(`  from Parquet to disk ${(rowsInAll / reading / 1e6).toFixed(2)} million rows/s`);
  console.log(
    `  learning ${rate.toFixed(2)} million rows/s; ${((peak - before) / 2 ** 20).toFixed(0)} MB more than before\n`,
  );
}

async function writeRows(place: string, names: readonly string[]): Promise<void> {
  const columns: Column[] = [
    ...['record', 'lead', 'symbol'].map((name): Column => ({ name, kind: 'text', unit: '', says: name })),
    ...names.map((name): Column => ({ name, kind: 'float', unit: '', says: name })),
  ];
  let files = 0;
  const table = createTableWriter(columns, {}, async ({ bytes }) => {
    writeFileSync(join(place, `part-00000${files === 0 ? '' : `-${files}`}.parquet`), bytes);
    files++;
  });
  const random = createRandom(1);
  for (let from = 0; from < rowsInAll; from += blockRows) {
    const values = columns.map(({ name, kind }) =>
      valuesOf(kind, blockRows, row => {
        if (name === 'symbol') return row % 7 === 0 ? 'V' : 'N';
        return kind === 'text' ? `${name}${from}` : random.normal() + (row % 7 === 0 ? 0.5 : 0);
      }),
    );
    await table.add({ rows: blockRows, values });
  }
  await table.finish();
}
