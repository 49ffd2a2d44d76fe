/**
 * The conformance files of wfdb-python: every record whose signal files are there is read, and equals what the WFDB
 * Software Package printed for it. Each case says the command that made the expected output.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { fileSource } from '../../src/node/files.ts';
import { type Annotation, readAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { type ReadOptions, type Recording, readRecord } from '../../src/wfdb/record.ts';
import { databaseFolder, onRecordings } from './recordings.ts';

const root = databaseFolder('wfdb-python') ?? '';
const samples = join(root, 'sample-data');
const source = fileSource([samples]);

/** Records that cannot be read, and why: these signal files are too large to be among the conformance files. */
const absent = {
  '1003': '1003.dat',
  '12726': '12726.dat',
  drive02: 'drive02.dat',
  'drive02-no-len': 'drive02.dat',
  n16: 'n16.dat',
  n8_evoked_raw_95_F1_R9: 'n8_evoked_raw_95_F1_R9.dat',
  wave_4: 'wave_4.dat',
  'multi-segment/p000878/p000878-2137-10-26-16-57': '3269321_0003.hea',
  'multi-segment/s00001/3975656_0009': '3975656_0009.dat',
  'multi-segment/s00001/3975656_0010': '3975656_0010.dat',
  'multi-segment/s00001/3975656_0011': '3975656_0011.dat',
  'multi-segment/s00001/s00001-2896-10-10-00-31': '3975656_0009.dat',
};

/** Lines of numbers as `rdsamp` prints them; `-` is an invalid sample. */
function printed(name: string): number[][] {
  const bytes = readFileSync(join(root, 'tests', 'target-output', name));
  const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
  return text
    .trimEnd()
    .split('\n')
    .map(line =>
      line
        .trim()
        .split(/\s+/)
        .map(word => (word === '-' ? Number.NaN : Number(word))),
    );
}

/** Fails unless the recording's rows, less `last` at the end, are those printed. */
function expectRows(recording: Recording, kind: 'adc' | 'physical', rows: number[][], last = 0): void {
  expect(recording.length - last).toBe(rows.length);
  expect(recording.signals.length).toBe(rows[0]!.length);
  const tolerance = kind === 'adc' ? 0 : 5.0001e-9;
  for (const [s, signal] of recording.signals.entries()) {
    const values = signal[kind];
    const wrong = rows.findIndex((row, i) => {
      const [found, expected] = [values[i]!, row[s]!];
      return Number.isNaN(expected) ? !Number.isNaN(found) : !(Math.abs(found - expected) <= tolerance);
    });
    expect(wrong, `${signal.name}: ${values[wrong]} where ${rows[wrong]?.[s]} was printed, row`).toBe(-1);
  }
}

const named = (recording: Recording, order: readonly number[]): string[] =>
  order.map(i => recording.signals[i]!.name);

