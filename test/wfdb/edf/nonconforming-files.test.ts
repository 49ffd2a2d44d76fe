/** EDF and BDF as software writes them and as they arrive: cut off, mislabelled, without the mark of EDF+, very large. */
import { describe, expect, test } from 'vitest';
import { readEdfAnnotationFile, readEdfAnnotations } from '../../../src/wfdb/edf/annotations.ts';
import { readEdf, readEdfHeader } from '../../../src/wfdb/edf/read-edf.ts';
import { memorySource, type Source } from '../../../src/wfdb/source.ts';
import { type EdfSpec, edfFile } from './edf-file.ts';

const sourceOf = (spec: EdfSpec | Uint8Array): Source =>
  memorySource({ x: spec instanceof Uint8Array ? spec : edfFile(spec) });
const read = (spec: EdfSpec | Uint8Array, options = {}) => readEdf(sourceOf(spec), 'x', options);
const marks = (spec: EdfSpec | Uint8Array, options = {}) =>
  readEdfAnnotationFile(sourceOf(spec), 'x', options);
const ramp = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
const stamp = (onset: number, rest = ''): string => `+${onset}\x14\x14\0${rest}`;
const lenient = { lenient: true };

const plain: EdfSpec = { signals: [{ label: 'ECG', data: [ramp(0, 4), ramp(4, 4), ramp(8, 4)] }] };

describe('cut off, or with a wrong count', () => {
  const cut = edfFile(plain).subarray(0, 512 + 8 + 8 + 3);

  test('is refused with the way on, and read leniently as far as it is whole', async () => {
    const error = await read(cut).catch(e => e);
    expect(error).toMatchObject({ code: 'truncated', file: 'x', byte: 528 });
    expect(error.message).toMatch(/\(read up to 2 s; option lenient, --lenient, reads the intact data\)$/);
    const { signals, length, warnings } = await read(cut, lenient);
    expect(length).toBe(8);
    expect([...signals[0]!.adc]).toEqual(ramp(0, 8));
    expect(warnings.map(({ byte, count, what }) => [byte, count, what])).toEqual([
      [531, 1, 'data records missing'],
      [528, 1, 'data records not read'],
    ]);
  });

  test('a window inside what is there is read, and it is said', async () => {
    const { signals, warnings } = await read(cut, { from: 2, to: 7 });
    expect([...signals[0]!.adc]).toEqual(ramp(2, 5));
    expect(warnings).toMatchObject([{ code: 'truncated', count: 1 }]);
    await expect(read(cut, { from: 2, to: 10 })).rejects.toMatchObject({ code: 'truncated' });
    expect((await read(cut, { ...lenient, from: 2, to: 10 })).length).toBe(6);
    await expect(read(cut, { from: 8, to: 13 })).rejects.toThrow(RangeError);
    await expect(read(cut, { ...lenient, from: 8 })).rejects.toThrow(RangeError);
  });

  test.each([
    ['fewer data records than there are', { ...plain, records: 2 }, 'inconsistent'],
    ['none', { ...plain, records: 0 }, 'truncated'],
  ])('%s', async (_, spec, code) => {
    await expect(read(spec)).rejects.toMatchObject({ code });
    await expect(read(spec, { to: 2 })).rejects.toMatchObject({ code });
    const { signals, warnings } = await read(spec, lenient);
    expect([...signals[0]!.adc]).toEqual(ramp(0, 12));
    expect(warnings).toMatchObject([{ code }]);
  });
});

describe('BDF', () => {
  const bdf: EdfSpec = {
    bytesPerSample: 3,
    reserved: 'BDF+C',
    signals: [
      {
        label: 'ECG',
        physical: [-262144, 262143],
        digital: [-8388608, 8388607],
        data: [[-8388608, -1, 0, 1, 8388607, 70000]],
      },
      { label: 'BDF Annotations', data: [stamp(0, '+0.5\x140.25\x14\0'.replace('0.25', 'beat'))] },
    ],
  };

  test('samples of 24 bits and annotations', async () => {
    const source = sourceOf(bdf);
    expect(await readEdfHeader(source, 'x')).toMatchObject({ variant: 'BDF+C', bytesPerSample: 3 });
    const { signals } = await readEdf(source, 'x');
    expect([...signals[0]!.adc]).toEqual([-8388608, -1, 0, 1, 8388607, 70000]);
    expect(signals[0]!.physical[0]).toBe(-262144);
    expect(signals[0]!.physical[4]).toBeCloseTo(262143, 6);
    expect(await readEdfAnnotations(source, 'x')).toEqual([
      { onset: 0.5, duration: undefined, text: 'beat' },
    ]);
  });
});

