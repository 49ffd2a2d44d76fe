/** `batch`: its rows against the slopes command's, what it does with bad records, and what a second run does anew. */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileSource } from '../../src/node/files.ts';
import { folderSink } from '../../src/node/folder-sink.ts';
import { writeEdf } from '../../src/wfdb/edf/write-edf.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { queryDuckDb } from '../node/batch/duckdb.ts';
import { filesOf, runProgram } from './batch-result.ts';
import { run } from './run-command.ts';

const samples = resolve(import.meta.dirname, '../../samples');
const folder = mkdtempSync(join(tmpdir(), 'batch-'));
const place = (...names: string[]): string => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A database of every container, with annotations and without. */
const database = place('mixed');
beforeAll(async () => {
  mkdirSync(database);
  for (const name of ['s01', 's02']) {
    for (const ending of ['hea', 'dat', 'atr'])
      cpSync(join(samples, 'synth', `${name}.${ending}`), join(database, `${name}.${ending}`));
  }
  const source = fileSource([join(samples, 'synth')]);
  await writeEdf(folderSink(database), 's03.edf', await readRecord(source, 's03'));
  await run(['convert', 'synth/s04', '--file-format', 'csv', '--out', place('converted')], { WFDB: samples });
  cpSync(place('converted', 's04.csv'), join(database, 's04.csv'));
  // Annotations of a table are no record of their own.
  cpSync(place('converted', 's04.atr.csv'), join(database, 's04.atr.csv'));
});

const batch = (...words: string[]) => runProgram(['batch', '--workers', '1', ...words], { WFDB: samples });
const ask = (out: string, sql: string) =>
  queryDuckDb(sql.replaceAll('BEATS', `read_parquet('${out}/beats/*/*.parquet', hive_partitioning=true)`));
const errorsOf = (out: string): { record: string; code: string; message: string }[] =>
  readFileSync(join(out, 'errors.jsonl'), 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));
const manifestOf = (out: string) => JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));

