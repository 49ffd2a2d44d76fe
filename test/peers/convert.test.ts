/** What `convert` writes, read by others without an option: CSV by pandas, EDF+ by pyEDFlib, edfio and BioSig. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileSource } from '../../src/node/files.ts';
import { folderSink } from '../../src/node/folder-sink.ts';
import { type Annotation, writeAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { writeRecord } from '../../src/wfdb/write.ts';
import { run } from '../scripts/run-command.ts';
import { callPeers, hasPeers, peerFolder } from './python.ts';

const samplingFrequency = 250;
const frames = 10 * samplingFrequency;
const mark = (sample: number, symbol: string, aux = ''): Annotation => ({
  sample,
  symbol,
  subtype: 0,
  channel: 0,
  num: 0,
  aux,
});
const marks = [mark(100, 'N'), mark(475, 'V'), mark(1250, '+', '(AFIB'), mark(2000, '"', 'lead off')];
const texts = ['N', 'V', '+ (AFIB', 'lead off'];

/** A folder with a record in µV, and what `convert` makes of it. */
async function converted(target: string, ...words: string[]): Promise<string> {
  const folder = peerFolder();
  const wave = (k: number) =>
    Int32Array.from({ length: frames }, (_, i) => Math.round(900 * Math.sin((i * k) / 40)));
  const lead = (name: string, k: number) => ({ name, units: 'µV', adcGain: 0.2, baseline: 0, adc: wave(k) });
  const signals = [lead('II', 1), lead('V1', 2)];
  const header = { baseTime: '13:14:15', baseDate: '02/03/2021' };
  await writeRecord(folderSink(folder), { name: 'r', samplingFrequency, signals, header });
  await writeAnnotations(folderSink(folder), 'r', 'atr', marks);
  const { status, stderr } = await run([
    'convert',
    `${folder}/r`,
    '--file-format',
    target,
    '--dir',
    folder,
    ...words,
  ]);
  expect([status, stderr]).toEqual([0, '']);
  return folder;
}

describe.runIf(hasPeers)('read by Python', () => {
  test.each([[[]], [['--frequency-out', '360']]])(
    'CSV %j by pandas: numbers, and one header row',
    async words => {
      const folder = await converted('csv', ...words);
      const [samples, annotations] = callPeers<{ columns: string[]; types: string[]; values: unknown[][] }>(
        folder,
        [
          ['read_csv', { file: 'r.csv' }],
          ['read_csv', { file: 'r.atr.csv' }],
        ],
      );
      expect(samples!.value!.columns).toEqual(['time (s)', 'II (uV)', 'V1 (uV)']);
      for (const type of samples!.value!.types) expect(type).toMatch(/^(int|float)64$/);
      const hertz = words.length === 0 ? samplingFrequency : 360;
      expect(samples!.value!.values[0]).toHaveLength(
        Math.floor(((frames - 1) * hertz) / samplingFrequency) + 1,
      );
      if (words.length === 0) {
        const { signals } = await readRecord(fileSource([folder]), 'r');
        expect(samples!.value!.values.slice(1)).toEqual(signals.map(({ physical }) => [...physical]));
      }
      expect(annotations!.value!.values[0]).toEqual(
        marks.map(({ sample }) => Math.floor((sample * hertz) / 250 + 0.5)),
      );
      expect(annotations!.value!.values[2]).toEqual(marks.map(({ symbol }) => symbol));
    },
    60_000,
  );

  test('EDF+ by pyEDFlib and edfio: signals, units, start, annotations', async () => {
    const folder = await converted('edf');
    const { signals } = await readRecord(fileSource([folder]), 'r');
    const answers = callPeers<{
      labels: string[];
      units: string[];
      fs: number[];
      signals: number[][];
      annotations: [number, string][];
    }>(folder, [
      ['read_pyedflib', { file: 'r.edf' }],
      ['read_edfio', { file: 'r.edf' }],
    ]);
    for (const { value, error } of answers) {
      expect(error).toBeUndefined();
      expect(value).toMatchObject({ labels: ['II', 'V1'], units: ['uV', 'uV'], fs: [250, 250] });
      expect(value!.annotations).toEqual(marks.map(({ sample }, k) => [sample / 250, texts[k]]));
      for (const [s, { physical }] of signals.entries()) {
        expect(value!.signals[s]).toHaveLength(frames);
        for (const [i, x] of value!.signals[s]!.entries())
          expect(Math.abs(x - physical[i]!)).toBeLessThan(1e-6);
      }
    }
  }, 60_000);
});

const hasBiosig = (): boolean => {
  try {
    execFileSync('save2gdf', ['--version'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
};

test.runIf(hasBiosig())('EDF+ by BioSig: every sample', async () => {
  const folder = await converted('edf');
  execFileSync('save2gdf', ['-CSV', 'r.edf', 'b.csv'], { cwd: folder, stdio: 'ignore' });
  const [, ...rows] = readFileSync(join(folder, 'b.csv'), 'latin1').trim().split('\n');
  const { signals } = await readRecord(fileSource([folder]), 'r');
  expect(rows).toHaveLength(frames);
  for (const [i, row] of rows.entries()) {
    for (const [k, value] of row.split(',').slice(0, 2).entries()) {
      expect(Math.abs(Number(value) - signals[k]!.physical[i]!)).toBeLessThan(1e-2);
    }
  }
});
