/** What batch writes, read by pandas and pyarrow. */
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { queryDuckDb } from '../node/batch/duckdb.ts';
import { runProgram } from '../scripts/batch-result.ts';
import { callPeers, hasPeers, peerFolder } from './python.ts';

const samples = resolve(import.meta.dirname, '../../samples');

interface ReadTable {
  readonly rows: number;
  readonly databases: readonly string[];
  readonly slopes: readonly (number | null)[];
  readonly types: Readonly<Record<string, string>>;
  readonly settings: { readonly measures: readonly string[] };
  readonly units: Readonly<Record<string, string>>;
}

describe.skipIf(!hasPeers)('a batch', () => {
  test('is one table to pandas and pyarrow, with its partitions, types, nulls and units', async () => {
    const folder = peerFolder();
    const out = join(folder, 'out');
    const { stderr } = await runProgram([
      'batch',
      join(samples, 'synth'),
      '--out',
      out,
      '--measure',
      'slopes,hrv',
    ]);
    expect(stderr).toBe('');
    const [pandas, pyarrow] = callPeers<ReadTable>(folder, [
      ['read_beats_pandas', { folder: 'out' }],
      ['read_beats_pyarrow', { folder: 'out' }],
    ]);
    const rows = (await queryDuckDb(
      `select record, lead, beat, upstroke_slope_mV_per_s from '${out}/beats/*/*.parquet' order by record, lead, beat`,
    )) as [string, string, number, number | null][];
    for (const { value, error } of [pandas!, pyarrow!]) {
      expect(error).toBeUndefined();
      expect(value!.rows).toBe(rows.length);
      expect(value!.databases).toEqual(['synth']);
      expect(value!.slopes).toEqual(rows.map(row => row[3]));
    }
    expect(rows.some(row => row[3] === null)).toBe(true);
    expect(pyarrow!.value!.types).toMatchObject({
      beat: 'int32',
      lead: 'string',
      time_s: 'double',
      quality_good: 'bool',
    });
    expect(pyarrow!.value!.settings.measures).toEqual(['slopes', 'hrv']);
    expect(pyarrow!.value!.units).toMatchObject({ upstroke_slope_mV_per_s: 'mV/s', lead: '' });
  });
});