describe('a database of WFDB, EDF and CSV', () => {
  const out = place('out');

  test('has a row a beat and lead, which says what the slopes command says', async () => {
    const { status, stdout, stderr } = await batch(database, '--out', out);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain('4 records');
    const slopes = JSON.parse((await run(['slopes', 'synth/s01', '--json'], { WFDB: samples })).stdout);
    const beats: Record<string, never>[] = slopes.leads[0].beats;
    const rows = await ask(
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
        beat.rPeak,
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
    const counts = await ask(out, 'select record, count(*)::int from BEATS group by record order by record');
    expect(counts).toEqual(records.map(([record, , , , rows]) => [record, rows]));
    const manifest = manifestOf(out);
    const s01 = manifest.perRecord.find(({ record }: { record: string }) => record === 's01');
    expect(s01.inputs.map(({ file }: { file: string }) => file)).toEqual(['s01.atr', 's01.dat', 's01.hea']);
    expect(manifest.settings.measures).toEqual(['slopes', 'features']);
    expect(errorsOf(out)).toEqual([]);
  });

  test('a second run measures nothing and changes nothing', async () => {
    const before = filesOf(out);
    const { stdout } = await batch(database, '--out', out);
    expect(stdout).toContain('0 records measured, 4 were done before');
    expect(filesOf(out)).toEqual(before);
  });

  test('another partition of the same records measures nothing anew', async () => {
    const before = filesOf(out);
    const { stdout } = await batch(database, '--out', out, '--records-per-file', '1');
    expect(stdout).toContain('0 records measured, 4 were done before');
    expect(readdirSync(join(out, 'beats/database=mixed'))).toHaveLength(4);
    const undisturbed = place('one-a-file');
    await batch(database, '--out', undisturbed, '--records-per-file', '1');
    expect(filesOf(out)).toEqual(filesOf(undisturbed));
    await batch(database, '--out', out);
    expect(filesOf(out)).toEqual(before);
  });

  test('a file that changed, or came to be, has its record measured anew and no other', async () => {
    const changed = place('changed');
    cpSync(database, changed, { recursive: true });
    const again = place('changed-out');
    await batch(changed, '--out', again, '--json');
    rmSync(join(changed, 's02.atr'));
    const gone = JSON.parse((await batch(changed, '--out', again, '--json')).stdout);
    expect(gone).toMatchObject({ measured: 1, kept: 3 });
    appendFileSync(join(changed, 's01.hea'), '# a comment\n');
    cpSync(join(samples, 'synth/s05.dat'), join(changed, 's05.dat'));
    cpSync(join(samples, 'synth/s05.hea'), join(changed, 's05.hea'));
    const more = JSON.parse((await batch(changed, '--out', again, '--json')).stdout);
    expect(more).toMatchObject({ measured: 2, kept: 3 });
    const undisturbed = place('changed-undisturbed');
    await batch(changed, '--out', undisturbed);
    expect(filesOf(again)).toEqual(filesOf(undisturbed));
  });
});

describe('shards', () => {
  test('in any order, and a run that joins them, give what one run gives', async () => {
    const out = place('shards');
    const words = [database, '--out', out, '--records-per-file', '1'];
    for (const shard of ['2/3', '0/3', '1/3']) {
      expect((await batch(...words, '--shard', shard)).status).toBe(0);
      expect(existsSync(join(out, 'manifest.json'))).toBe(false);
    }
    const joined = JSON.parse((await batch(...words, '--json')).stdout);
    expect(joined).toMatchObject({ measured: 0, kept: 4, summary: { records: 4, failed: 0 } });
    expect(filesOf(out)).toEqual(filesOf(place('one-a-file')));
  });
});

describe('bad records', () => {
  let server: Server;
  beforeAll(async () => {
    // Answers for everything but signals, for which it lets its clients wait.
    server = createServer((request, response) => {
      const name = decodeURIComponent(request.url!.slice(1));
      if (name.endsWith('.dat')) return;
      if (name === 'RECORDS') return void response.end('s01\n');
      if (name !== 's01.hea') return void response.writeHead(404).end();
      response.end(readFileSync(join(samples, 'synth', name)));
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('are reported with their reason and left out; the exit code says so', async () => {
    const bad = place('bad');
    cpSync(database, bad, { recursive: true });
    truncateSync(join(bad, 's02.dat'), 1000);
    writeFileSync(join(bad, 'RECORDS'), 's01\ns02\nnowhere\n../s01\ns04.csv\n');
    const out = place('bad-out');
    const { status, stdout, stderr } = await batch(bad, '--out', out);
    expect(stderr).toBe('');
    expect(status).toBe(1);
    expect(stdout).toContain('3 records failed');
    expect(errorsOf(out).map(({ record, code }) => [record, code])).toEqual([
      ['s02', 'truncated'],
      ['nowhere', 'not-found'],
      ['../s01', 'outside'],
    ]);
    expect(await ask(out, 'select distinct record from BEATS order by 1')).toEqual([['s01'], ['s04.csv']]);
    expect((await batch(bad, '--out', out)).stdout).toContain('0 records measured, 5 were done before');
    cpSync(join(database, 's02.dat'), join(bad, 's02.dat'));
    const mended = JSON.parse((await batch(bad, '--out', out, '--json')).stdout);
    expect(mended).toMatchObject({ measured: 1, kept: 4, summary: { failed: 2 } });
  });

  test('read leniently, give what is whole, and the manifest says what is lost', async () => {
    const cut = place('cut');
    cpSync(database, cut, { recursive: true });
    const bytes = statSync(join(cut, 's02.dat')).size;
    truncateSync(join(cut, 's02.dat'), Math.floor(bytes / 2));
    writeFileSync(join(cut, 'RECORDS'), 's02\n');
    const out = place('cut-out');
    const { status, stderr } = await batch(cut, '--out', out, '--lenient');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const manifest = manifestOf(out);
    expect(manifest.perRecord[0].warnings.join()).toContain('s02.dat');
    expect(manifest.settings.reading).toEqual({ lenient: true });
    const words = ['slopes', join(cut, 's02'), '--lenient', '--json'];
    const beats = JSON.parse((await run(words)).stdout).leads[0].beats.length;
    const whole = JSON.parse((await run(['slopes', 'synth/s02', '--json'], { WFDB: samples })).stdout);
    expect(await ask(out, 'select count(*)::int from BEATS')).toEqual([[beats]]);
    expect(beats).toBeGreaterThan(0.4 * whole.leads[0].beats.length);
    // Strictly it is refused: the settings differ, so the lenient result is not taken for it.
    expect((await batch(cut, '--out', out)).status).toBe(1);
  });

  test('a table is read with the options that any command has for one', async () => {
    const tables = place('tables');
    mkdirSync(tables);
    const rows = readFileSync(place('converted', 's04.csv'), 'utf8').trim().split('\n');
    const numbers = rows.slice(1).map(row => row.split(',').at(-1)!);
    writeFileSync(join(tables, 'bare.csv'), `ecg\n${numbers.join('\n')}\n`);
    const refused = place('tables-refused');
    expect((await batch(tables, '--out', refused)).status).toBe(1);
    expect(errorsOf(refused)[0]!.message).toContain('--frequency');
    const out = place('tables-out');
    const { status } = await batch(tables, '--out', out, '--frequency', '250', '--units', 'mV');
    expect(status).toBe(0);
    expect(await ask(out, 'select count(*)::int > 100, bool_or(voltage_assumed) from BEATS')).toEqual([
      [true, false],
    ]);
  });

  test('a record that hangs is ended when its time is up, and tried again by the next run', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const out = place('hanging');
    const { status } = await batch(url, '--out', out, '--time-limit', '1.5');
    expect(status).toBe(1);
    expect(errorsOf(out)).toMatchObject([
      { record: 's01', code: 'time-limit', message: 'took longer than 1.5 s' },
    ]);
    const again = JSON.parse((await batch(url, '--out', out, '--time-limit', '1.5', '--json')).stdout);
    expect(again).toMatchObject({ measured: 1, failed: 1 });
  });

  test('a record that takes too much memory is ended; the others are measured', async () => {
    const big = place('big');
    cpSync(database, big, { recursive: true });
    // 16 signals of an hour at 500 Hz: 230 MB of numbers.
    const signals = Array.from({ length: 16 }, (_, k) => `big.dat 16 200 16 0 0 0 0 L${k}\n`).join('');
    writeFileSync(join(big, 'big.hea'), `big 16 500 1800000\n${signals}`);
    writeFileSync(join(big, 'big.dat'), Buffer.alloc(16 * 2 * 1_800_000));
    const out = place('big-out');
    const { status } = await batch(big, '--out', out, '--memory-mb', '220');
    expect(status).toBe(1);
    expect(errorsOf(out)).toMatchObject([
      { record: 'big', code: 'memory-limit', message: 'took more than 220 MB' },
    ]);
    expect((await ask(out, 'select count(distinct record)::int from BEATS'))[0]).toEqual([4]);
  });
});

describe('what makes no sense', () => {
  const calls: readonly (readonly [readonly string[], RegExp])[] = [
    [['--measure', 'slopes,nothing'], /--measure is one of .*'nothing'/],
    [['--measure', 'classes'], /classes need a model/],
    [['--shard', '3/3'], /--shard takes I\/N/],
    [['--model', 'x.json', '--measure', 'slopes'], /--model is for/],
  ];
  test.each(calls)('%j is a mistake in the arguments', async (words, says) => {
    const { status, stderr } = await batch(database, '--out', place('never'), ...words);
    expect(stderr).toMatch(says);
    expect(status).toBe(2);
  });

  test('a folder with other files is not written to', async () => {
    const { status, stderr } = await batch(database, '--out', database);
    expect(stderr).toMatch(/holds .*give another folder/);
    expect(status).toBe(1);
  });

  test('a source without records', async () => {
    mkdirSync(place('empty'));
    const { status, stderr } = await batch(place('empty'), '--out', place('never'));
    expect(stderr).toMatch(/empty has no records/);
    expect(status).toBe(1);
    expect(() => statSync(place('never'))).toThrow();
  });
});
