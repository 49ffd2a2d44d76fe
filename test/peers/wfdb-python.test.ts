/**
 * Records and annotations that we write, read by wfdb-python, and the other way round. Differences that are wfdb-python's:
 *
 * - the samples of a skewed signal that lie behind the record's length in the file are not read;
 * - an annotation with a note (`"`) at sample 0 is taken for the file's own notes and left out;
 * - texts are read as Latin-1, whatever they are in;
 * - formats 8, 61, 160, 212, 310 and 311 are not written.
 */
import { describe, expect, test } from 'vitest';
import { fileSource } from '../../src/node/files.ts';
import { folderSink } from '../../src/node/folder-sink.ts';
import {
  type Annotation,
  readAnnotations,
  writeAnnotations,
} from '../../src/wfdb/annotations/annotation-file.ts';
import { symbolOf } from '../../src/wfdb/annotations/symbols.ts';
import { recordChunks } from '../../src/wfdb/chunks.ts';
import { formatCsv } from '../../src/wfdb/csv/write-csv.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { type RecordToWrite, writeRecord } from '../../src/wfdb/write.ts';
import { writeSegments } from '../../src/wfdb/write-segments.ts';
import { type Call, callPeers, hasPeers, peerFolder } from './python.ts';

if (!hasPeers) console.info('test/peers: no Python with the peers is installed (.ci/run makes one): skipped');

interface PeerRecord {
  readonly signals: (number | null)[][];
  readonly names: string[];
  readonly units: string[];
  readonly gains: number[];
  readonly baselines: number[];
  readonly fs: number;
  readonly length: number;
  readonly comments: string[];
}

const formats = [8, 16, 24, 32, 61, 80, 160, 212, 310, 311, 508, 516, 524];
const wave = (count: number, k: number) =>
  Int32Array.from({ length: count }, (_, i) => Math.round(100 * Math.sin((i * k) / 9)));
const lead = (k: number, count: number, more = {}) => ({
  name: `lead ${k}`,
  units: 'mV',
  adcGain: 200 + k,
  baseline: k - 2,
  adc: wave(count, k),
  ...more,
});
const record = (name: string, count: number, length = 1001): RecordToWrite => ({
  name,
  samplingFrequency: 250,
  comments: ['age: 40', 'made here'],
  signals: Array.from({ length: count }, (_, k) => lead(k + 1, length)),
});

describe.runIf(hasPeers)('wfdb.rdrecord', () => {
  test('reads every format, of one to three signals', async () => {
    const folder = peerFolder();
    const sink = folderSink(folder);
    const cases = formats.flatMap(format =>
      [1, 2, 3].map(count => ({ format, count, name: `r${format}_${count}` })),
    );
    for (const { format, count, name } of cases) await writeRecord(sink, record(name, count), { format });
    const answers = callPeers<PeerRecord>(
      folder,
      cases.map(({ name }): Call => ['read_record', { name }]),
    );
    for (const [i, { count, name }] of cases.entries()) {
      const { value, error } = answers[i]!;
      const { signals } = record(name, count);
      expect(error, name).toBeUndefined();
      expect(value, name).toMatchObject({
        names: signals.map(signal => signal.name),
        units: signals.map(() => 'mV'),
        gains: signals.map(signal => signal.adcGain),
        baselines: signals.map(signal => signal.baseline),
        fs: 250,
        length: 1001,
        comments: ['age: 40', 'made here'],
      });
      expect(value!.signals, name).toEqual(signals.map(({ adc }) => [...adc!]));
    }
  }, 60_000);

  test('reads several samples a frame, skew, segments, invalid samples, and units that are not ASCII', async () => {
    const folder = peerFolder();
    const sink = folderSink(folder);
    const mixed = [lead(1, 500), lead(2, 1000, { samplingFrequency: 500 }), lead(3, 500)];
    await writeRecord(sink, { name: 'frames', samplingFrequency: 250, signals: mixed }, { format: 16 });
    const late = [lead(1, 500), lead(2, 500, { skew: 5 })];
    await writeRecord(sink, { name: 'skew', samplingFrequency: 250, signals: late }, { format: 212 });
    await writeSegments(sink, 'parts', recordChunks(fileSource([folder]), 'skew', { seconds: 0.5 }), {
      format: 16,
    });
    const physical = Float64Array.of(0.5, Number.NaN, -0.25);
    const holes = [{ name: 'Dérivation', units: 'µV', adcGain: 4, baseline: 0, physical }];
    await writeRecord(sink, { name: 'holes', samplingFrequency: 250, signals: holes });

    const [frames, skew, parts, invalid, header] = callPeers(folder, [
      ['read_record', { name: 'frames', frames: true }],
      ['read_record', { name: 'skew', frames: true }],
      ['read_physical', { name: 'parts' }],
      ['read_physical', { name: 'holes' }],
      ['read_record', { name: 'holes' }],
    ]);
    expect((frames!.value as PeerRecord).signals).toEqual(mixed.map(({ adc }) => [...adc]));
    const whole = (values: (number | null)[]): (number | null)[] => values.slice(0, 495);
    expect((skew!.value as PeerRecord).signals.map(whole)).toEqual(
      late.map(({ adc }) => [...adc].slice(0, 495)),
    );
    const rounded = (values: Iterable<number | null>) =>
      [...values].map(v => (v === null ? null : Math.round(v * 1e9) / 1e9));
    const expected = late.map(({ adc, adcGain, baseline }) =>
      [...adc].map(value => (value - baseline) / adcGain),
    );
    expect((parts!.value as number[][]).map(rounded)).toEqual(expected.map(rounded));
    expect(invalid!.value).toEqual([[0.5, null, -0.25]]);
    expect(header!.value).toMatchObject({ names: ['Derivation'], units: ['uV'] });
  }, 60_000);
});

