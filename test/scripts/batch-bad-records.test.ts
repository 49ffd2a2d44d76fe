/** `batch` over records that are damaged, lacking, endless or too large, and over tables that need options. */
import { cpSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queryDuckDb } from '../node/batch/duckdb.ts';
import { askBeats, errorsOf, manifestOf } from './batch-result.ts';
import { samples } from './mixed-database.ts';
import { run } from './run-command.ts';
import { withMixedDatabase } from './same-process-batch.ts';

const { place, database, batch, batchAsProcess } = withMixedDatabase('batch-bad-records');

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
    const { status, stdout, stderr } = await batch(bad, '--dir', out);
    expect(stderr).toBe('');
    expect(status).toBe(1);
    expect(stdout).toContain('2 records measured, 3 failed\n');
    expect(stdout).toContain('3 of 5 records failed');
    expect(errorsOf(out).map(({ record, code }) => [record, code])).toEqual([
      ['s02', 'truncated'],
      ['nowhere', 'not-found'],
      ['../s01', 'outside'],
    ]);
    expect(await askBeats(out, 'select distinct record from BEATS order by 1')).toEqual([
      ['s01'],
      ['s04.csv'],
    ]);
    expect((await batch(bad, '--dir', out)).stdout).toContain('0 records measured, 5 were done before');
    cpSync(join(database, 's02.dat'), join(bad, 's02.dat'));
    const mended = JSON.parse((await batch(bad, '--dir', out, '--json')).stdout);
    expect(mended).toMatchObject({ measured: 1, kept: 4, summary: { failed: 2 } });
  });

  test('read leniently, give what is whole, and the manifest says what is lost', async () => {
    const cut = place('cut');
    cpSync(database, cut, { recursive: true });
    const bytes = statSync(join(cut, 's02.dat')).size;
    truncateSync(join(cut, 's02.dat'), Math.floor(bytes / 2));
    writeFileSync(join(cut, 'RECORDS'), 's02\n');
    const out = place('cut-out');
    const { status, stderr } = await batch(cut, '--dir', out, '--lenient');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const manifest = manifestOf(out);
    expect(manifest.perRecord[0].warnings.join()).toContain('s02.dat');
    expect(manifest.settings.reading).toEqual({ lenient: true });
    const words = ['slopes', join(cut, 's02'), '--lenient', '--json'];
    const beats = JSON.parse((await run(words)).stdout).leads[0].beats.length;
    const whole = JSON.parse((await run(['slopes', 'synth/s02', '--json'], { WFDB: samples })).stdout);
    expect(await askBeats(out, 'select count(*)::int from BEATS')).toEqual([[beats]]);
    expect(beats).toBeGreaterThan(0.4 * whole.leads[0].beats.length);
    // Strictly it is refused: the settings differ, so the lenient result is not taken for it.
    expect((await batch(cut, '--dir', out)).status).toBe(1);
  });

  test('a table is read with the options that any command has for one', async () => {
    const tables = place('tables');
    mkdirSync(tables);
    const rows = readFileSync(join(database, 's04.csv'), 'utf8').trim().split('\n');
    const numbers = rows.slice(1).map(row => row.split(',').at(-1)!);
    writeFileSync(join(tables, 'bare.csv'), `ecg\n${numbers.join('\n')}\n`);
    const refused = place('tables-refused');
    expect((await batch(tables, '--dir', refused)).status).toBe(1);
    expect(errorsOf(refused)[0]!.message).toContain('--frequency');
    const out = place('tables-out');
    const { status } = await batch(tables, '--dir', out, '--frequency', '250', '--units', 'mV');
    expect(status).toBe(0);
    expect(await askBeats(out, 'select count(*)::int > 100, bool_or(voltage_assumed) from BEATS')).toEqual([
      [true, false],
    ]);
  });

  test('a record without beats is measured: no rows, and a warning that says why', async () => {
    const silent = place('silent');
    mkdirSync(silent);
    const samplesOf = { flat: 7, invalid: -32768 };
    for (const [name, value] of Object.entries(samplesOf)) {
      writeFileSync(join(silent, `${name}.hea`), `${name} 1 250 5000\n${name}.dat 16 200 16 0 0 0 0 II\n`);
      writeFileSync(join(silent, `${name}.dat`), new Int16Array(5000).fill(value));
    }
    writeFileSync(join(silent, 'notes.txt'), 'no recording\n');
    for (const ending of ['hea', 'dat', 'atr'])
      cpSync(join(database, `s01.${ending}`), join(silent, `s01.${ending}`));
    const out = place('silent-out');
    const { status, stdout } = await batch(silent, '--dir', out, '--measure', 'slopes,hrv');
    expect(status).toBe(0);
    expect(stdout).toContain('3 records measured\n');
    expect(stdout).toMatch(/note: 1 file is not a recording: .*notes\.txt/);
    expect(stdout).toContain('2 of 3 records have warnings: column warnings of ');
    const table = `select record, status, sampling_frequency_Hz, duration_s, leads, beats, rows, good_share, hrv_nn_count, warnings
      from '${out}/records.parquet' where record <> 's01' order by record`;
    const expected = [
      [
        'flat',
        'done',
        250,
        20,
        'II',
        0,
        0,
        null,
        null,
        'no beats were found\nlead II is constant: no signal was recorded',
      ],
      [
        'invalid',
        'done',
        250,
        20,
        'II',
        0,
        0,
        null,
        null,
        'no beats were found\nlead II has no valid sample',
      ],
    ];
    expect(await queryDuckDb(table)).toEqual(expected);
    // With a further measure the rows of s01 are used again.
    expect((await batch(silent, '--dir', out, '--measure', 'slopes,hrv,intervals')).status).toBe(0);
    expect(await queryDuckDb(table)).toEqual(expected);
    expect(await askBeats(out, 'select distinct record from BEATS')).toEqual([['s01']]);
  });

  test('a record that hangs is ended when its time is up, and tried again by the next run', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const out = place('hanging');
    const { status } = await batchAsProcess(url, '--dir', out, '--time-limit', '1.5');
    expect(status).toBe(1);
    expect(errorsOf(out)).toMatchObject([
      { record: 's01', code: 'time-limit', message: 'took longer than 1.5 s' },
    ]);
    const again = JSON.parse(
      (await batchAsProcess(url, '--dir', out, '--time-limit', '1.5', '--json')).stdout,
    );
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
    const { status } = await batchAsProcess(big, '--dir', out, '--memory-mb', '220');
    expect(status).toBe(1);
    expect(errorsOf(out)).toMatchObject([
      { record: 'big', code: 'memory-limit', message: 'took more than 220 MB' },
    ]);
    expect((await askBeats(out, 'select count(distinct record)::int from BEATS'))[0]).toEqual([4]);
  });
});
