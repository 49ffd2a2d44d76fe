/** What is written reads back as it was, in every format; and what a format cannot hold is refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signalFormats } from '../../src/wfdb/formats.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { memorySink, memorySource } from '../../src/wfdb/source.ts';
import {
  type RecordToWrite,
  type SignalToWrite,
  type WriteOptions,
  writeRecord,
} from '../../src/wfdb/write.ts';
import { expectSameSamples } from '../same-samples.ts';
import { readBack, writable, written } from './written-record.ts';

/** ADC values that a format can hold; format 8 holds steps, not values. */
function adcArbitrary(number: number, length: number): fc.Arbitrary<Int32Array> {
  const { least, most, invalid, kind } = signalFormats.get(number)!;
  const values = fc.array(fc.integer({ min: invalid ?? least, max: most }), {
    minLength: length,
    maxLength: length,
  });
  if (kind !== 'difference') return values.map(list => Int32Array.from(list));
  return fc.tuple(fc.integer({ min: -30000, max: 30000 }), values).map(([first, steps]) => {
    const adc = Int32Array.of(first, ...steps.slice(1));
    for (let i = 1; i < adc.length; i++) adc[i]! += adc[i - 1]!;
    return adc;
  });
}

interface Case {
  readonly record: Omit<RecordToWrite, 'signals'> & {
    readonly signals: readonly (SignalToWrite & { readonly width: number })[];
  };
  readonly formats: readonly number[];
}

const caseArbitrary = (numbers: readonly number[]): fc.Arbitrary<Case> =>
  fc
    .record({
      frames: fc.integer({ min: 1, max: 40 }),
      layout: fc.array(
        fc.record({ number: fc.constantFrom(...numbers), width: fc.integer({ min: 1, max: 3 }) }),
        {
          minLength: 1,
          maxLength: 5,
        },
      ),
    })
    .chain(({ frames, layout }) =>
      fc.tuple(...layout.map(({ number, width }) => adcArbitrary(number, frames * width))).map(lists => ({
        formats: layout.map(({ number }) => number),
        record: {
          name: 'folder/r_1',
          samplingFrequency: 250,
          signals: lists.map((adc, i) => ({
            name: `lead ${i}`,
            units: 'mV',
            adcGain: 200.5,
            baseline: -7,
            samplingFrequency: 250 * layout[i]!.width,
            width: layout[i]!.width,
            adc,
          })),
        },
      })),
    );

describe('round trip', () => {
  test.each(writable)(
    'format %i: ADC values, invalid samples, checksums and windows survive',
    async number => {
      const { invalid } = signalFormats.get(number)!;
      const property = fc.asyncProperty(
        caseArbitrary([number]),
        fc.nat(),
        fc.nat(),
        fc.boolean(),
        async ({ record }, a, b, filePerSignal) => {
          const files = await written(record, { format: number, filePerSignal });
          const source = memorySource(files);
          const whole = await readRecord(source, record.name, { rate: 'signal' });
          const from = a % whole.length;
          const to = from + 1 + (b % (whole.length - from));
          const part = await readRecord(source, record.name, { rate: 'signal', from, to });
          for (const [i, { adc, width, name }] of record.signals.entries()) {
            const signal = whole.signals[i]!;
            expect(signal.name).toBe(name);
            expectSameSamples(signal.adc, adc);
            expectSameSamples(
              signal.physical,
              Float64Array.from(adc, v => (v === invalid ? Number.NaN : (v + 7) / 200.5)),
            );
            const sum = adc.reduce((total, v) => (total + v) | 0, 0);
            expect(signal.header!.checksum).toBe((sum << 16) >> 16);
            expect(signal.computedChecksum).toBe((sum << 16) >> 16);
            expect(signal.header!.initialValue).toBe(adc[0]);
            expectSameSamples(part.signals[i]!.adc, adc.slice(from * width, to * width));
          }
        },
      );
      await fc.assert(property, {
        numRuns: signalFormats.get(number)!.kind === 'flac' ? 15 : 60,
        seed: number,
      });
    },
  );

  test('signals of several formats go into several files', async () => {
    const packed = writable.filter(number => signalFormats.get(number)!.kind !== 'flac');
    const property = fc.asyncProperty(caseArbitrary(packed), async ({ record, formats }) => {
      const back = await readBack(record, { format: formats }, { rate: 'signal' });
      expect(back.signals.map(signal => signal.header!.format)).toEqual(formats);
      for (const [i, { adc }] of record.signals.entries()) expectSameSamples(back.signals[i]!.adc, adc);
    });
    await fc.assert(property, { numRuns: 100, seed: 1 });
  });

  test('more than 8 signals go into several FLAC files', async () => {
    const signals = Array.from({ length: 12 }, (_, i) => ({
      name: `s${i}`,
      units: 'mV',
      adcGain: 1000,
      baseline: 0,
      adc: Int32Array.from({ length: 5000 }, (_, n) => Math.round(1000 * Math.sin((n * (i + 1)) / 50))),
    }));
    const record = { name: 'r', samplingFrequency: 500, signals };
    const files = await written(record, { format: 516 });
    expect([...files.keys()]).toEqual(['r_1.dat', 'r_2.dat', 'r.hea']);
    const back = await readRecord(memorySource(files), 'r');
    expect(back.signals).toHaveLength(12);
    for (const [i, { adc }] of signals.entries()) expectSameSamples(back.signals[i]!.adc, adc);
    const part = await readRecord(memorySource(files), 'r', { from: 4090, to: 4100, signals: ['s11'] });
    expect(part.signals[0]!.adc).toEqual(signals[11]!.adc.slice(4090, 4100));
  });

  test('an invalid sample gets the code of the format it is written in', async () => {
    const physical = Float64Array.of(0.5, Number.NaN, -0.5);
    for (const number of writable.filter(number => number !== 8)) {
      const signal = { name: 'II', units: 'mV', adcGain: 200, baseline: 0, physical };
      const back = await readBack(
        { name: 'r', samplingFrequency: 250, signals: [signal] },
        { format: number },
      );
      expect([...back.signals[0]!.adc]).toEqual([100, signalFormats.get(number)!.invalid, -100]);
      expect([...back.signals[0]!.physical]).toEqual([...physical]);
    }
  });

  test('name, unit, comments, uncalibrated gain and base time survive', async () => {
    const record = {
      name: 'r',
      samplingFrequency: 0.0166666666667,
      comments: ['69 M', '', 'two\nlines'],
      header: { baseTime: '23:59:30.5', baseDate: '28/02/2000' },
      signals: [
        {
          name: 'Pression artérielle, °C',
          units: 'µV',
          adcGain: 1e-7,
          baseline: 3,
          adc: Int32Array.of(1, 2),
        },
        { name: 'x', units: 'deg C', adcGain: -12.5, baseline: 3, adc: Int32Array.of(1, 2) },
        { name: '', units: '', adcGain: 200, baseline: 3, calibrated: false, adc: Int32Array.of(1, 2) },
      ],
    };
    const back = await readBack(record);
    expect(back.samplingFrequency).toBe(record.samplingFrequency);
    expect(back.comments).toEqual(['69 M', '', 'two', 'lines']);
    expect(back.header).toMatchObject(record.header);
    expect(
      back.signals.map(({ name, units, adcGain, baseline, calibrated }) => [
        name,
        units,
        adcGain,
        baseline,
        calibrated,
      ]),
    ).toEqual([
      ['Pression arterielle, degC', 'uV', 1e-7, 3, true],
      ['x', 'deg_C', -12.5, 3, true],
      ['record r, signal 2', 'NU', 200, 3, false],
    ]);
  });

  test('a window starts later than its record', async () => {
    const header = { baseTime: '23:59:59', baseDate: '28/02/2000', counterFrequency: 10, baseCounter: 2 };
    const signals = [{ name: 'II', units: 'mV', adcGain: 200, baseline: 0, adc: Int32Array.of(1) }];
    const back = await readBack({ name: 'r', samplingFrequency: 250, signals, header, start: 375 });
    expect(back.header).toMatchObject({
      baseTime: '00:00:00.500',
      baseDate: '29/02/2000',
      counterFrequency: 10,
      baseCounter: 17,
    });
  });
});

