/** Training on Parquet: rows per second read and trained on, and the memory used. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { nodeBundle, root } from '../../packaging/node-bundle.ts';
import { type Column, type ColumnValues, valuesOf } from '../../src/analysis/batch/columns.ts';
import { createTableWriter } from '../../src/node/batch/parquet-table.ts';
import { createRandom } from '../../src/random.ts';
import { names } from './training-columns.ts';

const blockRows = 100_000;

/**
 * Prints the figures for `millions` of rows. Training runs in a separate process, so that its memory can be measured, and
 * bundled, as the commands are.
 */
export async function benchTraining(folder: string, millions: number): Promise<void> {
  const place = join(folder, 'training', 'beats', 'database=made');
  mkdirSync(place, { recursive: true });
  await writeRows(place, millions * 1_000_000);
  // Packages are found from below the checkout.
  const program = join(root, 'node_modules/.cache/upstroke/bench-training.mjs');
  const moduleUrl = pathToFileURL(join(root, 'src/node/bundle.js')).href;
  const bundle = await nodeBundle({ training: '../bench/batch/training-process.ts' }, moduleUrl);
  await bundle.write({ file: program, format: 'esm', codeSplitting: false });
  await bundle.close();
  spawnSync(process.execPath, [program, join(folder, 'training')], { stdio: 'inherit' });
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
