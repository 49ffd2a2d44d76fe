/** EDF and EDF+ against files made byte by byte. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEdfAnnotations } from '../../../src/wfdb/edf/annotations.ts';
import { edfBaseTime } from '../../../src/wfdb/edf/header.ts';
import { readEdf, readEdfHeader } from '../../../src/wfdb/edf/read-edf.ts';
import { WfdbError } from '../../../src/wfdb/errors.ts';
import type { Source } from '../../../src/wfdb/source.ts';
import { type EdfSpec, edfFile } from './edf-file.ts';
import { events, gaps, ramp, read, sourceOf, stamp } from './edf-source.ts';

const two: EdfSpec = {
  signals: [
    {
      label: 'ECG',
      dimension: 'mV',
      physical: [-5, 5],
      digital: [-1000, 1000],
      data: [ramp(0, 4), ramp(4, 4), ramp(8, 4)],
    },
    { label: 'Resp', data: [ramp(-2, 6), ramp(4, 6), ramp(10, 6)] },
  ],
};

describe('readEdf', () => {
  test('values, units and rates of signals at different rates', async () => {
    const { signals, ...recording } = await read(two);
    expect(recording).toMatchObject({ name: 'x', samplingFrequency: 2, start: 0, length: 6 });
    expect(recording.comments).toEqual(['X X X X', 'Startdate X X X X', 'start 01.01.01 12.00.00']);
    expect(signals.map(({ name, units, samplingFrequency }) => [name, units, samplingFrequency])).toEqual([
      ['ECG', 'mV', 4],
      ['Resp', 'uV', 6],
    ]);
    expect([...signals[0]!.adc]).toEqual(ramp(0, 12));
    expect([...signals[0]!.physical]).toEqual(ramp(0, 12).map(value => value / 200));
    expect([...signals[1]!.adc]).toEqual(ramp(-2, 18));
    expect(signals[0]).toMatchObject({ adcGain: 200, baseline: 0, calibrated: true });
  });

  test('ranges that are not symmetric, turned round, or empty', async () => {
    const data = [[-32768, 32767]];
    const { signals } = await read({
      signals: [
        { label: 'a', physical: [-1000, 1000], digital: [-32768, 32767], data },
        { label: 'b', physical: [1000, -1000], digital: [-32768, 32767], data },
        { label: 'c', physical: [0, 0], data },
      ],
    });
    const values = signals.map(({ physical }) => [...physical].map(value => Number(value.toFixed(9))));
    expect(values.slice(0, 2)).toEqual([
      [-1000, 1000],
      [1000, -1000],
    ]);
    expect(signals.map(({ calibrated }) => calibrated)).toEqual([true, true, false]);
    expect(signals[0]!.baseline).toBeCloseTo(-0.5, 9);
  });

  test('a window is what the whole holds there, and reads only its data records', async () => {
    const whole = await read(two);
    const ranges: (number | undefined)[][] = [];
    const bytes = edfFile(two);
    const watched: Source = {
      async read(_, from = 0, to = bytes.length) {
        ranges.push([from, to]);
        return bytes.slice(from, to);
      },
    };
    for (let from = 0; from < 6; from++) {
      for (let to = from + 1; to <= 6; to++) {
        const part = await readEdf(watched, 'x.edf', { from, to });
        expect(part.start).toBe(from);
        expect(part.signals[0]!.adc).toEqual(whole.signals[0]!.adc.slice(2 * from, 2 * to));
        expect(part.signals[1]!.physical).toEqual(whole.signals[1]!.physical.slice(3 * from, 3 * to));
      }
    }
    ranges.length = 0;
    await readEdf(watched, 'x.edf', { from: 1, to: 2, unit: 'seconds', signals: ['Resp'] });
    expect(ranges.at(-1)).toEqual([768 + 20, 768 + 40]);
  });

  test('gaps of a discontinuous file are NaN, and positions are times', async () => {
    const { signals, length } = await read(gaps);
    expect(length).toBe(18);
    const nothing = new Array<number>(6).fill(Number.NaN);
    expect([...signals[0]!.physical]).toEqual(
      [...ramp(0, 8), ...nothing, ...ramp(8, 4)].map(value => value / 10),
    );
    const window = await read(gaps, { from: 6, to: 15 });
    expect(window.signals[0]!.physical).toEqual(signals[0]!.physical.slice(6, 15));
  });

  test('a start that is rounded keeps every sample', async () => {
    const data = [ramp(0, 3), ramp(3, 3), ramp(6, 3)];
    const { signals } = await read({
      reserved: 'EDF+D',
      signals: [
        { label: 'ECG', data },
        { label: 'EDF Annotations', data: [stamp(0), stamp(0.99), stamp(2.02)] },
      ],
    });
    expect([...signals[0]!.adc]).toEqual(ramp(0, 9));
  });

  test('a file still being recorded is as long as its whole data records', async () => {
    const bytes = edfFile({ ...two, records: -1 });
    expect((await read(bytes)).length).toBe(6);
    expect((await read(bytes.subarray(0, bytes.length - 1))).length).toBe(4);
  });

  test('numbers with decimal commas and zero bytes as padding', async () => {
    const bytes = edfFile({ ...two, recordSeconds: '0,5' });
    for (let i = 0; i < 768; i++) if (bytes[i] === 0x20 && bytes[i + 1] === 0x20) bytes[i + 1] = 0;
    expect((await read(bytes)).samplingFrequency).toBe(4);
  });
});

describe('errors name the wrong field', () => {
  test.each<[string, EdfSpec, object]>([
    ['a header length that lies', two, { byte: 184 }],
    ['more data records than there are', { ...two, records: 4 }, { code: 'truncated' }],
    ['very many more', { ...two, records: 99_999_999 }, { code: 'truncated' }],
    ['a number of records that is none', { ...two, records: 'many' }, { code: 'syntax', byte: 236 }],
    ['less than unknown', { ...two, records: -2 }, { code: 'syntax', byte: 236 }],
    ['no data records', { ...two, records: 0 }, { code: 'truncated', byte: 768 }],
    ['a negative duration', { ...two, recordSeconds: -1 }, { code: 'syntax', byte: 244 }],
    ['no duration', { ...two, recordSeconds: 0 }, { code: 'unsupported', byte: 244 }],
    [
      'a range that is no number',
      { signals: [{ label: 'a', physical: ['x', 1], data: [[1]] }] },
      { byte: 256 + 104 },
    ],
    [
      'gaps without time stamps',
      { reserved: 'EDF+D', signals: [{ label: 'a', data: [[1]] }] },
      { code: 'inconsistent', byte: 192 },
    ],
    [
      'data records out of order',
      {
        ...gaps,
        signals: [gaps.signals[0]!, { label: 'EDF Annotations', data: [stamp(0), stamp(9), stamp(4)] }],
      },
      { code: 'inconsistent' },
    ],
    [
      'data records on top of each other',
      {
        ...gaps,
        signals: [gaps.signals[0]!, { label: 'EDF Annotations', data: [stamp(0), stamp(0.5), stamp(4)] }],
      },
      { code: 'inconsistent' },
    ],
    [
      'a gap beyond all measure',
      {
        ...gaps,
        signals: [gaps.signals[0]!, { label: 'EDF Annotations', data: [stamp(0), stamp(1), stamp(1e12)] }],
      },
      { code: 'too-large' },
    ],
  ])('%s', async (_, spec, detail) => {
    const bytes = edfFile(spec);
    if ('byte' in detail && detail.byte === 184) bytes.set(new TextEncoder().encode('512'), 184);
    await expect(read(bytes)).rejects.toMatchObject({ name: 'WfdbError', file: 'x.edf', ...detail });
  });

  test('other containers', async () => {
    await expect(read(new Uint8Array(1000))).rejects.toMatchObject({ code: 'syntax' });
    await expect(read(new Uint8Array())).rejects.toMatchObject({ code: 'truncated' });
  });

  test('a window or signal that is not there is the caller’s mistake', async () => {
    for (const options of [
      { from: 6 },
      { from: -1 },
      { to: 7 },
      { from: 3, to: 3 },
      { from: 0.5 },
      { signals: ['V1'] },
    ]) {
      await expect(read(two, options)).rejects.toThrow(RangeError);
    }
  });

  test('a file cut at any byte is refused', async () => {
    for (const bytes of [edfFile(two), edfFile(gaps)]) {
      for (let end = 0; end < bytes.length; end++) {
        await expect(read(bytes.subarray(0, end))).rejects.toBeInstanceOf(WfdbError);
        await expect(readEdfAnnotations(sourceOf(bytes.subarray(0, end)), 'x.edf')).rejects.toBeInstanceOf(
          WfdbError,
        );
      }
    }
  });

  test('a file with changed bytes is a recording or a WfdbError', async () => {
    const files = [edfFile(two), edfFile(gaps)];
    const change = fc.tuple(
      fc.nat(900),
      fc.oneof(fc.nat(255), fc.constantFrom(0x20, 0x2d, 0x2b, 0x39, 0x14, 0x15, 0)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        async (file, changes) => {
          const bytes = file.slice();
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          for (const attempt of [read(bytes), events(bytes)]) {
            await attempt.catch(error => {
              if (!(error instanceof WfdbError)) throw error;
            });
          }
        },
      ),
      { seed: 13, numRuns: 3000 },
    );
  });
});

test('readEdfHeader gives all fields', async () => {
  expect(await readEdfHeader(sourceOf(edfFile(gaps)), 'x.edf')).toMatchObject({
    variant: 'EDF+D',
    patient: 'X X X X',
    startDate: '01.01.01',
    headerBytes: 768,
    records: 3,
    recordSeconds: 1,
    signals: [
      { label: 'ECG', dimension: 'uV', samplesPerRecord: 4, byteOffset: 0, isAnnotations: false },
      { label: 'EDF Annotations', byteOffset: 8, isAnnotations: true },
    ],
  });
});

test.each([
  ['12.00.00', '01.01.01', '12:00:00', '01/01/2001'],
  ['23.59.59', '31.12.85', '23:59:59', '31/12/1985'],
  ['00:00:00', '29.02.84', '00:00:00', '29/02/2084'],
  ['00.00.00', 'X', '00:00:00', undefined],
  ['24.00.00', '01.01.01', undefined, undefined],
])('a start at %s on %s', async (startTime, startDate, baseTime, baseDate) => {
  const header = await readEdfHeader(sourceOf(edfFile(two)), 'x.edf');
  expect(edfBaseTime({ ...header, startTime, startDate })).toEqual({ baseTime, baseDate });
});
