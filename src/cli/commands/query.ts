/** `query`: runs SQL on the result of a batch. */
import { queryResult } from '../../node/batch/query.ts';
import { defineCommand } from '../command.ts';
import { UsageError } from '../option.ts';
import { shared } from '../options.ts';
import { print, printJson } from '../output.ts';
import { formatTable } from '../table.ts';

export const command = defineCommand({
  name: 'query',
  takes: ['DIR', 'SQL'],
  summary: 'Runs an SQL query on the result of a batch, with DuckDB.',
  arguments: [
    ['DIR', 'result of the batch command: a folder, or s3://BUCKET/PREFIX, which is downloaded first'],
    ['SQL', 'query on the tables beats and records: "select record, count(*) from beats group by record"'],
  ],
  options: { json: { ...shared.json, says: 'print the rows as JSON, one object per line' } },
  notes: [
    'A query only reads: SELECT, and CREATE for tables in memory. Statements that can write files are refused. Requires the package @duckdb/node-api (npm install @duckdb/node-api). Examples are in docs/scale.md.',
  ],
  async run(values, [folder = '', sql = '']) {
    if (sql.trim() === '') throw new UsageError('SQL is empty');
    const { columns, rows } = await queryResult(folder, sql);
    if (values.json)
      for (const row of rows) printJson(Object.fromEntries(columns.map((name, k) => [name, row[k]])));
    else print(formatTable([columns, ...rows.map(row => row.map(cellText))], 0));
    return 0;
  },
});

const cellText = (value: unknown): string =>
  value === null ? '–' : typeof value === 'number' ? String(Number(value.toPrecision(6))) : String(value);
