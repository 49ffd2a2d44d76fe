/** Records of several segments, skew, tails of packed groups, and headers without signals. */
import { describe, expect, test } from 'vitest';
import { recordChunks } from '../../src/wfdb/chunks.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { memorySink, memorySource } from '../../src/wfdb/source.ts';
import { type RecordToWrite, writeRecord } from '../../src/wfdb/write.ts';
import { writeSegments } from '../../src/wfdb/write-segments.ts';

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const lead = (adc: ArrayLike<number>, more = {}) => ({
  name: 'I',
  units: 'mV',
  adcGain: 200,
  baseline: 0,
  adc: Int32Array.from(adc),
  ...more,
});
const wave = (count: number, k: number) =>
  Int32Array.from({ length: count }, (_, i) => Math.round(90 * Math.sin(i / k)));

describe('segments', () => {
  const record: RecordToWrite = {
    name: 'db/r',
    samplingFrequency: 100,
    header: { baseTime: '10:00:00', baseDate: '01/02/2003' },
    comments: ['age: 40'],
    signals: [lead(wave(250, 5)), lead(wave(500, 9), { name: 'II', samplingFrequency: 200 })],
  };

  test('a record in pieces reads back as the record', async () => {
    const sink = memorySink();
    await writeRecord(sink, record);
    const source = memorySource(sink.files);
    await writeSegments(sink, 'db/s', recordChunks(source, 'db/r', { seconds: 1, rate: 'signal' }), {
      format: 212,
    });
    expect(text(sink.files.get('db/s.hea'))).toBe(
      's/3 2 100 250 10:00:00 01/02/2003\ns_0001 100\ns_0002 100\ns_0003 50\n# age: 40\n',
    );
    expect(text(sink.files.get('db/s_0002.hea'))).toMatch(/^s_0002 2 100 100 10:00:01 01\/02\/2003\n/);
    const whole = await readRecord(source, 'db/s', { rate: 'signal' });
    expect(whole.comments).toEqual(['age: 40']);
    expect(whole.signals.map(({ adc }) => adc)).toEqual(record.signals.map(({ adc }) => adc));
  });

  test('with a gap', async () => {
    const sink = memorySink();
    const piece = (values: number[]) => ({ name: '', samplingFrequency: 100, signals: [lead(values)] });
    await writeSegments(sink, 's', [piece([1, 2]), { gap: 2 }, piece([3])]);
    const { signals } = await readRecord(memorySource(sink.files), 's');
    expect([...signals[0]!.physical]).toEqual([0.005, 0.01, Number.NaN, Number.NaN, 0.015]);
  });

  test.each<[string, (RecordToWrite | { gap: number })[]]>([
    ['nothing', []],
    ['only gaps', [{ gap: 3 }]],
    ['no gap', [{ gap: 0 }]],
    [
      'another signal',
      [1, 2].map(i => ({ name: '', samplingFrequency: 100, signals: [lead([1], { name: `${i}` })] })),
    ],
    ['another rate', [1, 2].map(i => ({ name: '', samplingFrequency: 100 * i, signals: [lead([1])] }))],
  ])('%s is refused', async (_, pieces) => {
    await expect(writeSegments(memorySink(), 's', pieces)).rejects.toThrow(RangeError);
  });
});

describe('skew', () => {
  test.each([8, 16, 212, 310, 311, 516])(
    'a signal is stored late and read in its place: format %i',
    async format => {
      const [a, b, c] = [wave(50, 3), wave(100, 7), wave(50, 4)];
      const signals = [
        lead(a),
        lead(b, { name: 'II', samplingFrequency: 200, skew: 6 }),
        lead(c, { name: 'III', skew: 5 }),
      ].slice(0, format === 516 ? 1 : 3);
      if (format === 516) signals[0] = lead(a, { skew: 4 });
      const sink = memorySink();
      await writeRecord(sink, { name: 'r', samplingFrequency: 100, signals }, { format });
      const read = await readRecord(memorySource(sink.files), 'r', { rate: 'signal' });
      expect(read.warnings).toEqual([]);
      expect(read.signals.map(({ adc }) => adc)).toEqual(signals.map(({ adc }) => adc));
      expect(read.signals.map(({ header }) => header!.skew)).toEqual(format === 516 ? [4] : [0, 6, 5]);
    },
  );

  test.each([-1, 0.5, 3, 100])('%f samples are none', async skew => {
    const signals = [lead([1, 2, 3]), lead([1, 2, 3, 4, 5, 6], { samplingFrequency: 200, skew })];
    await expect(writeRecord(memorySink(), { name: 'r', samplingFrequency: 100, signals })).rejects.toThrow(
      RangeError,
    );
  });
});

// The WFDB library flushes one sample in two bytes and two in four (lib/signal.c, f310 and f311).
test.each([
  [310, 1, [0xae, 0x03]],
  [310, 2, [0xae, 0x03, 0x18, 0x03]],
  [310, 3, [0xae, 0x03, 0x18, 0x03]],
  [310, 4, [0xae, 0x03, 0x18, 0x03, 0x0c, 0x00]],
  [311, 1, [0xd7, 0x01]],
  [311, 2, [0xd7, 0x31, 0x06, 0x00]],
  [311, 4, [0xd7, 0x31, 0x06, 0x00, 0x06, 0x00]],
])('format %i, %i samples: the bytes of the WFDB library', async (format, count, bytes) => {
  const sink = memorySink();
  const values = [471, 396, 0, 6].slice(0, count);
  await writeRecord(sink, { name: 'r', samplingFrequency: 250, signals: [lead(values)] }, { format });
  expect([...sink.files.get('r.dat')!]).toEqual(bytes);
  const { signals } = await readRecord(memorySource(sink.files), 'r');
  expect([...signals[0]!.adc]).toEqual(values);
});

test('a record without signals keeps its length', async () => {
  const source = memorySource({ '00735.hea': new TextEncoder().encode('00735 0 250 9205760\n') });
  const sink = memorySink();
  await writeRecord(sink, { ...(await readRecord(source, '00735')), name: 'x' });
  expect(text(sink.files.get('x.hea'))).toBe('x 0 250 9205760\n');
});

test('names and units are ASCII where they have such a form', async () => {
  const sink = memorySink();
  const signals = [
    lead([1], { name: 'Dérivation II', units: 'µV' }),
    lead([1], { name: 'Δ 心電図', units: 'kΩ' }),
  ];
  await writeRecord(sink, { name: 'r', samplingFrequency: 250, signals });
  const header = text(sink.files.get('r.hea'));
  expect(header).toContain('200(0)/uV 16 0 1 1 0 Derivation II\n');
  expect(header).toContain('200(0)/kOhm 16 0 1 1 0 Δ 心電図\n');
});
