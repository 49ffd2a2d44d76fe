/** Containers told by content, one added by a caller, and files that are named and not read. */
import { describe, expect, test } from 'vitest';
import { encodeAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import {
  type Container,
  containers,
  detectContainer,
  readContainer,
  unknownContainer,
} from '../../src/wfdb/containers.ts';
import { memorySource } from '../../src/wfdb/source.ts';
import { unsupportedFormats } from '../../src/wfdb/unsupported-formats.ts';
import { edfFile } from './edf/edf-file.ts';

const ascii = (text: string) => new TextEncoder().encode(text);
const at = (byte: number, text: string) => Uint8Array.of(...new Uint8Array(byte), ...ascii(text), 0, 0, 0, 0);

/** A level-4 matrix, little-endian unless said otherwise. */
function mat4(name: string, precision: number, rows: number[][], isBig = false): Uint8Array {
  const size = [8, 4, 4, 2, 2, 1][precision]!;
  const columns = rows[0]!.length;
  const bytes = new Uint8Array(20 + name.length + 1 + rows.length * columns * size);
  const view = new DataView(bytes.buffer);
  const words = [(isBig ? 1000 : 0) + 10 * precision, rows.length, columns, 0, name.length + 1];
  for (const [i, word] of words.entries()) view.setUint32(4 * i, word, !isBig);
  bytes.set(ascii(name), 20);
  const put = ['setFloat64', 'setFloat32', 'setInt32', 'setInt16', 'setUint16', 'setUint8'][precision]!;
  for (let c = 0; c < columns; c++) {
    for (const [r, row] of rows.entries()) {
      const where = 21 + name.length + (c * rows.length + r) * size;
      (view as unknown as Record<string, (at: number, value: number, little: boolean) => void>)[put]!(
        where,
        row[c]!,
        !isBig,
      );
    }
  }
  return bytes;
}

const edf = edfFile({ signals: [{ label: 'ECG', data: [[1, 2, 3, 4]] }] });
const bdf = edfFile({ bytesPerSample: 3, signals: [{ label: 'ECG', data: [[1, 2, 70_000, 4]] }] });

test.each<[string, Uint8Array, string | undefined]>([
  ['EDF', edf, 'EDF'],
  ['BDF', bdf, 'BDF'],
  ['MATLAB', mat4('val', 3, [[1, 2]]), 'MATLAB v4'],
  ['a header', ascii('# x\nr 1 250 2\nr.dat 16\n'), 'WFDB'],
  ['a header of no signals', ascii('r 0 250 2\n# age\n'), 'WFDB'],
  ['numbers', ascii('1 0 250\n2 0 250\n'), 'table'],
  ['a table', ascii('time,ECG\n0,1\n'), 'table'],
  ['text', ascii('Dear all,\nthe recordings follow.\n'), undefined],
  ['nothing', new Uint8Array(), undefined],
  ['zeros', new Uint8Array(1000), undefined],
])('%s is told by its content', (_, bytes, name) => {
  expect(detectContainer(bytes)?.name).toBe(name);
});

test('whatever a file is called, it is read as what it is', async () => {
  const source = memorySource({
    'a.txt': edf,
    'b.edf': bdf,
    r: ascii('x 1 250 2\nr.dat 16 1\n'),
    'r.hea': ascii('x 1 250 2\nr.dat 16 1\n'),
    'r.dat': Uint8Array.of(5, 0, 6, 0),
  });
  for (const [file, container, values] of [
    ['a.txt', 'EDF', [1, 2, 3, 4]],
    ['b.edf', 'BDF', [1, 2, 70_000, 4]],
    ['r.hea', 'WFDB', [5, 6]],
  ] as const) {
    const recording = await readContainer(source, file);
    expect(recording.container).toBe(container);
    expect([...recording.signals[0]!.adc]).toEqual(values);
  }
});

test('a table is read through the same way in, with what it does not say, and in windows', async () => {
  const source = memorySource({
    'a.dat': ascii('ECG\n100\n200\n300\n400\n'),
    'b.log': ascii('t;ECG_uV\n0,000;1\n0,004;2\n'),
  });
  const given = { samplingFrequency: 250, units: 'uV' };
  const whole = await readContainer(source, 'a.dat', given);
  expect([whole.container, whole.samplingFrequency, ...whole.signals[0]!.physical]).toEqual([
    'table',
    250,
    100,
    200,
    300,
    400,
  ]);
  const part = await readContainer(source, 'a.dat', { ...given, from: 1, to: 3, signals: ['ECG'] });
  expect([part.start, part.length, ...part.signals[0]!.physical]).toEqual([1, 2, 200, 300]);
  const tuned = await readContainer(source, 'b.log', { table: { columns: ['ECG_uV'] } });
  expect([tuned.samplingFrequency, tuned.signals[0]!.units]).toEqual([250, 'uV']);
  for (const bad of [{ from: 4 }, { to: 5 }, { from: 2, to: 2 }, { signals: ['II'] }]) {
    await expect(readContainer(source, 'a.dat', { ...given, ...bad })).rejects.toThrow(RangeError);
  }
});

describe('MATLAB level 4', () => {
  const rows = [
    [1, -2, 3, 4],
    [10, 20, 30, -40],
  ];
  const options = { samplingFrequency: 300 };
  const read = (bytes: Uint8Array, more = {}) =>
    readContainer(memorySource({ 'A.mat': bytes }), 'A.mat', { ...options, ...more });

  test.each([0, 1, 2, 3])('precision %i, in both orders of bytes', async precision => {
    for (const isBig of [false, true]) {
      const { signals, samplingFrequency, name } = await read(mat4('val', precision, rows, isBig));
      expect([name, samplingFrequency]).toEqual(['A', 300]);
      expect(signals.map(({ physical, calibrated }) => [calibrated, ...physical])).toEqual(
        rows.map(row => [false, ...row]),
      );
    }
  });

  test('windows, chosen rows, and a matrix behind another', async () => {
    const two = Uint8Array.of(...mat4('other', 5, [[7]]), ...mat4('val', 3, rows));
    const { signals, start } = await read(two, { from: 1, to: 3, signals: ['row 2'] });
    expect(start).toBe(1);
    expect(signals.map(({ physical }) => [...physical])).toEqual([[20, 30]]);
    for (const bad of [{ from: 4 }, { to: 5 }, { from: 2, to: 2 }, { signals: ['row 3'] }]) {
      await expect(read(two, bad)).rejects.toThrow(RangeError);
    }
  });

  test('cut short, and with sizes that lie', async () => {
    const bytes = mat4('val', 3, rows);
    await expect(read(bytes.subarray(0, -3))).rejects.toMatchObject({ code: 'truncated' });
    const { length, warnings } = await read(bytes.subarray(0, -3), { lenient: true });
    expect([length, warnings.length]).toEqual([3, 1]);
    expect([...(await read(bytes.subarray(0, -3), { to: 3 })).signals[0]!.physical]).toEqual([1, -2, 3]);
    new DataView(bytes.buffer).setUint32(8, 2 ** 31, true);
    await expect(read(bytes)).rejects.toMatchObject({ code: 'truncated' });
  });

  test('units and gain where no header says them', async () => {
    const one = async (more: object) => (await read(mat4('val', 3, rows), more)).signals[0]!;
    expect(await one({ units: 'uV' })).toMatchObject({ units: 'uV', calibrated: true, adcGain: 1 });
    const scaled = await one({ adcGain: 2 });
    expect(scaled).toMatchObject({ units: 'mV', unitsAssumed: true, calibrated: true, adcGain: 2 });
    expect([...scaled.physical]).toEqual([0.5, -1, 1.5, 2]);
    await expect(one({ adcGain: 0 })).rejects.toThrow(RangeError);
  });

  test('the header beside it says what the values mean; without either there is no sampling frequency', async () => {
    const header = ascii('A 2 500 4\nA.mat 16+24 1000/mV 16 0 0 0 0 I\nA.mat 16+24 1000/mV 16 0 0 0 0 II\n');
    const source = memorySource({ 'A.mat': mat4('val', 3, rows), 'A.hea': header });
    const { signals } = await readContainer(source, 'A.mat');
    expect(signals.map(({ name, physical }) => [name, ...physical])).toEqual([
      ['I', 0.001, -0.002, 0.003, 0.004],
      ['II', 0.01, 0.02, 0.03, -0.04],
    ]);
    await expect(read(mat4('val', 3, rows), { samplingFrequency: undefined })).rejects.toMatchObject({
      code: 'unsupported',
    });
  });
});

test('a container of one’s own is one function and one row', async () => {
  const raw: Container = {
    name: 'raw',
    matches: bytes => bytes[0] === 7,
    async read(source, file) {
      const physical = Float64Array.from((await source.read(file)).subarray(1));
      const signal = { name: 'ECG', units: 'mV', adcGain: 1, baseline: 0, calibrated: true, physical };
      const signals = [{ ...signal, samplingFrequency: 100, adc: Int32Array.from(physical) }];
      return {
        name: file,
        samplingFrequency: 100,
        start: 0,
        length: physical.length,
        signals,
        comments: [],
        warnings: [],
      };
    },
  };
  const recording = await readContainer(memorySource({ x: Uint8Array.of(7, 1, 2) }), 'x', {}, [
    ...containers,
    raw,
  ]);
  expect([recording.container, ...recording.signals[0]!.physical]).toEqual(['raw', 1, 2]);
});

const beat = (sample: number) => ({ sample, symbol: 'N', subtype: 0, channel: 0, num: 0, aux: '' });
const foreign: readonly [string, Uint8Array][] = [
  ['DICOM', at(128, 'DICM')],
  ['SCP-ECG', at(16, 'SCPECG')],
  ['ISHNE Holter', ascii('ISHNE1.0xx')],
  ['HL7 annotated ECG (XML)', ascii('<?xml version="1.0"?>\n<AnnotatedECG xmlns="urn:hl7-org:v3">')],
  [
    'Philips Sierra ECG (XML)',
    ascii('<?xml version="1.0"?><restingecgdata xmlns="http://www3.medical.philips.com">'),
  ],
  [
    'GE MUSE ECG (XML)',
    ascii('<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE RestingECG SYSTEM "r.dtd"><RestingECG>'),
  ],
  ['GE CardioSoft ECG (XML)', ascii('<?xml version="1.0"?><CardiologyXML>')],
  ['XML', ascii('<?xml version="1.0"?><other>')],
  ['GDF', ascii('GDF 2.20')],
  ['MATLAB level 5', ascii('MATLAB 5.0 MAT-file, Platform')],
  ['HDF5 (or MATLAB 7.3)', Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a)],
  ['PDF', ascii('%PDF-1.7')],
  ['ZIP or spreadsheet', Uint8Array.of(0x50, 0x4b, 3, 4)],
  ['gzip', Uint8Array.of(0x1f, 0x8b, 8)],
  ['a web page', ascii('<!DOCTYPE html><html>')],
  ['WFDB annotations', encodeAnnotations([10, 300, 600, 900, 1200].map(beat))],
];

