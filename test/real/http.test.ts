/** Real recordings over a loopback server are what they are on disk, and cost no more bytes than they need. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { databaseFiles, downloadFiles } from '../../src/node/database.ts';
import { fileSource } from '../../src/node/files.ts';
import { readAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { httpSource } from '../../src/wfdb/http.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { sendFile, serve } from '../node/server.ts';
import { databaseFolder, onRecordings } from './recordings.ts';

const served = (database: string) =>
  serve(request => {
    const path = join(databaseFolder(database)!, request.name);
    sendFile(request, existsSync(path) ? readFileSync(path) : undefined);
  });

onRecordings('mitdb')('mitdb over HTTP', () => {
  test('a window of record 208 takes its header and the bytes of the window', async () => {
    const { url, requests } = await served('mitdb');
    const window = { from: 10, to: 20, unit: 'seconds' } as const;
    const far = await readRecord(httpSource(url), '208', window);
    const near = await readRecord(fileSource([databaseFolder('mitdb')!]), '208', window);
    expect(far.signals.map(({ physical }) => physical)).toEqual(near.signals.map(({ physical }) => physical));
    const bytes = requests
      .map(request => /(\d+)-(\d+)$/.exec(request))
      .map(range => Number(range![2]) - Number(range![1]) + 1);
    const samples = requests.findIndex(request => request.startsWith('208.dat'));
    // Two signals of 12 bits: three bytes a frame, and little more at the edges.
    expect(bytes[samples]).toBeLessThan(3 * 3600 + 64);
    expect(requests.filter(request => request.startsWith('208.dat'))).toHaveLength(1);
  });

  test('annotations come whole', async () => {
    const { url } = await served('mitdb');
    const far = await readAnnotations(httpSource(url), '208', 'atr');
    expect(far).toEqual(await readAnnotations(fileSource([databaseFolder('mitdb')!]), '208', 'atr'));
  });
});

onRecordings('ludb')('ludb downloaded', () => {
  test('one record: header, samples, an annotation file for each lead, every published sum right', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ludb-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const { url } = await served('ludb');
    const { files } = await databaseFiles(url, ['data/1']);
    expect(files).toHaveLength(14);
    expect(await downloadFiles(url, folder, files)).toEqual({
      downloaded: 14,
      present: 0,
      verified: 14,
      failures: [],
    });
    const { signals } = await readRecord(fileSource([folder]), 'data/1');
    expect(signals).toHaveLength(12);
  });
});
