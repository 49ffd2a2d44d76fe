/** Trains on the Parquet files in a folder, and prints the rows per second and the memory used; started by `training.ts`. */
import { recipeOptions } from '../../src/analysis/recipe.ts';
import { trainStreamed } from '../../src/learn/train/streamed-training.ts';
import { openParquetRows } from '../../src/node/batch/parquet-rows.ts';
import { names } from './training-columns.ts';

const epochs = 2;

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
    `softmax on ${count} rows of ${names.length} features, batches of ${options.batchSize}, ${epochs} epochs`,
  );
  console.log(
    `  from Parquet to disk ${(count / (read - start) / 1e6).toFixed(2)} million rows per CPU second`,
  );
  console.log(`  learning ${rate.toFixed(2)} million rows per CPU second; ${peak.toFixed(0)} MB at most\n`);
}

await trainOn(process.argv[2]!);
