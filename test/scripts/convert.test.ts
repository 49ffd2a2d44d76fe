/** scripts/record.ts and scripts/convert.ts, run as a person runs them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileSource } from '../../src/node/files.ts';
import { folderSink } from '../../src/node/folder-sink.ts';
import { readAnnotationFile, writeAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { writeRecord } from '../../src/wfdb/write.ts';
import { edfFile } from '../wfdb/edf/edf-file.ts';
import { run as runWords } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'convert-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (script: string, ...words: string[]) => runWords([script, ...words], { WFDB: folder });

const plain = { subtype: 0, channel: 0, num: 0, aux: '' };
const annotations = [
  { ...plain, sample: 3, symbol: '+', aux: '(N' },
  { ...plain, sample: 40, symbol: 'N' },
  { ...plain, sample: 140, symbol: 'N' },
  { ...plain, sample: 190, symbol: 'odd', channel: 1 },
];

beforeAll(async () => {
  const wave = (length: number, height: number) =>
    Int32Array.from({ length }, (_, i) => Math.round(height * Math.sin(i / 7)));
  const signals = [
    { name: 'II', units: 'mV', adcGain: 200, baseline: 0, adc: wave(400, 500), samplingFrequency: 200 },
    { name: 'ABP', units: 'mmHg', adcGain: 4, baseline: -100, adc: wave(200, 90).fill(-2048, 5, 8) },
  ];
  const record = {
    name: 'db/two',
    samplingFrequency: 100,
    signals,
    comments: ['made\u001b[31m'],
    header: { baseTime: '10:00:00', baseDate: '01/02/2003' },
  };
  await writeRecord(folderSink(folder), record, { format: 212 });
  const definitions = [{ code: 42, symbol: 'odd', description: 'not even' }];
  await writeAnnotations(folderSink(folder), 'db/two', 'atr', annotations, { definitions });
});

describe('scripts/record.ts', () => {
  test('--json: header, signals with both checksums, annotations by symbol', async () => {
    const { status, stdout } = await run('record', 'db/two', '--json');
    expect(status).toBe(0);
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({
      record: 'db/two',
      samplingFrequency: 100,
      length: 200,
      header: {
        name: 'two',
        baseTime: '10:00:00',
        signals: [{ format: 212, samplesPerFrame: 2 }, { adcGain: 4 }],
      },
      annotator: 'atr',
      annotations: { N: 2, '+': 1, odd: 1 },
    });
    expect(found.signals.map((signal: { name: string }) => signal.name)).toEqual(['II', 'ABP']);
    for (const signal of found.signals) expect(signal.checksum).toBe(signal.computedChecksum);
    expect(found.signals[1]).toMatchObject({ invalid: 3, samplingFrequency: 100 });
  });

  test('the text output has no control characters from files', async () => {
    const { status, stdout } = await run('record', 'db/two');
    expect(status).toBe(0);
    expect(stdout).toContain('db/two: WFDB, 200 samples at 100 Hz, 2.000 s, from 01/02/2003 10:00:00');
    expect(stdout).toContain('annotations (atr): N 2, + 1, odd 1');
    expect(stdout).toContain('made?[31m');
  });

  test.each([
    [['none'], 1, /^error: none\.hea: expected a file/],
    [['../no-such-folder/x'], 1, /expected a file on the WFDB path/],
    [['db/two', '--annotator', 'qrs'], 1, /^error: db\/two\.qrs: expected a file/],
    [[], 2, /^error: record takes RECORD, not nothing/],
    [['a', '--nonsense'], 2, /^error: .*nonsense/],
  ])('%j ends with %i', async (words, status, message) => {
    const found = await run('record', ...words);
    expect(found.status).toBe(status);
    expect(found.stderr).toMatch(message);
    expect(found.stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('scripts/convert.ts', () => {
  test('to another format: samples and annotations are the same', async () => {
    const out = join(folder, 'out16');
    const { status, stdout } = await run(
      'convert',
      'db/two',
      '--file-format',
      'wfdb',
      '--format',
      '516',
      '--dir',
      out,
    );
    expect(status).toBe(0);
    expect(stdout.trim().split('\n').sort()).toEqual(
      readdirSync(out)
        .sort()
        .map(file => `${out}/${file}`)
        .sort(),
    );
    const before = await readRecord(fileSource([folder]), 'db/two', { rate: 'signal' });
    const after = await readRecord(fileSource([out]), 'two', { rate: 'signal' });
    expect(after.signals.map(signal => signal.physical)).toEqual(
      before.signals.map(signal => signal.physical),
    );
    expect(after.header).toMatchObject({ baseTime: '10:00:00', baseDate: '01/02/2003', length: 200 });
    const file = await readAnnotationFile(fileSource([out]), 'two', 'atr');
    expect(file.annotations).toEqual(annotations);
    expect(file.definitions).toEqual([{ code: 42, symbol: 'odd', description: 'not even' }]);
  });

  test('a part: annotations and base time move with it', async () => {
    const out = join(folder, 'part');
    const words = ['--from', '1', '--to', '1.6', '--name', 'half', '--file-format', 'wfdb', '--dir', out];
    expect((await run('convert', 'db/two', ...words)).status).toBe(0);
    const { header, length } = await readRecord(fileSource([out]), 'half');
    expect([length, header!.baseTime]).toEqual([60, '10:00:01']);
    const { annotations: marks } = await readAnnotationFile(fileSource([out]), 'half', 'atr');
    expect(marks).toEqual([{ ...plain, sample: 40, symbol: 'N' }]);
  });

  test('an EDF+ file: gains are chosen, since its baselines are fractions, and its annotations come along', async () => {
    const stamp = (second: number, text = '') =>
      `+${second}\x14\x14\0${text && `+${second}.5\x14${text}\x14\0`}`;
    const digital = [
      [0, 100, -100, 50],
      [1000, -1000, 7, -7],
    ];
    const edf = edfFile({
      reserved: 'EDF+C',
      signals: [
        { label: 'ECG', digital: [-32768, 32767], data: digital },
        { label: 'EDF Annotations', data: [stamp(0), stamp(1, 'Lights off')] },
      ],
    });
    writeFileSync(join(folder, 'night.edf'), edf);
    const out = join(folder, 'edf');
    expect(await run('convert', 'night.edf', '--file-format', 'wfdb', '--dir', out)).toMatchObject({
      status: 0,
      stderr: '',
    });
    const { signals, samplingFrequency, header } = await readRecord(fileSource([out]), 'night');
    expect(samplingFrequency).toBe(4);
    expect(header).toMatchObject({ baseTime: '12:00:00', baseDate: '01/01/2001' });
    for (const [i, value] of digital.flat().entries()) {
      const physical = -100 + ((value + 32768) * 200) / 65535;
      expect(Math.abs(signals[0]!.physical[i]! - physical)).toBeLessThanOrEqual(0.5001 / signals[0]!.adcGain);
    }
    const { annotations: marks } = await readAnnotationFile(fileSource([out]), 'night', 'atr');
    expect(marks).toEqual([{ ...plain, sample: 6, symbol: '"', aux: 'Lights off' }]);
    const keep = await run('convert', 'night.edf', '--file-format', 'wfdb', '--gains', 'keep', '--dir', out);
    expect(keep).toMatchObject({ status: 1, stderr: expect.stringContaining('cannot hold gain') });
  });

  test('to CSV and back', async () => {
    const out = join(folder, 'csv');
    expect((await run('convert', 'db/two', '--file-format', 'csv', '--dir', out)).status).toBe(0);
    expect(readFileSync(join(out, 'two.csv'), 'utf8').split('\n')[0]!.trim()).toBe(
      'time (s),II (mV),ABP (mmHg)',
    );
    expect(readFileSync(join(out, 'two.atr.csv'), 'utf8').trim().split('\n')).toHaveLength(5);
    writeFileSync(join(folder, 'again.csv'), readFileSync(join(out, 'two.csv')));
    expect(
      (await run('convert', 'again.csv', '--file-format', 'wfdb', '--gains', 'choose', '--dir', out)).status,
    ).toBe(0);
    const before = await readRecord(fileSource([folder]), 'db/two', { rate: 'highest' });
    const after = await readRecord(fileSource([out]), 'again');
    expect(after.samplingFrequency).toBe(200);
    for (const [s, signal] of after.signals.entries()) {
      for (const [i, value] of signal.physical.entries()) {
        const expected = before.signals[s]!.physical[i]!;
        if (Number.isNaN(expected)) expect(value).toBeNaN();
        else expect(Math.abs(value - expected)).toBeLessThanOrEqual(0.5001 / signal.adcGain);
      }
    }
  });

  test('CSV tables from other programs: assumptions and omitted columns are reported', async () => {
    const fixtures = join(import.meta.dirname, '../wfdb/csv/fixtures');
    const convert = (name: string, ...words: string[]) => {
      writeFileSync(join(folder, name), readFileSync(join(fixtures, name)));
      return run('convert', name, '--file-format', 'wfdb', '--dir', join(folder, 'tables'), ...words);
    };
    const read = (name: string) => readRecord(fileSource([join(folder, 'tables')]), name);
    const fits = await convert('microvolts.csv');
    expect(fits.stderr).toMatch(/gains were chosen/);
    expect((await read('microvolts')).signals[0]!.physical[0]).toBeCloseTo(123.456, 2);
    expect((await convert('gap.csv')).stderr).toMatch(/--gaps nan/);
    expect((await convert('gap.csv', '--gaps', 'nan', '--units', 'uV')).stderr).toMatch(
      /99 samples are missing/,
    );
    expect((await read('gap')).signals[0]!.physical.slice(1, 3)).toEqual(Float64Array.of(0.2, Number.NaN));
    expect((await convert('one-line.csv', '--transpose', '--frequency', '360', '--gain', '100')).stderr).toBe(
      '',
    );
    expect((await read('one-line')).signals[0]!.physical[0]).toBe(-1.16);
    expect((await convert('text-column.csv', '--labels', 'label', '--columns', 'ecg')).stdout).toMatch(
      /text-column.atr/,
    );
    expect((await convert('chapman.csv', '--frequency', '500', '--delimiter', 'nonsense')).status).toBe(2);
  });

  test.each([
    [['db/two', '--file-format', 'wfdb'], 2, /--dir/],
    [['db/two', '--dir', folder], 2, /--file-format/],
    [
      ['db/two', '--file-format', 'csv', '--to', 'wfdb', '--dir', folder],
      2,
      /--to takes a number, not 'wfdb'/,
    ],
    [['db/two', '--file-format', 'mat', '--dir', folder], 2, /--file-format is one of wfdb, csv/],
    [['db/two', '--file-format', 'wfdb', '--format', '17', '--dir', folder], 1, /no signal format 17/],
    [['db/two', '--file-format', 'wfdb', '--format', '80', '--dir', folder], 1, /does not fit format 80/],
    [['db/two', '--file-format', 'wfdb', '--from', '9', '--dir', folder], 1, /the window starts/],
  ])('%j ends with %i', async (words, status, message) => {
    const found = await run('convert', ...words);
    expect(found.status).toBe(status);
    expect(found.stderr).toMatch(message);
    expect(found.stderr.trim().split('\n')).toHaveLength(1);
  });
});
