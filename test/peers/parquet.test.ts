/** What batch writes, read by pandas, pyarrow and, where Python has pyspark and there is a Java, by Spark. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { queryDuckDb } from '../node/batch/duckdb.ts';
import { runBatch } from '../scripts/same-process-batch.ts';
import { callPeers, hasPeers, peerFolder, peersPython } from './python.ts';

const samples = resolve(import.meta.dirname, '../../samples');

interface ReadTable {
  readonly rows: number;
  readonly databases: readonly string[];
  readonly slopes: readonly (number | null)[];
  readonly types: Readonly<Record<string, string>>;
  readonly settings: { readonly measures: readonly string[] };
  readonly units: Readonly<Record<string, string>>;
}

const hasSpark =
  hasPeers &&
  spawnSync(peersPython, ['-c', 'import pyspark']).status === 0 &&
  spawnSync('java', ['-version']).status === 0;
if (!hasSpark)
  console.warn('Spark is not tested: it takes pip install pyspark==4.0.4 among the peers, and a Java');

describe.skipIf(!hasPeers)('a batch', () => {
  test.skipIf(!hasSpark)('is one table to Spark', { timeout: 180_000 }, async () => {
    const folder = peerFolder();
    const out = join(folder, 'out');
    await runBatch([join(samples, 'synth'), '--dir', out, '--measure', 'slopes']);
    const [spark] = callPeers<ReadTable>(folder, [['read_beats_spark', { folder: 'out' }]]);
    expect(spark!.error).toBeUndefined();
    const rows = (await queryDuckDb(
      `select upstroke_slope_mV_per_s from '${out}/beats/*/*.parquet' order by record, lead, beat`,
    )) as [number | null][];
    expect(spark!.value!.slopes).toEqual(rows.map(([slope]) => slope));
    expect(spark!.value).toMatchObject({ rows: rows.length, databases: ['synth'] });
    expect(spark!.value!.types).toMatchObject({
      beat: 'int',
      lead: 'string',
      time_s: 'double',
      upstroke_slope_mV_per_s: 'float',
      quality_good: 'boolean',
    });
  });

  test('is one table to pandas and pyarrow, with its partitions, types, nulls and units', async () => {
    const folder = peerFolder();
    const out = join(folder, 'out');
    const { stderr } = await runBatch([join(samples, 'synth'), '--dir', out, '--measure', 'slopes,hrv']);
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
