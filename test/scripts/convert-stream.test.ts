/** A WFDB record written as CSV piece by piece is the table of the whole, byte for byte. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openRecording } from '../../src/analysis/open-recording.ts';
import { streamToCsv } from '../../src/cli/commands/convert.ts';
import { fileSource, wfdbPath } from '../../src/node/files.ts';
import { openRunFiles } from '../../src/node/run-files.ts';
import { formatCsv } from '../../src/wfdb/csv/write-csv.ts';
import { readHeader } from '../../src/wfdb/header.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { memorySink, memorySource, type Source } from '../../src/wfdb/source.ts';
import { writeRecord } from '../../src/wfdb/write.ts';
import { onRecordings } from '../real/recordings.ts';
import { run } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'convert-stream-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The table, written in pieces of some seconds. */
async function inPieces(source: Source, record: string, window: object, seconds: number): Promise<string> {
  const files = openRunFiles({ overwrite: true });
  const target = { base: 'r', annotator: undefined, seconds };
  const { from, to, unit } = window as { from?: number; to?: number; unit?: 'seconds' };
  // The window in seconds, whatever it counts in.
  const perSecond = unit === 'seconds' ? 1 : (await readHeader(source, record)).samplingFrequency;
  const opened = await openRecording(source, record, {
    ...(from !== undefined && { startSeconds: from / perSecond }),
    ...(to !== undefined && { endSeconds: to / perSecond }),
    rate: 'highest',
  });
  const [table] = await streamToCsv(files.sink(folder), opened, target);
  await files.commit();
  return readFileSync(join(folder, table!), 'utf8');
}

async function expectSame(source: Source, record: string, window: object, seconds: number): Promise<string> {
  const table = await inPieces(source, record, window, seconds);
  const whole = formatCsv(await readRecord(source, record, { ...window, rate: 'highest' }));
  expect(table === whole, `${record} in pieces of ${seconds} s`).toBe(true);
  return table;
}

test.each([
  [{ unit: 'seconds' }, 0.7],
  [{ unit: 'seconds' }, 2],
  [{ unit: 'seconds', from: 0.33, to: 9.87 }, 1.1],
])('two rates and a gap: window %j in pieces of %d s', async (window, seconds) => {
  const wave = (length: number) => Int32Array.from({ length }, (_, i) => Math.round(500 * Math.sin(i / 7)));
  const signals = [
    { name: 'II', units: 'mV', adcGain: 200, baseline: 0, adc: wave(2000), samplingFrequency: 200 },
    { name: 'ABP', units: 'mmHg', adcGain: 4, baseline: -9, adc: wave(1000).fill(-2048, 190, 230) },
  ];
  const sink = memorySink();
  await writeRecord(sink, { name: 'r', samplingFrequency: 100, signals }, { format: 212 });
  const table = await expectSame(memorySource(sink.files), 'r', window, seconds);
  expect(table.split('\n').length).toBeGreaterThan(1900);
});

onRecordings('wfdb-python')('recordings', () => {
  const conformance = 'wfdb-python/sample-data/';
  test.each([
    ['mitdb/208', {}, 100],
    ['mitdb/100', { unit: 'seconds', from: 100.1, to: 222.22 }, 7],
    // Several samples a frame, and skew.
    [`${conformance}test01_00s_skewframe`, {}, 3],
    [`${conformance}03700181`, {}, 11],
    // Formats that can only be read from the start.
    [`${conformance}binformats`, {}, 0.05],
    [`${conformance}flacformats`, {}, 0.3],
    // Segments of a fixed layout, and of a variable one with gaps.
    [`${conformance}multi-segment/041s/041s`, {}, 0.9],
    [`${conformance}multi-segment/s25047/s25047-2704-05-04-10-44`, {}, 500],
  ])('%s, window %j, in pieces of %d s', async (record, window, seconds) => {
    await expectSame(fileSource(wfdbPath()), record, window, seconds);
  });
});

test('a name that leads out of the folder is refused, and nothing is left behind', async () => {
  const samples = { WFDB: 'samples' };
  for (const name of ['../out', '/tmp/upstroke-out', 'a/../../out']) {
    const words = [
      'convert',
      'synth/s01',
      '--file-format',
      'csv',
      '--dir',
      join(folder, 'd'),
      '--name',
      name,
    ];
    const { status, stderr } = await run(words, samples);
    expect(status).toBe(1);
    expect(stderr).toMatch(/expected a name inside the folder/);
  }
  expect(readdirSync(folder)).not.toContain('out.csv');
  expect(readdirSync(folder).filter(name => name.includes('part'))).toEqual([]);
});
