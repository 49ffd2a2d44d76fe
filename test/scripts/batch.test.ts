/** `batch`: its rows against the slopes command's, and what a second run does anew. */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { queryDuckDb } from '../node/batch/duckdb.ts';
import { askBeats, errorsOf, filesOf, manifestOf } from './batch-result.ts';
import { samples } from './mixed-database.ts';
import { run } from './run-command.ts';
import { runBatch, withMixedDatabase } from './same-process-batch.ts';

const { place, database, batch, batchAsProcess } = withMixedDatabase('batch');

/** Makes a database of samples, each of a header and its samples. */
function makeDatabase(folder: string, names: readonly string[]): void {
  mkdirSync(folder);
  for (const name of names) {
    for (const ending of ['hea', 'dat'])
      cpSync(join(samples, 'synth', `${name}.${ending}`), join(folder, `${name}.${ending}`));
  }
}

describe('a database of WFDB, EDF and CSV', () => {
  const out = place('out');

  test('has a row a beat and lead, which says what the slopes command says', async () => {
    const { status, stdout, stderr } = await batchAsProcess(database, '--dir', out);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain('4 records');
    const slopes = JSON.parse((await run(['slopes', 'synth/s01', '--json'], { WFDB: samples })).stdout);
    const beats: Record<string, never>[] = slopes.leads[0].beats;
    const rows = await askBeats(
      out,
      `select database, lead, beat, symbol, sample, upstroke_slope_mV_per_s, downstroke_time_s, qrs_duration_s, quality_good
       from BEATS where record = 's01' order by beat`,
    );
    expect(rows).toHaveLength(beats.length);
    rows.forEach((row, k) => {
      const beat = beats[k] as unknown as {
        symbol: string;
        rPeak: number;
        upstroke?: { slope: number };
        downstroke?: { time: number };
        qrsDuration?: number;
        quality: { good: boolean };
      };
      const single = (value: number | undefined) => (value === undefined ? null : Math.fround(value));
      expect(row).toEqual([
        'mixed',
        slopes.leads[0].lead,
        k,
        beat.symbol,
        BigInt(beat.rPeak),
        single(beat.upstroke?.slope),
        beat.downstroke?.time ?? null,
        single(beat.qrsDuration),
        beat.quality.good,
      ]);
    });
  });

  test('has a row a record, a manifest with the sums of what was read, and no errors', async () => {
    const records = await queryDuckDb(
      `select record, status, container, beats, rows from '${out}/records.parquet' order by record`,
    );
    expect(records.map(([record, status, container]) => [record, status, container])).toEqual([
      ['s01', 'done', 'WFDB'],
      ['s02', 'done', 'WFDB'],
      ['s03.edf', 'done', 'EDF'],
      ['s04.csv', 'done', 'table'],
    ]);
    const counts = await askBeats(
      out,
      'select record, count(*)::int from BEATS group by record order by record',
    );
    expect(counts).toEqual(records.map(([record, , , , rows]) => [record, rows]));
    const manifest = manifestOf(out);
    const s01 = manifest.perRecord.find(({ record }: { record: string }) => record === 's01');
    expect(s01.inputs.map(({ file }: { file: string }) => file)).toEqual(['s01.atr', 's01.dat', 's01.hea']);
    expect(manifest.settings.measures).toEqual(['slopes', 'features']);
    const sums = filesOf(out);
    const files: { name: string; sha256: string }[] = manifest.files;
    expect(files.map(({ name }) => name)).toEqual([
      'beats/database=mixed/part-00000.parquet',
      'records.parquet',
    ]);
    for (const { name, sha256 } of files) expect(sha256).toBe(sums.get(name));
    expect(errorsOf(out)).toEqual([]);
  });

  test('a second run measures nothing and changes nothing', async () => {
    const before = filesOf(out);
    const { stdout } = await batch(database, '--dir', out);
    expect(stdout).toContain('0 records measured, 4 were done before');
    expect(filesOf(out)).toEqual(before);
  });

  test('another partition of the same records measures nothing anew', async () => {
    const before = filesOf(out);
    const { stdout } = await batch(database, '--dir', out, '--records-per-file', '1');
    expect(stdout).toContain('0 records measured, 4 were done before');
    expect(readdirSync(join(out, 'beats/database=mixed'))).toHaveLength(4);
    const undisturbed = place('one-a-file');
    await batch(database, '--dir', undisturbed, '--records-per-file', '1');
    expect(filesOf(out)).toEqual(filesOf(undisturbed));
    await batch(database, '--dir', out);
    expect(filesOf(out)).toEqual(before);
  });

  test('a file that changed, or came to be, has its record measured anew and no other', async () => {
    const changed = place('changed');
    cpSync(database, changed, { recursive: true });
    const again = place('changed-out');
    await batch(changed, '--dir', again, '--json');
    rmSync(join(changed, 's02.atr'));
    const gone = JSON.parse((await batch(changed, '--dir', again, '--json')).stdout);
    expect(gone).toMatchObject({ measured: 1, kept: 3 });
    appendFileSync(join(changed, 's01.hea'), '# a comment\n');
    cpSync(join(samples, 'synth/s05.dat'), join(changed, 's05.dat'));
    cpSync(join(samples, 'synth/s05.hea'), join(changed, 's05.hea'));
    const more = JSON.parse((await batch(changed, '--dir', again, '--json')).stdout);
    expect(more).toMatchObject({ measured: 2, kept: 3 });
    const undisturbed = place('changed-undisturbed');
    await batch(changed, '--dir', undisturbed);
    expect(filesOf(again)).toEqual(filesOf(undisturbed));
  });
});

