/** The files of a database, as its checksums or its lists name them. */
import { describe, expect, test } from 'vitest';
import { type DatabaseListing, databaseFiles, databaseUrl } from '../../src/node/database.ts';
import { WfdbError } from '../../src/wfdb/errors.ts';
import { encode, published, quick, sha256, sums, well, withSums } from './published-database.ts';
import { sendFile, serve } from './server.ts';

describe('databaseFiles', () => {
  test('all that has a published sum', async () => {
    const { url } = await serve(well(withSums));
    const { files } = await databaseFiles(url, [], quick);
    expect(files.map(({ name }) => name)).toEqual(Object.keys(published));
    expect(files.every(({ name, sha256: sum }) => sum === sha256(published[name]!))).toBe(true);
  });

  test('of one record: header, samples and the annotations that have a sum', async () => {
    const { url } = await serve(well(withSums));
    expect((await databaseFiles(url, ['100'], quick)).files.map(({ name }) => name)).toEqual([
      '100.hea',
      '100.dat',
      '100.atr',
    ]);
  });

  test('without sums: lists, records of all folders, segments, and annotation files that may be', async () => {
    const { url } = await serve(well(published));
    const { files } = await databaseFiles(url, [], quick);
    expect(files.filter(({ optional }) => !optional).map(({ name }) => name)).toEqual([
      '100.hea',
      '100.dat',
      'sub/m.hea',
      'sub/m_0.hea',
      'sub/m_0.dat',
      'sub/m_1.hea',
      'sub/m_1.dat',
    ]);
    expect(files.filter(({ optional }) => optional).map(({ name }) => name)).toEqual([
      'RECORDS',
      'ANNOTATORS',
      '100.atr',
      '100.qrs',
      'sub/m.atr',
      'sub/m.qrs',
    ]);
  });

  test('files listed as records, as EDF databases do', async () => {
    const { url } = await serve(well({ RECORDS: encode('a/x.edf\n') }));
    expect((await databaseFiles(url, [], quick)).files.filter(({ optional }) => !optional)).toEqual([
      { name: 'a/x.edf' },
    ]);
  });

  test.each<[string, Record<string, Uint8Array>, readonly string[], object]>([
    ['nothing published', {}, [], { code: 'not-found', file: 'RECORDS' }],
    ['an unknown record', withSums, ['999'], { code: 'not-found', file: '999.hea' }],
    ['a web page for sums', { 'SHA256SUMS.txt': encode('<html>') }, [], { code: 'syntax' }],
    ['a record that leads out', { RECORDS: encode('../x\n') }, [], { code: 'outside' }],
    ['folders that go in circles', { RECORDS: encode('./\n') }, [], { code: 'outside' }],
    [
      'segments of segments',
      { RECORDS: encode('x\n'), 'x.hea': encode('x/1 1 360 5\nx 5\n') },
      [],
      { code: 'inconsistent', file: 'x.hea' },
    ],
  ])('%s is refused', async (_, files, records, error) => {
    const { url } = await serve(well(files));
    const found = await databaseFiles(url, records, quick).catch((reason: unknown) => reason);
    expect(found instanceof WfdbError ? found : (found as DatabaseListing).failures[0]?.error).toMatchObject(
      error,
    );
  });

  test('a bad name, a missing header and a bad line cost that record alone', async () => {
    const { '100.hea': _, ...rest } = published;
    const RECORDS = encode('../x\n100\nsub/\nno/\n');
    const { url } = await serve(well({ ...rest, RECORDS }));
    const { files, failures } = await databaseFiles(url, [], quick);
    expect(failures.map(({ name, error }) => [name, error.code])).toEqual([
      ['no/', 'not-found'], // lists come first
      ['../x', 'outside'],
      ['100', 'not-found'],
    ]);
    expect(files.filter(({ optional }) => !optional).map(({ name }) => name)).toEqual([
      'sub/m.hea',
      'sub/m_0.hea',
      'sub/m_0.dat',
      'sub/m_1.hea',
      'sub/m_1.dat',
    ]);

    const broken = encode(`${new TextDecoder().decode(sums)}no sum\n`);
    const listed = await serve(well({ ...withSums, 'SHA256SUMS.txt': broken }));
    const second = await databaseFiles(listed.url, [], quick);
    expect(second.files).toHaveLength(11);
    expect(second.failures).toMatchObject([{ error: { code: 'syntax', line: 12 } }]);
  });

  test('folders without end are refused', async () => {
    const { url } = await serve(request =>
      sendFile(request, request.name.endsWith('RECORDS') ? encode('a/\n') : undefined),
    );
    const { files, failures } = await databaseFiles(url, [], quick);
    expect(failures.at(-1)?.error).toMatchObject({ code: 'inconsistent' });
    expect(files.filter(({ optional }) => !optional)).toEqual([]);
  });
});

describe('databaseUrl', () => {
  test('a version is taken as it is, the newest is read from the database’s page', async () => {
    const { url, requests } = await serve(({ name, response }) => {
      if (name === 'content/mitdb') response.writeHead(302, { Location: '/content/mitdb/1.0.0/' }).end();
      else response.end('<p class="text-muted">Version: 1.0.0 </p>');
    });
    expect(await databaseUrl('mitdb/0.9', url, quick)).toBe(`${url}files/mitdb/0.9/`);
    expect(requests).toEqual([]);
    expect(await databaseUrl('mitdb', url, quick)).toBe(`${url}files/mitdb/1.0.0/`);
  });

  test('a page without a version is refused', async () => {
    const { url } = await serve(({ response }) => response.end('Version: newest'));
    await expect(databaseUrl('mitdb', url, quick)).rejects.toMatchObject({ code: 'syntax' });
  });
});
