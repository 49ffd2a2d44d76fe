/** EDF+ that we write, read by pyEDFlib (EDFlib) and edfio, and what they write, read by us. */
import { describe, expect, test } from 'vitest';
import { fileSource } from '../../src/node/files.ts';
import { folderSink } from '../../src/node/folder-sink.ts';
import { readEdfAnnotations } from '../../src/wfdb/edf/annotations.ts';
import { readEdf } from '../../src/wfdb/edf/read-edf.ts';
import { writeEdf } from '../../src/wfdb/edf/write-edf.ts';
import { callPeers, hasPeers, peerFolder } from './python.ts';

interface PeerEdf {
  readonly labels: string[];
  readonly units: string[];
  readonly fs: number[];
  readonly signals: number[][];
  readonly annotations: [number, string][];
  readonly start?: string;
}

const wave = (count: number, k: number) =>
  Int32Array.from({ length: count }, (_, i) => Math.round(900 * Math.sin((i * k) / 9)));

describe.runIf(hasPeers)('what we write', () => {
  const lead = (k: number, count: number, more = {}) => ({
    name: `lead ${k}`,
    units: 'µV',
    adcGain: 0.2,
    baseline: 0,
    adc: wave(count, k),
    ...more,
  });
  const annotations = [
    { onset: 0, duration: undefined, text: 'start' },
    { onset: 1.5, duration: 2, text: 'N' },
    { onset: 3.999, duration: undefined, text: 'end é' },
  ];

  test('pyEDFlib and edfio read it: signals, rates, units, annotations, start', async () => {
    const folder = peerFolder();
    const signals = [lead(1, 1000), lead(2, 2000, { samplingFrequency: 500 })];
    const header = { baseTime: '13:14:15', baseDate: '02/03/2021' };
    await writeEdf(
      folderSink(folder),
      'x.edf',
      { name: 'x', samplingFrequency: 250, signals, header },
      annotations,
    );
    const answers = callPeers<PeerEdf>(folder, [
      ['read_pyedflib', { file: 'x.edf' }],
      ['read_edfio', { file: 'x.edf' }],
    ]);
    for (const { value, error } of answers) {
      expect(error).toBeUndefined();
      expect(value).toMatchObject({ labels: ['lead 1', 'lead 2'], units: ['uV', 'uV'], fs: [250, 500] });
      for (const [s, signal] of signals.entries()) {
        expect(value!.signals[s]).toHaveLength(signal.adc.length);
        for (const [i, physical] of value!.signals[s]!.entries()) {
          expect(Math.abs(physical - signal.adc[i]! / 0.2)).toBeLessThan(1e-6);
        }
      }
      expect(value!.annotations).toEqual(annotations.map(({ onset, text }) => [onset, text]));
    }
    expect(answers[0]!.value!.start).toBe('2021-03-02T13:14:15');
  }, 60_000);
});

describe.runIf(hasPeers)('what they write', () => {
  const physical = [1, 2].map(k => Array.from(wave(2500, k), value => value / 10));
  const annotations: [number, string][] = [
    [0.5, 'a'],
    [7.25, 'b'],
    [9.5, 'c'],
  ];

  test.each(['EDF+', 'BDF+', 'EDF'])(
    'pyEDFlib: %s',
    async kind => {
      const folder = peerFolder();
      const marks = kind === 'EDF' ? [] : annotations;
      const [written] = callPeers(folder, [
        ['write_pyedflib', { file: 'x.edf', kind, signals: physical, fs: 250, annotations: marks }],
      ]);
      expect(written!.error).toBeUndefined();
      const source = fileSource([folder]);
      const { signals, samplingFrequency, warnings } = await readEdf(source, 'x.edf');
      expect([samplingFrequency, warnings]).toEqual([250, []]);
      const unit = 6553.5 / 2 ** (kind === 'BDF+' ? 24 : 16);
      for (const [s, values] of physical.entries()) {
        for (const [i, value] of values.entries()) {
          expect(Math.abs(signals[s]!.physical[i]! - value)).toBeLessThan(1.01 * unit); // EDFlib cuts off
        }
      }
      const read = async (options = {}) =>
        (await readEdfAnnotations(source, 'x.edf', options)).map(({ onset, text }) => [onset, text]);
      expect(await read()).toEqual(marks);
      // EDFlib keeps annotations in data records from the first on, wherever they belong.
      expect(await read({ startSeconds: 7, endSeconds: 9 })).toEqual(
        marks.filter(([onset]) => onset === 7.25),
      );
    },
    60_000,
  );

  test('edfio', async () => {
    const folder = peerFolder();
    const [written] = callPeers(folder, [
      ['write_edfio', { file: 'x.edf', signals: physical, fs: 250, annotations }],
    ]);
    expect(written!.error).toBeUndefined();
    const source = fileSource([folder]);
    const { signals } = await readEdf(source, 'x.edf');
    for (const [s, values] of physical.entries()) {
      for (const [i, value] of values.entries())
        expect(Math.abs(signals[s]!.physical[i]! - value)).toBeLessThan(0.11);
    }
    const found = await readEdfAnnotations(source, 'x.edf');
    expect(found.map(({ onset, text }) => [onset, text])).toEqual(annotations);
  }, 60_000);
});