test.each<[Uint8Array, string]>([
  [
    Uint8Array.of(0xb0, 0xf9, 0x10, 0x65, 0x35, 0x6d, 0x42, 0xf6, 0xdb),
    'the bytes b0 f9 10 65 35 6d 42 f6 …',
  ],
  [Uint8Array.of(0, 1), 'the bytes 00 01'],
  [new Uint8Array(0), 'an empty file'],
])('a file of no known format is quoted as text or as bytes: %#', (bytes, found) => {
  expect(unknownContainer('x.ecg', bytes).found).toBe(found);
});

test.each(foreign)('%s is named with what can be done', async (name, bytes) => {
  const error = await readContainer(memorySource({ 'x.ecg': bytes }), 'x.ecg').catch(e => e);
  const advice = unsupportedFormats.find(format => format.name === name)!.advice;
  expect(error).toMatchObject({ name: 'WfdbError', code: 'unsupported', file: 'x.ecg', found: name });
  expect(error.message).toContain(`(${advice})`);
});

test('every format that is named is tested', () => {
  expect(foreign.map(([name]) => name).sort()).toEqual(unsupportedFormats.map(({ name }) => name).sort());
});

test('the first bytes of an unknown format are quoted', async () => {
  const source = memorySource({ x: ascii('hello\u0007'), empty: new Uint8Array() });
  await expect(readContainer(source, 'x')).rejects.toThrow("found 'hello?'");
  await expect(readContainer(source, 'empty')).rejects.toThrow('found an empty file');
});