describe('refused, with nothing written', () => {
  const signal = { name: 'II', units: 'mV', adcGain: 200, baseline: 0 };
  const one = (adc: number[], more: object = {}) => ({
    name: 'r',
    samplingFrequency: 250,
    signals: [{ ...signal, adc: Int32Array.from(adc), ...more }],
  });
  const cases: [string, RecordToWrite, WriteOptions, RegExp][] = [
    [
      'a value out of range',
      one([0, 2048]),
      { format: 212 },
      /sample 1: 2048 does not fit format 212 \(-2047 to 2047\)/,
    ],
    ['a step out of range', one([0, 200]), { format: 8 }, /sample 1: a step of 200/],
    [
      'an invalid sample in format 8',
      one([0], { physical: Float64Array.of(Number.NaN) }),
      { format: 8 },
      /cannot hold an invalid/,
    ],
    ['the null format', one([0]), { format: 0 }, /no signal format 0/],
    ['an unknown format', one([0]), { format: 17 }, /no signal format 17/],
    ['a name with a line break', one([0], { name: 'a\nb' }), {}, /signal name/],
    ['a record name that climbs', { ...one([0]), name: '../r/..' }, {}, /record name/],
    ['a sampling frequency of 0', { ...one([0]), samplingFrequency: 0 }, {}, /sampling frequency/],
    ['a rate that is no multiple', one([0, 1, 2], { samplingFrequency: 375 }), {}, /no multiple of 250/],
    [
      'an infinite value',
      one([], { adc: undefined, adcGain: undefined, physical: Float64Array.of(1, Number.POSITIVE_INFINITY) }),
      {},
      /Infinity/,
    ],
    [
      'an infinite value with a gain',
      one([], { adc: undefined, physical: Float64Array.of(1, Number.POSITIVE_INFINITY) }),
      {},
      /sample 1: Infinity does not fit format 16/,
    ],
    [
      'a value that wraps round 32 bits into the range',
      one([], { adc: undefined, physical: Float64Array.of(0, 2 ** 32 / 200) }),
      {},
      /sample 1: 4294967296 does not fit format 16/,
    ],
    [
      'a value beyond 32 bits in the format of 32',
      one([], { adc: undefined, physical: Float64Array.of(2 ** 31 / 200) }),
      { format: 32 },
      /sample 0: 2147483648 does not fit format 32/,
    ],
    [
      'a frame that is not whole',
      one([1, 2, 3], { samplingFrequency: 500 }),
      {},
      /'II' has 3 samples, which is not a multiple of 2 samples per frame/,
    ],
    [
      'signals of different length',
      { ...one([0]), signals: [...one([0]).signals, ...one([0, 1]).signals] },
      {},
      /has 2 samples/,
    ],
    [
      'ADC and physical values of different length',
      one([0], { physical: new Float64Array(2) }),
      {},
      /1 ADC values and 2/,
    ],
  ];
  test.each(cases)('%s', async (_, record, options, message) => {
    const sink = memorySink();
    await expect(writeRecord(sink, record, options)).rejects.toThrow(message);
    expect([...sink.files.keys()]).toEqual([]);
  });
});
