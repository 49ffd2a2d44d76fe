/**
 * What we write, read by software that is not ours, where it is installed: `flac` (the reference decoder) and `save2gdf`
 * of BioSig, Debian's packages flac and biosig-tools. BioSig 2.5 is no witness for more: it reads files of several
 * signals right in format 212 alone, passes over baselines, and knows neither 8, 310, 311 nor FLAC.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { folderSink } from '../../src/node/folder-sink.ts';
import { createRandom } from '../../src/random.ts';
import { type Annotation, writeAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { encodeFlac } from '../../src/wfdb/flac/encode.ts';
import { writeRecord } from '../../src/wfdb/write.ts';
import { expectSameSamples } from '../same-samples.ts';

const isInstalled = (program: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some(folder => existsSync(join(folder, program)));

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'other-readers-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

describe.runIf(isInstalled('flac'))('flac', () => {
  test.each([8, 16, 24])('%i bits decode to the same samples', bits => {
    const folder = temporaryFolder();
    const random = createRandom(bits);
    const top = 2 ** (bits - 1) - 1;
    const kinds: ((i: number) => number)[] = [
      i => Math.round(0.9 * top * Math.sin(i / 20)),
      () => Math.round((2 * random.uniform() - 1) * top),
      () => -top - 1,
      i => (i % 2 === 0 ? top : -top - 1),
    ];
    for (const [channels, length] of [
      [1, 1],
      [2, 5000],
      [3, 4097],
      [8, 4096],
    ] as const) {
      for (const kind of kinds) {
        const signals = Array.from({ length: channels }, () =>
          Int32Array.from({ length }, (_, i) => kind(i)),
        );
        writeFileSync(join(folder, 'x.flac'), encodeFlac(signals, bits));
        const options = ['-d', '-s', '-f', '--force-raw-format', '--endian=little', '--sign=signed'];
        execFileSync('flac', [...options, '-o', 'x.raw', 'x.flac'], { cwd: folder, stdio: 'ignore' });
        const raw = readFileSync(join(folder, 'x.raw'));
        const width = bits / 8;
        expect(raw.length).toBe(channels * length * width);
        for (const [c, signal] of signals.entries()) {
          const read = signal.map((_, i) => raw.readIntLE((i * channels + c) * width, width));
          expectSameSamples(read, signal);
        }
      }
    }
  });
});

describe.runIf(isInstalled('save2gdf'))('BioSig', () => {
  const wave = (k: number) =>
    Int32Array.from({ length: 1001 }, (_, i) => Math.round(100 * Math.sin((i * k) / 9)));

  test.each([
    [16, 1],
    [24, 1],
    [32, 1],
    [61, 1],
    [80, 1],
    [160, 1],
    [212, 1],
    [212, 2],
    [212, 3],
  ])('reads format %i with %i signals, and annotations', async (format, count) => {
    const folder = temporaryFolder();
    const signals = Array.from({ length: count }, (_, k) => ({
      name: `lead ${k}`,
      units: 'mV',
      adcGain: 200,
      baseline: 0,
      adc: wave(k + 1),
    }));
    const plain = { subtype: 0, channel: 0, num: 0, aux: '' };
    const mark = (sample: number, symbol: string): Annotation => ({ ...plain, sample, symbol });
    const sink = folderSink(folder);
    await writeRecord(sink, { name: 'r', samplingFrequency: 100, signals }, { format });
    await writeAnnotations(sink, 'r', 'atr', [mark(5, 'N'), mark(900, 'V')]);

    execFileSync('save2gdf', ['-CSV', 'r.hea', 'r.csv'], { cwd: folder, stdio: 'ignore' });
    const [, ...rows] = readFileSync(join(folder, 'r.csv'), 'latin1').trim().split('\n');
    expect(rows).toHaveLength(1001);
    for (const [i, row] of rows.entries()) {
      for (const [k, value] of row.split(',').entries()) {
        expect(Number(value)).toBeCloseTo(signals[k]!.adc[i]! / 200, 4);
      }
    }
    const shown = execFileSync('save2gdf', ['-JSON', 'r.hea'], { cwd: folder, encoding: 'utf8' });
    const events = [...shown.matchAll(/"TYP"\s*: "0x(\w+)",\s*"POS"\s*: ([\d.]+)/g)];
    // Codes 1 and 5; BioSig counts samples from 1 when it reads and from 0 when it shows times.
    expect(events.map(([, code, time]) => [Number(`0x${code}`), Number(time)])).toEqual([
      [1, 0.04],
      [5, 8.99],
    ]);
  });
});