describe.runIf(hasPeers)('wfdb.wrsamp', () => {
  test('is read in every format it writes', async () => {
    const folder = peerFolder();
    const written = ['80', '16', '24', '32', '508', '516', '524'];
    const signals = [1, 2].map(k => [...wave(999, k)]);
    const answers = callPeers(
      folder,
      written.map((fmt): Call => ['write_record', { name: `r${fmt}`, fmt, signals, gain: 200 }]),
    );
    const source = fileSource([folder]);
    for (const [i, format] of written.entries()) {
      expect(answers[i]!.error, format).toBeUndefined();
      const found = await readRecord(source, `r${format}`);
      expect(found.warnings, format).toEqual([]);
      expect(
        found.signals.map(({ adc }) => [...adc]),
        format,
      ).toEqual(signals);
    }
  }, 60_000);
});

const mark = (sample: number, symbol: string, more: Partial<Annotation> = {}): Annotation => ({
  sample,
  symbol,
  subtype: 0,
  channel: 0,
  num: 0,
  aux: '',
  ...more,
});

describe.runIf(hasPeers)('annotations', () => {
  const symbols = Array.from({ length: 41 }, (_, i) => symbolOf(i + 1)).filter(
    symbol => !symbol.startsWith('[1'),
  );
  const annotations = [
    ...symbols.map((symbol, i) => mark(10 + 300 * i, symbol)),
    mark(20_000, 'N', { subtype: 3, channel: 2, num: 1 }),
    mark(20_001, 'V', { subtype: -1, channel: 255, num: -128 }),
    mark(5_000_000, '+', { aux: '(AFIB' }),
    mark(5_000_000, '"', { aux: 'x'.repeat(255), channel: 1 }),
    mark(4_000_000_000, 'N'),
  ];

  test('wfdb.rdann reads every kind', async () => {
    const folder = peerFolder();
    const sink = folderSink(folder);
    await writeRecord(sink, record('r', 1));
    await writeAnnotations(sink, 'r', 'atr', annotations);
    const [answer] = callPeers<Record<string, unknown>>(folder, [
      ['read_annotations', { name: 'r', annotator: 'atr' }],
    ]);
    const sorted = await readAnnotations(fileSource([folder]), 'r', 'atr');
    expect(sorted).toHaveLength(annotations.length);
    expect(answer!.error).toBeUndefined();
    expect(answer!.value).toEqual({
      sample: sorted.map(({ sample }) => sample),
      symbol: sorted.map(({ symbol }) => symbol),
      subtype: sorted.map(({ subtype }) => subtype),
      chan: sorted.map(({ channel }) => channel),
      num: sorted.map(({ num }) => num),
      aux: sorted.map(({ aux }) => aux),
    });
  }, 60_000);

  test('known differences: a note at sample 0, and texts that are not ASCII', async () => {
    const folder = peerFolder();
    const sink = folderSink(folder);
    await writeRecord(sink, record('r', 1));
    await writeAnnotations(sink, 'r', 'a', [mark(0, '"', { aux: 'a note' }), mark(5, 'N')]);
    await writeAnnotations(sink, 'r', 'b', [mark(5, '"', { aux: 'é' }), mark(6, 'N')]);
    const [note, text] = callPeers<{ sample: number[]; aux: string[] }>(folder, [
      ['read_annotations', { name: 'r', annotator: 'a' }],
      ['read_annotations', { name: 'r', annotator: 'b' }],
    ]);
    expect(note!.value!.sample).toEqual([5]);
    expect(text!.value!.aux).toEqual(['\u00c3\u00a9', '']); // é in UTF-8, read as Latin-1
    const source = fileSource([folder]);
    expect((await readAnnotations(source, 'r', 'a'))[0]).toEqual(mark(0, '"', { aux: 'a note' }));
    expect((await readAnnotations(source, 'r', 'b'))[0]!.aux).toBe('é');
  }, 60_000);

  test('what wfdb.wrann writes is read', async () => {
    const folder = peerFolder();
    const sample = symbols.map((_, i) => 5 + 1500 * i);
    const aux = symbols.map((_, i) => (i % 3 === 0 ? `(note ${i}` : ''));
    const [written] = callPeers(folder, [
      ['write_annotations', { name: 'r', annotator: 'atr', sample, symbol: symbols, aux }],
    ]);
    expect(written!.error).toBeUndefined();
    const read = await readAnnotations(fileSource([folder]), 'r', 'atr', { samplingFrequency: 250 });
    expect(read.map(({ sample, symbol, aux }) => [sample, symbol, aux])).toEqual(
      symbols.map((symbol, i) => [sample[i], symbol, aux[i]]),
    );
  }, 60_000);
});

test.runIf(hasPeers)(
  'pandas.read_csv reads our tables without an option',
  async () => {
    const folder = peerFolder();
    const sink = folderSink(folder);
    await writeRecord(sink, record('r', 2, 100));
    const recording = await readRecord(fileSource([folder]), 'r');
    await sink.write('r.csv', new TextEncoder().encode(formatCsv(recording)));
    const [answer] = callPeers<{ types: string[]; values: number[][] }>(folder, [
      ['read_csv', { file: 'r.csv' }],
    ]);
    expect(answer!.error).toBeUndefined();
    expect(answer!.value!.types).toEqual(['float64', 'float64', 'float64']);
    expect(answer!.value!.values.slice(1)).toEqual(recording.signals.map(({ physical }) => [...physical]));
  },
  60_000,
);
