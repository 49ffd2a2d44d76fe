/** Tables of beats as Parquet hold what the same tables as CSV hold. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import Papa from 'papaparse';
import { afterAll, expect, test } from 'vitest';
import { run } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'beat-table-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fileOf = (path: string): ArrayBuffer => {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
};

test.each([
  ['slopes', ['mitdb-208-excerpt', '--indices', '--uncertainty', '--to', '60']],
  ['slopes', ['synth/s03', '--good-only']],
  ['slopes', ['synth/s02', '--detect', '--low-cut', '0.5', '--from', '20']],
  ['intervals', ['synth/s01', '--to', '60']],
  ['intervals', ['mitdb-208-excerpt', '--detect', '--to', '30']],
])('%s %j', async (command, args) => {
  const at = (extension: string): string =>
    join(folder, `${command}-${args.join('-').replace('/', '-')}.${extension}`);
  for (const extension of ['csv', 'parquet']) {
    const { status } = await run([command, ...args, '--out', at(extension)], { WFDB: 'samples' });
    expect(status).toBe(0);
  }
  const csv = Papa.parse<Record<string, string>>(readFileSync(at('csv'), 'utf8'), {
    header: true,
    skipEmptyLines: true,
  });
  const file = fileOf(at('parquet'));
  const rows = await parquetReadObjects({ file });
  expect(rows.length).toBe(csv.data.length);
  expect(rows.length).toBeGreaterThan(20);
  expect(Object.keys(rows[0]!)).toEqual(csv.meta.fields);
  const asText = (value: unknown): string => (value === null ? '' : String(value));
  for (const [k, row] of rows.entries()) {
    const told = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asText(value)]));
    const expected = csv.data[k]!;
    // CSV marks what a spreadsheet would take for a formula.
    for (const [name, text] of Object.entries(expected))
      expect([name, told[name]]).toEqual([name, text.replace(/^'/, '')]);
  }
  const time = parquetMetadata(file).row_groups[0]!.columns.find(
    ({ meta_data: of }) => of!.path_in_schema[0] === 'time_s',
  );
  expect(time!.meta_data!.key_value_metadata).toContainEqual({ key: 'unit', value: 's' });
});

test('a Parquet file that is there is not replaced, and no part of one is left behind', async () => {
  const out = join(folder, 'twice.parquet');
  const write = (...more: string[]) =>
    run(['slopes', 'synth/s01', '--to', '20', '--out', out, ...more], { WFDB: 'samples' });
  expect((await write()).status).toBe(0);
  expect((await write()).stderr).toContain('--overwrite');
  expect((await write('--overwrite')).status).toBe(0);
  const refused = join(folder, 'refused.parquet');
  await run(['slopes', 'synth/s01', '--lead', 'none', '--out', refused], { WFDB: 'samples' });
  expect(existsSync(refused)).toBe(false);
});
