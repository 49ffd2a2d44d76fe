/** Which records a source of a batch means: lists, folders, URLs and names of the search path. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

test('recordings beside another of the same name are found, and what is none is named', async () => {
  const table = 'time,I\n0.000,0.5\n0.004,0.6\n0.008,0.7\n';
  for (const name of ['s01.hea', 's01.dat', 's01.atr', 's01.truth.csv']) put(`beside/${name}`);
  put('beside/s01.csv', table);
  put('beside/s01.edf', 'damaged');
  put('beside/s01.txt', 'Notes on the patient.\n');
  put('beside/empty.hea', '');
  put('beside/empty.csv', '');
  put('beside/self.hea', 'self/1 1 360 100\nself 100\n');
  put('beside/ring.hea', 'ring/1 1 360 100\nround 100\n');
  put('beside/round.hea', 'round/1 1 360 100\nring 100\n');
  const others: string[] = [];
  const records = await listRecords(join(folder, 'beside'), { onOther: file => others.push(file) });
  expect(records.map(({ record }) => record)).toEqual([
    ...['empty', 'ring', 's01', 's01.csv', 's01.edf', 'self'],
  ]);
  expect(others).toEqual([join(folder, 'beside/empty.csv')]);
});

test('links to files inside the folder are followed; others, pipes and too deep folders are named', async () => {
  for (const name of ['s01.hea', 's01.dat']) put(`links/real/${name}`);
  put('outside/s02.hea');
  const at = (...names: string[]): string => join(folder, 'links/real', ...names);
  symlinkSync('s01.hea', at('linked.hea'));
  symlinkSync('/nowhere', at('dangling.hea'));
  symlinkSync(join(folder, 'outside/s02.hea'), at('s02.hea'));
  symlinkSync(join(folder, 'outside'), at('away'));
  symlinkSync('..', at('cycle'));
  symlinkSync('loop.hea', at('loop.hea'));
  mkdirSync(at('sub'));
  symlinkSync('../sub', at('sub/again'));
  execFileSync('mkfifo', [at('pipe.csv')]);
  const deep = `links/real/${'d/'.repeat(18)}`;
  put(`${deep}s03.hea`);
  const others: string[] = [];
  const records = await listRecords(join(folder, 'links/real'), { onOther: file => others.push(file) });
  expect(records.map(({ record }) => record)).toEqual(['linked', 's01']);
  expect(others.map(text => text.replace(`${at()}/`, '').replace(/(\/d)+ /, '/… ')).sort()).toEqual([
    'away (a link that leads out of the folder)',
    'cycle (a link that leads out of the folder)',
    'd/… (too deep)',
    'dangling.hea (a link to nothing)',
    'loop.hea (a link to nothing)',
    'pipe.csv (not a file)',
    's02.hea (a link that leads out of the folder)',
    'sub/again (a link to a folder that is searched itself)',
  ]);
});

test('a list may have comments, and lead upwards; RECORDS of a database may not', async () => {
  put('up/one/s01.hea');
  put('up/lists/list.txt', '# two records\n../one/s01\n\n#../one/s02\n');
  expect(await found(join(folder, 'up/lists/list.txt'))).toEqual(['one s01 ~/up/one/ s01']);
  put('up/db/RECORDS', '# a comment\n../one/s01\n');
  expect(await found(join(folder, 'up/db'))).toEqual(['db ../one/s01 ~/up/db ../one/s01']);
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

test('a list whose first records are missing is a list; they are reported with the others', async () => {
  put('lists/db/s02.hea');
  put('lists/list.txt', '\ufeff# chosen\r\n\r\ndb/s77\r\ndb/s02\r\n');
  expect(await found(join(folder, 'lists/list.txt'))).toEqual([
    'db s77 ~/lists db/s77',
    'db s02 ~/lists db/s02',
  ]);
  put('lists/table.csv', 'db/s77,db\n1,2\n3,4\n');
  expect(await found(join(folder, 'lists/table.csv'))).toEqual(['lists table.csv ~/lists table.csv']);
});
