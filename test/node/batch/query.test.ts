/** Queries on the result of a batch: DuckDB itself wrote the tables, and must write nothing when it is asked. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../../src/input-error.ts';
import { queryResult } from '../../../src/node/batch/query.ts';
import { queryDuckDb } from './duckdb.ts';

const folder = mkdtempSync(join(tmpdir(), 'query-'));
const result = join(folder, 'result');
const existing = join(folder, 'existing.csv');

beforeAll(async () => {
  mkdirSync(join(result, 'beats/database=db'), { recursive: true });
  const beats = `(values ('a', 'N', 1.5), ('a', 'V', 0.5), ('b', 'N', 2.5)) t(record, symbol, slope)`;
  await queryDuckDb(`copy (from ${beats}) to '${join(result, 'beats/database=db/part-0.parquet')}'`);
  await queryDuckDb(`copy (from (values ('a'), ('b')) t(record)) to '${join(result, 'records.parquet')}'`);
  writeFileSync(existing, 'record,age\na,40\nb,50\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Everything below the folder, files with their digests. */
const contents = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .map(name => [name, statSync(join(folder, name)).isFile() ? digestOf(join(folder, name)) : 'folder']),
  );

const digestOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

describe('answers', () => {
  test.each<[string, readonly (readonly unknown[])[]]>([
    [
      'select record, count(*) from beats group by record order by record',
      [
        ['a', 2],
        ['b', 1],
      ],
    ],
    ['from records order by record', [['a'], ['b']]],
    ['-- a comment\nfrom records order by record', [['a'], ['b']]],
    ["select 'a; export b' as export from records limit 1", [['a; export b']]],
    [
      'select 1.50, -0.1, 12345678901234.5, 0.12345678901234567, sum(1), 9007199254740993, 170141183460469231731687303715884105727::hugeint from records',
      [[1.5, -0.1, 12345678901234.5, '0.12345678901234567', 2, '9007199254740993', `${2n ** 127n - 1n}`]],
    ],
    ['with n as (from beats where symbol = $$N$$) select sum(slope)::double from n;', [[4]]],
    [
      'pivot beats on symbol using sum(slope)::double group by record order by record',
      [
        ['a', 1.5, 0.5],
        ['b', 2.5, null],
      ],
    ],
    ['create temp table n as from beats where symbol = $$N$$; select count(*) from n', [[2]]],
    [
      `select record, age from records join '${existing}' using (record) order by record`,
      [
        ['a', 40],
        ['b', 50],
      ],
    ],
  ])('%s', async (sql, rows) => {
    expect((await queryResult(result, sql)).rows).toEqual(rows);
  });

  test('describe names the columns', async () => {
    const { columns, rows } = await queryResult(result, 'describe beats');
    expect(rows.map(row => row[columns.indexOf('column_name')])).toEqual([
      'record',
      'symbol',
      'slope',
      'database',
    ]);
  });
});

describe('writes no file', () => {
  const records = join(result, 'records.parquet');
  const fresh = join(folder, 'new');
  test.each([
    `copy beats to '${existing}'`,
    `copy beats to '${records}'`,
    `copy (select 1) to '${fresh}.csv'`,
    `select 1; copy (select 1) to '${existing}'`,
    `explain analyze copy (select 1) to '${existing}'`,
    `prepare p as copy (select 1) to '${existing}'; execute p`,
    `export database '${fresh}'`,
    `/* a comment */ export -- another\n database '${fresh}' (format csv)`,
    `select ';'; EXPORT DATABASE memory TO '${fresh}'`,
    `explain analyze export database '${fresh}'`,
    `copy from database memory to other`,
    `copy beats to '${fresh}' (format parquet, partition_by (record))`,
    `attach '${fresh}.db'`,
    `attach '${existing}'`,
    `set profiling_output = '${existing}'`,
    `pragma profiling_output = '${existing}'`,
    `set log_query_path = '${existing}'`,
    `from enable_logging(storage = 'file', storage_path = '${fresh}')`,
    `call enable_profiling(format = 'json', save_location = '${fresh}.json')`,
    `from query('from enable_logging(storage = ''file'', storage_path = ''${fresh}'')')`,
    `install httpfs from '${folder}'`,
    `create persistent secret s (type http)`,
    `create or replace table x as select 1; copy x to '${existing}'`,
  ])('%s', async sql => {
    const before = contents();
    await expect(queryResult(result, sql)).rejects.toThrow(InputError);
    expect(contents()).toEqual(before);
  });

  test('the message says what a query consists of', async () => {
    await expect(queryResult(result, `copy beats to '${existing}'`)).rejects.toThrow(
      'COPY statements can write files: a query consists of SELECT, and CREATE for tables in memory',
    );
    await expect(queryResult(result, '-- nothing')).rejects.toThrow('SQL has no statement');
    await expect(queryResult(result, ';')).rejects.toThrow('SQL has no statement');
    await expect(queryResult(result, 'selct 1')).rejects.toThrow(
      'the query failed: Failed to extract statements: Parser Error: syntax error at or near "selct"',
    );
  });
});