describe('annotations as found', () => {
  test('in a plain EDF file whose annotation signal has no mark of EDF+', async () => {
    const spec: EdfSpec = {
      signals: [
        { label: 'ECG', data: [ramp(0, 4), ramp(4, 4)] },
        { label: 'EDF Annotations', data: [stamp(0, '+0.25\x14a\x14\0'), stamp(1)] },
      ],
    };
    expect((await read(spec)).signals.map(({ name }) => name)).toEqual(['ECG']);
    expect((await marks(spec)).annotations).toEqual([{ onset: 0.25, duration: undefined, text: 'a' }]);
  });

  const damaged: EdfSpec = {
    reserved: 'EDF+C',
    signals: [
      { label: 'ECG', data: [ramp(0, 4), ramp(4, 4), ramp(8, 4)] },
      {
        label: 'EDF Annotations',
        data: [
          stamp(0, '0.5\x14no sign\x14\0'),
          stamp(1, '+x\x14none\x14\0'),
          `${stamp(2, '+2.5\x14c\x14\0')}${' '.repeat(20)}`,
        ],
      },
    ],
  };

  test('malformed ones are refused, or left out with their byte while the others are read', async () => {
    const bytes = edfFile(damaged);
    bytes.fill(0x20, bytes.length - 10);
    expect((await read(bytes)).length).toBe(12);
    await expect(marks(bytes)).rejects.toMatchObject({ code: 'syntax', byte: 768 + 8 + 5 });
    const { annotations, warnings } = await marks(bytes, lenient);
    expect(annotations.map(({ onset, text }) => [onset, text])).toEqual([
      [0.5, 'no sign'],
      [2.5, 'c'],
    ]);
    expect(warnings.map(({ code, what }) => [code, what])).toEqual([
      ['syntax', 'bytes of annotations read without a sign'],
      ['syntax', 'bytes of annotations skipped'],
      ['syntax', 'bytes of annotations skipped'],
    ]);
  });

  test('alone in their file', async () => {
    const spec: EdfSpec = {
      reserved: 'EDF+C',
      recordSeconds: 0,
      signals: [{ label: 'EDF Annotations', data: ['+0\x14\x14\0+0\x1530630\x14Sleep stage W\x14\0'] }],
    };
    expect((await marks(spec)).annotations).toEqual([{ onset: 0, duration: 30630, text: 'Sleep stage W' }]);
    expect(await read(spec)).toMatchObject({ signals: [], samplingFrequency: 1000, length: 0, warnings: [] });
  });
});

test('invalid samples of mit2edf are NaN, and it is said; of others they are values', async () => {
  const signal = {
    label: 'ECG',
    dimension: 'mV',
    physical: [-163.84, 163.835],
    digital: [-32768, 32767],
    data: [[949, 950, -32768, -32768]],
  } as const;
  const mark = { transducer: 'transducer type not recorded', prefiltering: 'prefiltering not recorded' };
  const made = await read({ signals: [{ ...signal, ...mark }] });
  expect([...made.signals[0]!.physical].map(value => Number(value.toFixed(3)))).toEqual([
    4.745,
    4.75,
    Number.NaN,
    Number.NaN,
  ]);
  expect(made.warnings).toMatchObject([{ count: 2, what: 'samples read as invalid' }]);
  const other = await read({ signals: [signal] });
  expect(other.signals[0]!.physical[3]).toBeCloseTo(-163.84, 9);
  expect(other.warnings).toEqual([]);
});

test('a digital range with a fraction', async () => {
  const { signals } = await read({
    signals: [{ label: 'a', physical: [-3276.8, 3276.7], digital: [-32768.5, 32767.5], data: [[0, 10]] }],
  });
  expect(signals[0]!.physical[1]! - signals[0]!.physical[0]!).toBeCloseTo(10 * (6553.5 / 65536), 9);
});

