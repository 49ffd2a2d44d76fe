/** EDF+ that is written reads back: values within half a unit, annotations and times exactly. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEdfAnnotations } from '../../../src/wfdb/edf/annotations.ts';
import { edfBaseTime } from '../../../src/wfdb/edf/header.ts';
import { readEdf, readEdfHeader } from '../../../src/wfdb/edf/read-edf.ts';
import { annotationsToEdf, writeEdf } from '../../../src/wfdb/edf/write-edf.ts';
import { fieldNumber } from '../../../src/wfdb/edf/write-scale.ts';
import { memorySink, memorySource } from '../../../src/wfdb/source.ts';
import type { RecordToWrite } from '../../../src/wfdb/write.ts';

const write = async (recording: RecordToWrite, annotations: Parameters<typeof writeEdf>[3] = []) => {
  const sink = memorySink();
  await writeEdf(sink, 'x.edf', recording, annotations);
  return memorySource(sink.files);
};
const lead = (adc: number[] | Int32Array, more = {}) => ({
  name: 'I',
  units: 'mV',
  adcGain: 200,
  baseline: 1024,
  adc: Int32Array.from(adc),
  ...more,
});
const ramp = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);

test('ADC values, gain and baseline are kept where eight characters can say them', async () => {
  const signals = [
    lead(ramp(720, -300)),
    lead(ramp(1440), { name: 'II µ', units: 'µV', samplingFrequency: 720 }),
  ];
  const source = await write({ name: 'r', samplingFrequency: 360, signals });
  const read = await readEdf(source, 'x.edf');
  expect(read).toMatchObject({ samplingFrequency: 360, length: 720, warnings: [] });
  expect(
    read.signals.map(({ name, units, adcGain, baseline }) => [name, units, adcGain, Math.round(baseline)]),
  ).toEqual([
    ['I', 'mV', 200, 1024],
    ['II u', 'uV', 200, 1024],
  ]);
  expect(read.signals.map(({ adc }) => adc)).toEqual(signals.map(({ adc }) => adc));
  expect((await readEdfHeader(source, 'x.edf')).variant).toBe('EDF+C');
});

test('physical values are rounded to 16 bits of their range', async () => {
  const value = fc.double({ min: -1e5, max: 1e5, noNaN: true });
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 40 }), async list => {
      const physical = Float64Array.from(list);
      const source = await write({
        name: 'r',
        samplingFrequency: 4,
        signals: [{ name: 'I', units: 'mV', physical }],
      });
      const { signals } = await readEdf(source, 'x.edf');
      const span = Math.max(...list) - Math.min(...list);
      const largest = Math.max(...list.map(Math.abs));
      for (const [i, given] of list.entries()) {
        expect(Math.abs(signals[0]!.physical[i]! - given)).toBeLessThanOrEqual(
          (span + 2e-3 * largest + 3e-3) / 65_535,
        );
      }
    }),
    { seed: 11, numRuns: 200 },
  );
});

test('annotations and the start, to the millisecond', async () => {
  const annotations = [
    { onset: -0.5, duration: undefined, text: 'before' },
    { onset: 0, duration: undefined, text: 'start' },
    { onset: 1.234567891, duration: 30.5, text: 'Schlaf é' },
    { onset: 9, duration: undefined, text: 'behind the end' },
  ];
  const header = { baseTime: '23:59:59.500', baseDate: '31/12/1999' };
  const source = await write(
    { name: 'r', samplingFrequency: 100, start: 100, header, signals: [lead(ramp(300))] },
    annotations,
  );
  expect(await readEdfAnnotations(source, 'x.edf')).toEqual(
    annotations.map(mark => ({ ...mark, onset: expect.closeTo(mark.onset, 8) })),
  );
  expect(edfBaseTime(await readEdfHeader(source, 'x.edf'))).toEqual({
    baseTime: '00:00:00',
    baseDate: '01/01/2000',
  });
  const window = await readEdfAnnotations(source, 'x.edf', { startSeconds: 1, endSeconds: 2 });
  expect(window.map(({ text }) => text)).toEqual(['Schlaf é']);
});

test('marks of a record as texts', () => {
  const mark = { sample: 90, subtype: 0, channel: 0, num: 0 };
  const marks = [
    { ...mark, symbol: 'V', aux: '' },
    { ...mark, symbol: '+', aux: '(AFIB' },
    { ...mark, symbol: '"', aux: 'note' },
  ];
  expect(annotationsToEdf(marks, 360)).toEqual(
    ['V', '+ (AFIB', 'note'].map(text => ({ onset: 0.25, duration: undefined, text })),
  );
});

describe('what is no whole number of data records', () => {
  test('is filled up, and the end is marked', async () => {
    const source = await write({ name: 'r', samplingFrequency: 360, signals: [lead(ramp(1000))] });
    const { signals } = await readEdf(source, 'x.edf');
    expect([...signals[0]!.adc.subarray(0, 1000)]).toEqual(ramp(1000));
    expect(signals[0]!.adc.subarray(1000).every(value => value === 999)).toBe(true);
    const [end] = await readEdfAnnotations(source, 'x.edf');
    expect(end).toEqual({
      onset: expect.closeTo(1000 / 360, 6),
      duration: undefined,
      text: 'Recording ends',
    });
  });

  test('gaps of all signals leave data records out', async () => {
    const physical = Float64Array.from(ramp(500), i => (i >= 100 && i < 300 ? Number.NaN : i));
    const source = await write({
      name: 'r',
      samplingFrequency: 100,
      signals: [{ name: 'I', units: 'mV', physical }],
    });
    expect((await readEdfHeader(source, 'x.edf')).variant).toBe('EDF+D');
    const { signals, length } = await readEdf(source, 'x.edf');
    expect(length).toBe(500);
    expect([...signals[0]!.physical].map(Math.round)).toEqual([...physical].map(Math.round));
  });
});

test.each<[string, Partial<RecordToWrite>]>([
  ['no signal', { signals: [] }],
  [
    'a sample that is not there',
    { signals: [{ name: 'I', units: 'mV', physical: Float64Array.of(1, Number.NaN, 2) }] },
  ],
  [
    'an infinite one',
    { signals: [{ name: 'I', units: 'mV', physical: Float64Array.of(1, Number.POSITIVE_INFINITY) }] },
  ],
  [
    'labels alike in 16 characters',
    { signals: ['1', '2'].map(end => lead([1, 2], { name: `a long name of a lead ${end}` })) },
  ],
  ['signals of different length', { signals: [lead([1, 2]), lead([1, 2, 3], { name: 'II' })] }],
])('%s is refused', async (_, record) => {
  await expect(write({ name: 'r', samplingFrequency: 2, signals: [lead([1])], ...record })).rejects.toThrow(
    RangeError,
  );
});

test('texts that would break the list are refused', async () => {
  const recording = { name: 'r', samplingFrequency: 2, signals: [lead([1, 2])] };
  for (const text of ['a\0', 'a\x14', '\x15']) {
    await expect(write(recording, [{ onset: 0, duration: undefined, text }])).rejects.toThrow(RangeError);
  }
});

test.each([
  [1, '1'],
  [-168.96, '-168.96'],
  [1 / 3, '0.333333'],
  [-12345.678, '-12345.7'],
  [0.00012345, '0.000123'],
  [1e-9, '0'],
  [12345678, '12345678'],
])('%f in eight characters is %s', (value, text) => {
  expect(fieldNumber(value)).toBe(text);
});
