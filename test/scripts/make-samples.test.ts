import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileSource } from '../../src/node/files.ts';
import { readAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { builtScript } from '../build-once.ts';

const root = resolve(import.meta.dirname, '../..');
const samples = join(root, 'samples');
const made = mkdtempSync(join(tmpdir(), 'samples-'));

beforeAll(async () => {
  execFileSync(process.execPath, [await builtScript('make-samples.ts'), '--dir', made], { cwd: root });
}, 120_000);
afterAll(() => rmSync(made, { recursive: true }));

describe('the samples', () => {
  const names = readdirSync(join(samples, 'synth'));

  test('are all made by the command, and no others', () => {
    expect(readdirSync(join(made, 'synth')).sort()).toEqual([...names].sort());
    expect(names.filter(name => name.endsWith('.dat'))).toHaveLength(16);
  });

  test.each(names)('synth/%s is made again byte for byte', name => {
    const [kept, again] = [samples, made].map(folder => readFileSync(join(folder, 'synth', name)));
    expect(again!.equals(kept!)).toBe(true);
  });

  test('have less than 3 MB in total', () => {
    const sizes = readdirSync(samples, { recursive: true, encoding: 'utf8' }).map(
      name => statSync(join(samples, name)).size,
    );
    expect(sizes.reduce((s, x) => s + x, 0)).toBeLessThan(3e6);
  });
});

describe('what the samples hold', () => {
  const source = fileSource([samples]);

  test('fourteen patients with normal, ventricular and supraventricular beats, three minutes each', async () => {
    for (let patient = 1; patient <= 14; patient++) {
      const name = `synth/s${String(patient).padStart(2, '0')}`;
      const { samplingFrequency, length, signals } = await readRecord(source, name);
      expect([samplingFrequency, length, signals.length, signals[0]!.name]).toEqual([360, 64800, 1, 'MLII']);
      const beats = await readAnnotations(source, name, 'atr');
      for (const [symbol, fewest] of [
        ['N', 100],
        ['V', 5],
        ['A', 5],
      ] as const) {
        expect(beats.filter(beat => beat.symbol === symbol).length).toBeGreaterThan(fewest);
      }
    }
  });

  test('truth tables agree with the annotations, row by row', async () => {
    for (const name of ['synth/s01', 'synth/slowing']) {
      const beats = await readAnnotations(source, name, 'atr');
      const [header, ...rows] = readFileSync(join(samples, `${name}.truth.csv`), 'utf8')
        .trim()
        .split('\n')
        .map(line => line.split(','));
      const column = (title: string): number => header!.indexOf(title);
      expect(rows.map(row => [Number(row[column('sample')]), row[column('symbol')]])).toEqual(
        beats.map(beat => [beat.sample, beat.symbol]),
      );
    }
  });

  test('the real excerpt: five minutes of MLII as the database digitised it', async () => {
    const record = await readRecord(source, 'mitdb-208-excerpt');
    const [signal] = record.signals;
    expect([record.samplingFrequency, record.length, record.signals.length]).toEqual([360, 108_000, 1]);
    expect([signal!.name, signal!.adcGain, signal!.baseline]).toEqual(['MLII', 200, 1024]);
    // First, last and extreme values as numpy.load('ecg.dat')['ecg'] prints them.
    expect([signal!.adc[0], signal!.adc[107_999]]).toEqual([975, 947]);
    expect([Math.min(...signal!.adc), Math.max(...signal!.adc)]).toEqual([327, 1754]);
    expect(record.comments.join(' ')).toContain('Open Data Commons Attribution License 1.0');
  });
});