describe('a file of 2 GB', () => {
  // 20 signals at 500 Hz in data records of 1 s, 100,000 of them; bytes are made when they are asked for.
  const channels = 20;
  const talSamples = 60;
  const recordBytes = channels * 1000 + 2 * talSamples;
  const records = 100_000;

  function large(reserved: string, textOf: (record: number) => string) {
    const spec: EdfSpec = {
      reserved,
      records,
      signals: [
        ...Array.from({ length: channels }, (_, c) => ({ label: `lead ${c}`, data: [ramp(0, 500)] })),
        { label: 'EDF Annotations', data: ['x'.repeat(2 * talSamples - 1)] },
      ],
    };
    const header = edfFile(spec).subarray(0, 256 * (channels + 2));
    let read = 0;
    const record = (r: number): Uint8Array => {
      const bytes = new Uint8Array(recordBytes);
      for (let c = 0; c < channels; c++) bytes[1000 * c] = r & 0x7f;
      bytes.set(new TextEncoder().encode(textOf(r)), channels * 1000);
      return bytes;
    };
    const source: Source = {
      size: async () => header.length + records * recordBytes,
      async read(_, from = 0, to = 0) {
        const bytes = new Uint8Array(to - from);
        read += bytes.length;
        for (let at = from; at < to; ) {
          const r = Math.floor((at - header.length) / recordBytes);
          const [whole, start] =
            at < header.length ? [header, 0] : [record(r), header.length + r * recordBytes];
          const part = whole.subarray(at - start, to - start);
          bytes.set(part, at - from);
          at += part.length;
        }
        return bytes;
      },
    };
    return { source, bytesRead: () => read };
  }

  test.each([
    ['continuous', 'EDF+C', (r: number) => stamp(r, `+${r}.5\x14beat ${r}\x14\0`)],
    ['discontinuous', 'EDF+D', (r: number) => stamp(2 * r, `+${2 * r}.5\x14beat ${r}\x14\0`)],
  ])(
    '%s: a window of 10 s takes its bytes and few others, annotations included',
    async (_, reserved, textOf) => {
      const { source, bytesRead } = large(reserved, textOf);
      const { signals, length } = await readEdf(source, 'x', { from: 50_000, to: 50_010, unit: 'seconds' });
      expect(length).toBe(5000);
      expect(signals[3]!.adc[0]).toBe((reserved === 'EDF+C' ? 50_000 : 25_000) & 0x7f);
      expect(bytesRead()).toBeLessThan(0.5e6);
      const found = await readEdfAnnotations(source, 'x', { startSeconds: 50_000, endSeconds: 50_010 });
      const expected = ramp(0, 10).filter(i => reserved === 'EDF+C' || i % 2 === 0);
      expect(found.map(({ onset }) => onset)).toEqual(expected.map(i => 50_000.5 + i));
      expect(bytesRead()).toBeLessThan(1e6);
    },
  );

  test('annotations kept one after the other from the start on are found all the same', async () => {
    const { source, bytesRead } = large('EDF+C', r =>
      stamp(r, r < 50 ? `+${r * 2000 + 7}\x14event ${r}\x14\0` : ''),
    );
    const found = await readEdfAnnotations(source, 'x', { startSeconds: 50_000, endSeconds: 55_000 });
    expect(found.map(({ onset }) => onset)).toEqual([50_007, 52_007, 54_007]);
    expect(bytesRead()).toBeLessThan(20e6);
  });
});

test('windows of a discontinuous file are parts of the whole, wherever they lie', async () => {
  const spec: EdfSpec = {
    reserved: 'EDF+D',
    signals: [
      { label: 'ECG', data: ramp(0, 6).map(r => ramp(4 * r, 4)) },
      { label: 'EDF Annotations', data: [0, 1, 3.02, 4, 7.5, 8.5].map(onset => stamp(onset)) },
    ],
  };
  const whole = (await read(spec)).signals[0]!.physical;
  for (let from = 0; from < whole.length; from++) {
    for (let to = from + 1; to <= whole.length; to++) {
      expect((await read(spec, { from, to })).signals[0]!.physical).toEqual(whole.slice(from, to));
    }
  }
});
