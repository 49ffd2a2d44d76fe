/** Which records a source of a batch means: lists, folders, URLs and names of the search path. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { listRecords } from '../../../src/node/batch/list-records.ts';

const samples = resolve(import.meta.dirname, '../../../samples/synth');
const folder = mkdtempSync(join(tmpdir(), 'list-records-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

const put = (name: string, content?: string): void => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  if (content === undefined) cpSync(join(samples, name.split('/').at(-1)!), path);
  else writeFileSync(path, content);
};
const found = async (source: string, leaveOut?: string): Promise<string[]> =>
  (await listRecords(source, leaveOut === undefined ? {} : { leaveOut })).map(
    ({ database, record, root, name }) => [database, record, root.replace(folder, '~'), name].join(' '),
  );

test('RECORDS of a folder, in its order, each once; lists further down are followed', async () => {
  put('db/1.0.3/RECORDS', 's02\r\n\r\ns01\ns02\nmore/\n');
  put('db/1.0.3/more/RECORDS', 'a.edf\n');
  const expected = ['db s02 ~/db/1.0.3 s02', 'db s01 ~/db/1.0.3 s01', 'db more/a.edf ~/db/1.0.3 more/a.edf'];
  expect(await found(join(folder, 'db/1.0.3'))).toEqual(expected);
  expect(await found(join(folder, 'db/1.0.3/RECORDS'))).toEqual(expected);
});

test('a folder without a list is searched: headers, and files of other kinds told by content', async () => {
  for (const name of ['s01.hea', 's01.dat', 's01.atr', 's01.truth.csv']) put(`found/${name}`);
  put('found/sub/table.txt', 'time,I\n0.000,0.5\n0.004,0.6\n0.008,0.7\n');
  put('found/damaged.EDF', 'not one');
  put('found/README.md', '# Words\n\nNothing else.\n');
  put('found/.hidden/s02.hea', 'x');
  put('found/out/table.csv', 'time,I\n0.000,0.5\n0.004,0.6\n');
  put('found/multi.hea', 'multi/2 1 360 200\nseg1 100\nseg2 100\n');
  for (const name of ['seg1', 'seg2']) put(`found/${name}.hea`, `${name} 1 360 100\n${name}.dat 16\n`);
  expect(await found(join(folder, 'found'), join(folder, 'found/out'))).toEqual([
    'found damaged.EDF ~/found damaged.EDF',
    'found multi ~/found multi',
    'found s01 ~/found s01',
    'sub table.txt ~/found/sub table.txt',
  ]);
});

test('a list of records of several databases, beside them or on the search path', async () => {
  put('two/one/s01.hea');
  put('two/other/s02.hea');
  put('two/list.txt', 'one/s01\nother/s02.hea\n');
  const expected = ['one s01 ~/two one/s01', 'other s02 ~/two other/s02'];
  expect(await found(join(folder, 'two/list.txt'))).toEqual(expected);
  put('elsewhere/list.txt', 'one/s01\nother/s02\n');
  vi.stubEnv('WFDB', `/nowhere:${join(folder, 'two')}`);
  expect(await found(join(folder, 'elsewhere/list.txt'))).toEqual(expected);
  expect(await found('one')).toEqual(['one s01 ~/two/one s01']);
});

test('a single recording', async () => {
  put('two/one/s01.hea');
  expect(await found(join(folder, 'two/one/s01'))).toEqual(['one s01 ~/two/one s01']);
  expect(await found(join(folder, 'two/one/s01.hea'))).toEqual(['one s01 ~/two/one s01']);
});

test('a URL: its RECORDS', async () => {
  const server = createServer((request, response) => {
    if (request.url !== '/files/db/2.0/RECORDS') return void response.writeHead(404).end();
    response.end(readFileSync(join(folder, 'db/1.0.3/more/RECORDS')));
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/files/db/2.0`;
    const expected = [`db a.edf ${url}/ a.edf`];
    put('db/1.0.3/more/RECORDS', 'a.edf\n');
    expect(await found(url)).toEqual(expected);
    expect(await found(`${url}/RECORDS`)).toEqual(expected);
    await expect(found(`${url}/nothing/`)).rejects.toThrow(/nothing\/ has no RECORDS file$/);
  } finally {
    server.close();
  }
});

test('a folder without recordings', async () => {
  await expect(listRecords(join(folder, 'nothing'))).rejects.toThrow(/is not a folder, list or recording/);
});

test('folders named by numbers are patients, not versions; two recordings of one name are refused', async () => {
  for (const patient of ['101', '102'])
    put(`cohort/${patient}/ecg.csv`, 'time,I\n0.000,0.5\n0.004,0.6\n0.008,0.7\n');
  expect(await found(join(folder, 'cohort'))).toEqual([
    '101 ecg.csv ~/cohort/101 ecg.csv',
    '102 ecg.csv ~/cohort/102 ecg.csv',
  ]);
  for (const place of ['left', 'right']) put(`${place}/same/s01.hea`);
  put('both.txt', ['left', 'right'].map(place => `${join(folder, place, 'same/s01')}\n`).join(''));
  await expect(found(join(folder, 'both.txt'))).rejects.toThrow(
    /two recordings are called same\/s01: .*left\/same\/s01 and .*right\/same\/s01/,
  );
});
