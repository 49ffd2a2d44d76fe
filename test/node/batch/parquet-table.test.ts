/** Parquet files of columns: what DuckDB reads is what went in, whatever the blocks they came in. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import {
  type Block,
  type Cell,
  type Column,
  type ColumnKind,
  type ColumnValues,
  noInteger,
  sliceValues,
  valuesOf,
} from '../../../src/analysis/batch/columns.ts';
import {
  createTableWriter,
  fileRows,
  openTable,
  type TableFile,
} from '../../../src/node/batch/parquet-table.ts';
import { queryDuckDb } from './duckdb.ts';

const folder = mkdtempSync(join(tmpdir(), 'parquet-'));
afterAll(() => rmSync(folder, { recursive: true }));

const kinds: readonly ColumnKind[] = ['float', 'double', 'integer', 'boolean', 'text', 'long'];
const columns: readonly Column[] = kinds.map(kind => ({ name: kind, kind, unit: 'mV/s', says: `a ${kind}` }));

type Row = readonly Cell[];

const row: fc.Arbitrary<Row> = fc.tuple(
  fc.option(fc.float({ noNaN: true, noDefaultInfinity: true }), { nil: undefined }),
  fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: undefined }),
  fc.option(fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 }), { nil: undefined }),
  fc.option(fc.boolean(), { nil: undefined }),
  fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
  fc.option(fc.maxSafeInteger(), { nil: undefined }),
);

const blockOf = (rows: readonly Row[]) => ({
  rows: rows.length,
  values: columns.map(({ kind }, k) => valuesOf(kind, rows.length, r => rows[r]![k])),
});

/** The files of rows that come in blocks cut at `cuts`. */
async function written(rows: readonly Row[], cuts: readonly number[], metadata = {}): Promise<TableFile[]> {
  const files: TableFile[] = [];
  const table = createTableWriter(columns, metadata, async file => void files.push(file));
  const ends = [...new Set([...cuts.map(cut => cut % (rows.length + 1)), rows.length])].sort((a, b) => a - b);
  let from = 0;
  for (const end of ends) {
    await table.add(blockOf(rows.slice(from, end)));
    from = end;
  }
  await table.finish();
  return files;
}

/** As JSON has it: null for none, and no negative zero; DuckDB gives integers of 64 bits as text. */
const plain = (rows: readonly Row[]): unknown[] =>
  rows.map(cells =>
    cells.map((cell, k) =>
      cell === undefined || cell === null ? null : kinds[k] === 'long' ? String(cell) : cell === 0 ? 0 : cell,
    ),
  );

/** The cells of a block, row by row. */
const cellsOf = ({ rows, values }: Block): Row[] =>
  Array.from({ length: rows }, (_, row) => values.map((of, k) => cellAt(of, kinds[k]!, row)));

function cellAt(values: ColumnValues, kind: ColumnKind, row: number): Cell {
  if ('codes' in values) return values.words[values.codes[row]!];
  const value = values[row]!;
  if (Number.isNaN(value) || (kind === 'integer' && value === noInteger)) return undefined;
  return kind !== 'boolean' ? value : value === 2 ? undefined : value === 1;
}

test('DuckDB reads what was written; no cut into blocks changes a byte', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 60 }),
      fc.array(fc.nat(60)),
      async (rows, cuts) => {
        const [file] = await written(rows, cuts);
        expect(Buffer.from(file!.bytes).equals(Buffer.from((await written(rows, []))[0]!.bytes))).toBe(true);
        const path = join(folder, 'rows.parquet');
        writeFileSync(path, file!.bytes);
        const read = await queryDuckDb(`select * from '${path}'`);
        expect(plain(read as Row[])).toEqual(plain(rows));
      },
    ),
    { numRuns: 40 },
  );
});

test('rows are read back as they went in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1 }), fc.nat(), fc.nat(), async (rows, a, b) => {
      const [from, to] = [a % rows.length, b % (rows.length + 1)].sort((x, y) => x - y) as [number, number];
      const [file] = await written(rows, []);
      const read = await openTable('rows', file!.bytes, columns);
      const block = await read(from, to);
      expect(cellsOf(block)).toEqual(rows.slice(from, to).map(cells => [...cells]));
    }),
  );
});

test('units, descriptions and what the file says of itself are in its metadata', async () => {
  const [file] = await written([[1, 2, 3, true, 'x', 4]], [], { upstroke: '{"version":1}' });
  const path = join(folder, 'described.parquet');
  writeFileSync(path, file!.bytes);
  const metadata = await queryDuckDb(
    `select decode(key), decode(value) from parquet_kv_metadata('${path}') where decode(key) = 'upstroke'`,
  );
  expect(metadata).toEqual([['upstroke', '{"version":1}']]);
  const ofColumns = await queryDuckDb(
    `select path_in_schema, key_value_metadata::varchar from parquet_metadata('${path}') order by column_id`,
  );
  expect(ofColumns.map(([name]) => name)).toEqual(kinds);
  for (const [name, words] of ofColumns) {
    expect(words).toContain('mV/s');
    expect(words).toContain(`a ${String(name)}`);
  }
});

test('more rows than a file holds go into several', async () => {
  const rows = fileRows + 7;
  const whole = { rows, values: columns.map(({ kind }) => valuesOf(kind, rows, r => cellOf(kind, r))) };
  const files: TableFile[] = [];
  const table = createTableWriter(columns, {}, async file => void files.push(file));
  for (let from = 0; from < rows; from += 123_456) {
    const to = Math.min(rows, from + 123_456);
    await table.add({ rows: to - from, values: whole.values.map(values => sliceValues(values, from, to)) });
  }
  await table.finish();
  expect(files.map(file => file.rows)).toEqual([fileRows, 7]);
  files.forEach((file, k) => {
    writeFileSync(join(folder, `many-${k}.parquet`), file.bytes);
  });
  const [[count, sum]] = (await queryDuckDb(
    `select count(*)::int, sum("integer")::double from '${folder}/many-*.parquet'`,
  )) as [[number, number]];
  expect(count).toBe(rows);
  expect(sum).toBe((rows * (rows - 1)) / 2);
});

const cellOf = (kind: ColumnKind, row: number): Cell =>
  kind === 'text'
    ? `word ${row % 5}`
    : kind === 'boolean'
      ? row % 2 === 0
      : kind === 'integer' || kind === 'long'
        ? row
        : row / 8;
