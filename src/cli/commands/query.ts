/** `query`: SQL over the result of a batch. */
import { queryResult } from '../../node/batch/query.ts';
import { defineCommand } from '../command.ts';
import { shared } from '../options.ts';
import { print, printJson } from '../output.ts';
import { formatTable } from '../table.ts';

export const command = defineCommand({
  name: 'query',
  takes: ['DIR', 'SQL'],
  summary: 'SQL over the result of a batch, by DuckDB.',
  arguments: [
    ['DIR', 'what batch has written: a folder, or s3://BUCKET/PREFIX, which is downloaded first'],
    ['SQL', 'over the tables beats and records: "select record, count(*) from beats group by record"'],
  ],
  options: { json: { ...shared.json, says: 'the rows as JSON, an object a line' } },
  notes: ['DuckDB is installed by npm install @duckdb/node-api. Recipes are in docs/scale.md.'],
  async run(values, [folder = '', sql = '']) {
    const { columns, rows } = await queryResult(folder, sql);
    if (values.json)
      for (const row of rows) printJson(Object.fromEntries(columns.map((name, k) => [name, row[k]])));
    else print(formatTable([columns, ...rows.map(row => row.map(cellText))], 0));
    return 0;
  },
});

const cellText = (value: unknown): string =>
  value === null ? '–' : typeof value === 'number' ? String(Number(value.toPrecision(6))) : String(value);