onRecordings('wfdb-python')('conformance', () => {
  test('each record whose signal files are there reads, with all checksums right', async () => {
    const names = readdirSync(samples, { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.hea'))
      .map(file => file.slice(0, -4));
    expect(names).toHaveLength(88);
    let verified = 0;
    for (const name of names.filter(name => !(name in absent))) {
      for (const rate of ['frame', 'signal'] as const) {
        const { signals, header } = await readRecord(source, name, { rate });
        expect(signals).toHaveLength(header!.signalCount);
        for (const signal of signals) {
          expect(signal.physical).toHaveLength(signal.adc.length);
          if (signal.checksum === undefined || signal.computedChecksum === undefined) continue;
          expect(signal.computedChecksum, `${name} ${signal.name}`).toBe(signal.checksum);
          verified++;
        }
      }
    }
    expect(verified).toBe(2 * 220);
  });

  test('a record whose files are not there says which is missing', async () => {
    for (const [name, file] of Object.entries(absent)) {
      expect(existsSync(join(samples, name, '..', file))).toBe(false);
      await expect(readRecord(source, name)).rejects.toMatchObject({
        code: 'not-found',
        file: expect.stringContaining(file),
      });
    }
  });

  const cases: [
    string,
    string,
    'adc' | 'physical',
    string,
    ReadOptions & { picks?: number[]; last?: number },
  ][] = [
    ['record-1a', 'test01_00s', 'adc', 'rdsamp -r test01_00s', {}],
    [
      'record-1b',
      'a103l',
      'physical',
      'rdsamp -r a103l -f 50 -t 160 -s 2 0 -P',
      { from: 12500, to: 40000, picks: [2, 0] },
    ],
    ['record-1c', 'a103l', 'adc', 'rdsamp -r a103l -f 80 -s 0 1', { from: 20000, picks: [0, 1] }],
    [
      'record-1d',
      '3000003_0003',
      'physical',
      'rdsamp -r 3000003_0003 -f 1 -t 8 -s 1 -P',
      { from: 1, to: 8, unit: 'seconds', picks: [1] },
    ],
    ['record-1f.gz', 'binformats', 'adc', 'rdsamp -r binformats', {}],
    ['record-flac.gz', 'flacformats', 'adc', 'rdsamp -r flacformats', {}],
    [
      'record-2b',
      '100',
      'adc',
      'rdsamp -r 100 -f 0.002 -t 30 -s 1',
      { from: 0.002, to: 30, unit: 'seconds', picks: [1] },
    ],
    ['record-2c', '100_3chan', 'physical', 'rdsamp -r 100_3chan -P', {}],
    ['record-2d', '310derive', 'adc', 'rdsamp -r 310derive -f 0.007', { from: 0.007, unit: 'seconds' }],
    ['record-2e', '311derive', 'physical', 'rdsamp -r 311derive -f 0.005 -t 3.91 -P', { from: 1, to: 978 }],
    [
      'record-3b',
      's0010_re',
      'physical',
      'rdsamp -r s0010_re -f 5 -t 38 -P -s 13 0 4 8 3',
      { from: 5, to: 38, unit: 'seconds', picks: [13, 0, 4, 8, 3] },
    ],
    // Where a skewed signal has ended, rdsamp prints no more rows; here they are there, invalid in that signal.
    ['record-4a', 'test01_00s_skewframe', 'adc', 'rdsamp -r test01_00s_skewframe', { last: 3 }],
    ['record-4b', '03700181', 'adc', 'rdsamp -r 03700181', { last: 4 }],
    [
      'record-4c',
      '03700181',
      'physical',
      'rdsamp -r 03700181 -f 8 -t 128 -s 0 2 -P',
      { from: 1000, to: 16000, picks: [0, 2] },
    ],
    [
      'record-4d',
      'test01_00s_skewframe',
      'physical',
      'rdsamp -r test01_00s_skewframe -P -H',
      { rate: 'highest', last: 6 },
    ],
    [
      'record-multi-fixed-c',
      'multi-segment/fixed1/v102s',
      'physical',
      'rdsamp -r v102s -f s70000 -t s80000 -s 1 0 3 -P',
      { from: 70000, to: 80000, picks: [1, 0, 3] },
    ],
    // The C library prints -32768 for every invalid sample; the expected output has the format's code instead.
    [
      'record-multi-fixed-d.gz',
      'multi-segment/041s/041s',
      'adc',
      'rdsamp -r 041s -s 3 2 1 -H | sed s/-32768/-2048/',
      { rate: 'highest', picks: [3, 2, 1] },
    ],
    // record-multi-variable-b needs 3975656_0011.dat, which is absent.
    [
      'record-multi-variable-a',
      'multi-segment/s00001/s00001-2896-10-10-00-31',
      'physical',
      'rdsamp -r s00001-2896-10-10-00-31 -f s14428365 -t s14428375 -P',
      { from: 14428365, to: 14428375 },
    ],
  ];
  test.each(cases)('%s', async (target, name, kind, _command, { picks, last, ...options }) => {
    const first = await readRecord(source, name, {
      ...options,
      from: options.from ?? 0,
      to: options.to ?? undefined!,
    });
    const recording =
      picks === undefined
        ? first
        : await readRecord(source, name, { ...options, signals: named(first, picks) });
    expectRows(recording, kind, printed(target), last);
  });

  // rdsamp -r p000878-2137-10-26-16-57 -f s3550 -t s7500 -s 0 1 | perl -p -e 's/-32768/  -128/g;'
  test('record-multi-variable-d: invalid samples are -32768, as the C library has them', async () => {
    const name = 'multi-segment/p000878/p000878-2137-10-26-16-57';
    const recording = await readRecord(source, name, { from: 3550, to: 7500, signals: ['PLETH', 'II'] });
    const rows = printed('record-multi-variable-d').map(row => row.map(v => (v === -128 ? -32768 : v)));
    expectRows(recording, 'adc', rows);
  });

  test.each([
    ['ann-1', '100', 'atr', 'rdann -r 100 -a atr'],
    ['ann-2', '12726', 'anI', 'rdann -r 12726 -a anI'],
    ['ann-3', '1003', 'atr', 'rdann -r 1003 -a atr'],
  ])('%s', async (target, name, annotator, _command) => {
    const lines = readFileSync(join(root, 'tests', 'target-output', target), 'utf8')
      .replace(/\n$/, '')
      .split('\n');
    const expected = lines.map((line): Annotation => {
      const [, sample, symbol, subtype, channel, num, aux] =
        /^\s*\S+\s+(\d+)\s+(\S+)\s+(-?\d+)\s+(\d+)\s+(-?\d+)\t?(.*)$/.exec(line)!;
      return {
        sample: +sample!,
        symbol: symbol!,
        subtype: +subtype!,
        channel: +channel!,
        num: +num!,
        aux: aux!,
      };
    });
    const found = await readAnnotations(source, name, annotator);
    expect(found).toEqual(expected);
  });
});