describe('another source in the folder of a result', () => {
  const few = place('few');
  const other = place('other');
  const out = place('few-out');
  const words = ['--dir', out, '--measure', 'hrv'];
  beforeAll(async () => {
    makeDatabase(few, ['s01', 's02']);
    makeDatabase(other, ['s03']);
    expect((await batch(few, ...words)).status).toBe(0);
  });

  test('is refused when it would remove records, also for a shard and a list of some of them', async () => {
    const before = filesOf(out);
    writeFileSync(place('list.txt'), 'few/s02\nother/s03\n');
    for (const [source, lost] of [
      [other, 2],
      [place('list.txt'), 1],
    ] as const) {
      for (const shard of [[], ['--shard', '0/1']]) {
        const { status, stderr } = await batch(source, ...words, ...shard);
        expect(stderr).toContain(
          `${out} holds the result of ${few}, with ${lost} record${lost === 1 ? '' : 's'} that ${source} does not have (few/s01`,
        );
        expect(stderr).toContain('use another --dir, or --overwrite');
        expect(status).toBe(1);
      }
    }
    expect(filesOf(out)).toEqual(before);
  });

  test('adds to it when it has all its records, and is moved when its files are unchanged', async () => {
    const moved = place('moved', 'few');
    mkdirSync(place('moved'));
    renameSync(few, moved);
    expect((await batch(moved, ...words)).stdout).toContain('0 records measured, 2 were done before');
    writeFileSync(place('both.txt'), `${moved}/s01\n${moved}/s02\n${other}/s03\n`);
    expect((await batch(place('both.txt'), ...words)).stdout).toContain(
      '1 record measured, 2 were done before',
    );
  });

  test('replaces it with --overwrite, which is said', async () => {
    const { stdout, status } = await batch(other, ...words, '--overwrite');
    expect(stdout).toContain('note: 2 records of the earlier result are no longer in the source: removed');
    expect(status).toBe(0);
    const undisturbed = place('other-out');
    await batch(other, '--dir', undisturbed, '--measure', 'hrv');
    expect(filesOf(out)).toEqual(filesOf(undisturbed));
  });

  test('is the same source when records vanish from it: their removal is said', async () => {
    makeDatabase(place('shrinking'), ['s01', 's02']);
    const shrunk = ['--dir', place('shrunk'), '--measure', 'hrv'];
    await batch(place('shrinking'), ...shrunk);
    rmSync(place('shrinking', 's01.hea'));
    const { stdout, status } = await batch(place('shrinking'), ...shrunk);
    expect(stdout).toContain('note: 1 record of the earlier result is no longer in the source: removed');
    expect(status).toBe(0);
  });
});

describe('shards', () => {
  test('in any order, and a run that joins them, give what one run gives', async () => {
    const out = place('shards');
    const words = [database, '--dir', out, '--records-per-file', '1'];
    for (const shard of ['2/3', '0/3', '1/3']) {
      expect((await batch(...words, '--shard', shard)).status).toBe(0);
      expect(existsSync(join(out, 'manifest.json'))).toBe(false);
    }
    const joined = JSON.parse((await batch(...words, '--json')).stdout);
    expect(joined).toMatchObject({ measured: 0, kept: 4, summary: { records: 4, failed: 0 } });
    expect(filesOf(out)).toEqual(filesOf(place('one-a-file')));
  });
});

describe('invalid arguments', () => {
  test('a queue in the environment is used, and said, without its password', async () => {
    const environment = { UPSTROKE_QUEUE: 'redis://:secret@127.0.0.1:1' };
    const { status, stderr } = await runBatch([database, '--dir', place('never')], environment);
    expect(stderr).toContain('measuring through the queue of UPSTROKE_QUEUE, redis://127.0.0.1:1');
    expect(stderr).toContain("the queue redis://127.0.0.1:1 can't be used");
    expect(stderr).not.toContain('secret');
    expect(status).toBe(1);
    const sharded = await runBatch([database, '--dir', place('never'), '--shard', '0/2'], environment);
    expect(sharded.stderr).toContain('UPSTROKE_QUEUE and --shard exclude each other');
    expect(sharded.status).toBe(2);
    expect(existsSync(place('never'))).toBe(false);
  });

  const calls: readonly (readonly [readonly string[], RegExp])[] = [
    [['--measure', 'slopes,nothing'], /--measure is one of .*'nothing'/],
    [['--measure', 'classes'], /classes need a model/],
    [['--shard', '3/3'], /--shard takes I\/N/],
    [['--model', 'x.json', '--measure', 'slopes'], /--model is for/],
  ];
  test.each(calls)('%j is a mistake in the arguments', async (words, says) => {
    const { status, stderr } = await batch(database, '--dir', place('never'), ...words);
    expect(stderr).toMatch(says);
    expect(status).toBe(2);
  });

  test('a folder with other files is not written to', async () => {
    const { status, stderr } = await batch(database, '--dir', database);
    expect(stderr).toMatch(/contains .*use another folder/);
    expect(status).toBe(1);
  });

  test.skipIf(!existsSync('/proc/self'))('a folder that cannot be made', async () => {
    const { status, stderr } = await batch(database, '--dir', '/proc/none/out');
    expect(stderr).toMatch(/^error: \/proc\/none\/out.* can't be written: ENOENT/);
    expect(status).toBe(1);
  });

  test('a source without records', async () => {
    mkdirSync(place('empty'));
    const { status, stderr } = await batch(place('empty'), '--dir', place('never'));
    expect(stderr).toMatch(/empty has no records/);
    expect(status).toBe(1);
    expect(() => statSync(place('never'))).toThrow();
  });
});
