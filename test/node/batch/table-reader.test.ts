/** Parquet files of other programs are read as they read them; damaged ones are refused, and nothing else happens. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, describe, expect, test } from 'vitest';
import { type ColumnValues, noInteger } from '../../../src/analysis/batch/columns.ts';
import { InputError } from '../../../src/input-error.ts';
import { readerOfBytes, readerOfFile, type TableReader } from '../../../src/node/batch/table-reader.ts';
import { queryDuckDb } from './duckdb.ts';

const folder = mkdtempSync(join(tmpdir(), 'table-reader-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rows = 5000;
/** Columns with repeated, increasing and random values, with and without null. */
const made = `select
  (i % 7)::float as repeated,
  (random() * 1000)::float as spread,
  i * 0.25::double as rising,
  case when i % 5 = 0 then null else random() end as gaps,
  (i % 100)::int as small,
  (i * 37)::bigint as sample,
  case when i % 3 = 0 then null else i::bigint end as sample_gaps,
  i % 11 < 4 as flag,
  case when i % 2 = 0 then null else i % 4 = 1 end as flag_gaps,
  'record ' || (i // 500) as record,
  case when i % 4 = 0 then null else 'é' || (i % 9) end as word,
  null::float as nothing
  from range(${rows}) t(i)`;

const cell = (values: ColumnValues, row: number): unknown => {
  if ('codes' in values) return values.words[values.codes[row]!] ?? null;
  const value = values[row]!;
  if (Number.isNaN(value) || (values instanceof Int32Array && value === noInteger)) return null;
  return values instanceof Uint8Array ? (value === 2 ? null : value === 1) : value;
};

async function allRows(table: TableReader): Promise<unknown[][]> {
  const found: unknown[][] = [];
  for (const [group, count] of table.groups.entries()) {
    const values: ColumnValues[] = [];
    for (const column of table.columns) values.push(await table.read(group, column));
    for (let row = 0; row < count; row++) found.push(values.map(of => cell(of, row)));
  }
  return found;
}

const plain = (read: readonly (readonly unknown[])[]): unknown[][] =>
  read.map(cells => cells.map(of => (typeof of === 'bigint' ? Number(of) : of)));

describe('files that DuckDB wrote', () => {
  test.each([
    ['snappy', 'V1', 100_000],
    ['uncompressed', 'V1', 2048],
    ['snappy', 'V2', 2048],
  ])('%s, %s, in row groups of %i', async (codec, version, group) => {
    const path = join(folder, `${codec}-${version}.parquet`);
    await queryDuckDb(
      `copy (${made}) to '${path}' (format parquet, compression ${codec}, parquet_version ${version}, row_group_size ${group})`,
    );
    const file = await open(path);
    try {
      const table = await readerOfFile('made', file);
      expect(await allRows(table)).toEqual(plain(await queryDuckDb(`select * from '${path}'`)));
    } finally {
      await file.close();
    }
  });

  test('a compression that is not read is named', async () => {
    const path = join(folder, 'zstd.parquet');
    await queryDuckDb(`copy (${made}) to '${path}' (format parquet, compression zstd)`);
    const table = await readerOfBytes('made', readFileSync(path));
    await expect(table.read(0, 'spread')).rejects.toThrow(InputError);
    await expect(table.read(0, 'spread')).rejects.toThrow(/^made: .*ZSTD/);
    await expect(table.read(0, 'no such')).rejects.toThrow(/^made: there is no column no such/);
  });
});

test('a file that hyparquet-writer wrote', async () => {
  const numbers = Float32Array.from({ length: 3000 }, (_, k) => Math.sin(k));
  const texts = Array.from({ length: 3000 }, (_, k) => (k % 13 === 0 ? null : `lead ${k % 12}`));
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'numbers', data: numbers, type: 'FLOAT' },
        { name: 'texts', data: texts, type: 'STRING' },
      ],
    }),
  );
  const table = await readerOfBytes('made', bytes);
  expect(await allRows(table)).toEqual(texts.map((text, k) => [numbers[k], text]));
});

test('a damaged file is refused, or read as something', { timeout: 120_000 }, async () => {
  const path = join(folder, 'whole.parquet');
  await queryDuckDb(`copy (${made}) to '${path}' (format parquet, compression snappy, row_group_size 2048)`);
  const whole = readFileSync(path);
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.nat(whole.length),
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
      async (end, changes) => {
        // Mostly whole, as the end of the file says where everything is.
        const bytes = Buffer.from(end % 4 === 0 ? whole.subarray(0, end) : whole);
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        try {
          const table = await readerOfBytes('made', bytes);
          const count = table.groups.reduce((sum, of) => sum + of, 0);
          if (count > 10 * rows) return;
          await allRows(table);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          refused++;
        }
      },
    ),
    { numRuns: 150 },
  );
  expect(refused).toBeGreaterThan(20);
});
