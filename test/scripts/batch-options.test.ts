/** `batch` run again with other options: only the columns that they touch are measured anew, and filters are stated. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parquetMetadata } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askBeats, filesOf } from './batch-result.ts';
import { run } from './run-command.ts';
import { runBatch } from './same-process-batch.ts';

const samples = resolve(import.meta.dirname, '../../samples');
const folder = mkdtempSync(join(tmpdir(), 'batch-options-'));
const place = (...names: string[]): string => join(folder, ...names);
const database = place('synth');
beforeAll(() => {
  mkdirSync(database);
  for (const name of ['s01', 's02', 's03']) {
    for (const ending of ['hea', 'dat', 'atr'])
      cpSync(join(samples, 'synth', `${name}.${ending}`), join(database, `${name}.${ending}`));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const batch = async (out: string, ...words: string[]) => {
  const { stdout, stderr, status } = await runBatch([database, '--dir', place(out), '--json', ...words], {
    WFDB: samples,
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return JSON.parse(stdout);
};
const model = ['--model', join(samples, 'model-ds1-without-208.json')];

describe('a second run with other options', () => {
  beforeAll(() => batch('out', '--measure', 'slopes,hrv'));

  const changes: readonly (readonly [string, number, readonly string[]])[] = [
    ['a further measure', 3, ['--measure', 'slopes,hrv,delineation']],
    ['one measure less', 3, ['--measure', 'hrv']],
    ['another scheme, which only slopes depend on', 3, ['--measure', 'slopes,hrv', '--scheme', 'central4']],
    ['a model', 3, ['--measure', 'slopes,classes,hrv', ...model]],
    ['other beats, on which all depends', 0, ['--measure', 'slopes,hrv', '--detect']],
    ['a filter, on which all depends', 0, ['--measure', 'slopes,hrv', '--high-cut', '100']],
  ];
  test.each(changes)(
    '%s: %i records in part, and the result of a run of its own',
    async (_, inPart, words) => {
      cpSync(place('out'), place('again'), { recursive: true });
      expect(await batch('again', ...words)).toMatchObject({ measured: 3, kept: 0, inPart });
      await batch('undisturbed', ...words);
      expect(filesOf(place('again'))).toEqual(filesOf(place('undisturbed')));
      for (const name of ['again', 'undisturbed']) rmSync(place(name), { recursive: true });
    },
  );

  test('with a changed file, its record is measured completely', async () => {
    cpSync(place('out'), place('again'), { recursive: true });
    const header = readFileSync(join(database, 's02.hea'));
    writeFileSync(join(database, 's02.hea'), `${header.toString()}# a comment\n`);
    const words = ['--measure', 'slopes,hrv,delineation'];
    expect(await batch('again', ...words)).toMatchObject({ measured: 3, inPart: 2 });
    await batch('undisturbed', ...words);
    expect(filesOf(place('again'))).toEqual(filesOf(place('undisturbed')));
    writeFileSync(join(database, 's02.hea'), header);
    for (const name of ['again', 'undisturbed']) rmSync(place(name), { recursive: true });
  });
});

describe('filters', () => {
  const words = ['--low-cut', '0.5', '--high-cut', '40', '--notch', '50', '--baseline'];

  test('give the slopes that the slopes command gives with them, and stand in every row and the manifest', async () => {
    await batch('filtered', '--measure', 'slopes', ...words);
    const rows = await askBeats(
      place('filtered'),
      `select upstroke_slope_mV_per_s, low_cut_Hz, high_cut_Hz, notch_Hz, baseline_removed from BEATS
       where record = 's01' order by beat`,
    );
    const slopes = JSON.parse(
      (await run(['slopes', 'synth/s01', '--json', ...words], { WFDB: samples })).stdout,
    );
    const beats: { upstroke: { slope: number } | null }[] = slopes.leads[0].beats;
    expect(rows).toHaveLength(beats.length);
    for (const [k, [slope, ...filter]] of rows.entries()) {
      expect(filter).toEqual([0.5, 40, 50, true]);
      const expected = beats[k]!.upstroke?.slope;
      if (expected === undefined) expect(slope).toBeNull();
      else expect(slope as number).toBeCloseTo(expected, 3);
    }
    const manifest = JSON.parse(readFileSync(place('filtered', 'manifest.json'), 'utf8'));
    expect(manifest.settings.filter).toBe('baseline removed, 0.5–40 Hz, notches at 50 Hz and harmonics');
    expect(manifest.perRecord[0].warnings.join()).toMatch(/filtered .* less steep/);
  });

  test('none is applied unless asked for', async () => {
    await batch('plain', '--measure', 'slopes');
    expect(
      await askBeats(
        place('plain'),
        'select count(low_cut_Hz)::int, count(high_cut_Hz)::int, count(notch_Hz)::int, bool_or(baseline_removed) from BEATS',
      ),
    ).toEqual([[0, 0, 0, false]]);
  });

  test('a band that is none is a mistake in the arguments', async () => {
    const words = [database, '--dir', place('never'), '--low-cut', '40', '--high-cut', '1'];
    const { status, stderr } = await runBatch(words);
    expect(stderr).toContain('must be below');
    expect(status).toBe(2);
  });
});

test('a URL that is no location in S3 is no folder for a result', async () => {
  for (const url of ['S3://bucket/x', 'gs://bucket/x', 'https://me:secret@host/x']) {
    const { status, stderr } = await runBatch([database, '--dir', url]);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `error: a result is a folder or s3://BUCKET/PREFIX, not ${url.replace('me:secret@', '')}\n`,
    });
  }
});

test('each file states the version and the settings with which it was written', async () => {
  await batch('stated', '--measure', 'slopes', '--scheme', 'central4');
  for (const name of ['beats/database=synth/part-00000.parquet', 'records.parquet']) {
    const { buffer, byteOffset, byteLength } = readFileSync(place('stated', name));
    const { key_value_metadata: pairs } = parquetMetadata(
      buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer,
    );
    expect(JSON.parse(pairs!.find(({ key }) => key === 'upstroke')!.value!)).toMatchObject({
      version: JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8')).version,
      settings: { measures: ['slopes'], scheme: 'central4' },
    });
  }
});
