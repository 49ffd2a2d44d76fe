import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Papa from 'papaparse';
import { afterAll, describe, expect, test } from 'vitest';
import { chosenScheme, schemeMerits } from '../../scripts/study-estimators/default-scheme.ts';
import { studyCondition } from '../../scripts/study-estimators/measure.ts';
import { defaultScheme } from '../../src/beat/slopes/measure-slopes.ts';
import { describeScheme } from '../../src/diff/scheme.ts';
import { builtScript } from '../build-once.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'study-'));
afterAll(() => rmSync(folder, { recursive: true }));
const run = async (...words: string[]) =>
  spawnSync(process.execPath, [await builtScript('study-estimators.ts'), ...words], {
    cwd: root,
    encoding: 'utf8',
  });

describe('scripts/study-estimators.ts', () => {
  test('writes every condition as CSV and a picture, and prints a table', async () => {
    const words = '--frequencies 100,360 --snrs none,20 --low-pass none,40 --qrs-widths 0.6,1 --seconds 6';
    const [csv, svg] = [join(folder, 'study.csv'), join(folder, 'study.svg')];
    const { status, stdout, stderr } = await run(...words.split(' '), '--out', csv, '--plot', svg);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^sg:16ms:4 /m);
    expect(stdout).toMatch(/^chosen: sg:16ms:4$/m);
    const { data } = Papa.parse<Record<string, string>>(readFileSync(csv, 'utf8'), {
      header: true,
      skipEmptyLines: true,
    });
    const at360 = data.filter(row => row.sampling_frequency_Hz === '360');
    expect(at360).toHaveLength(8 * 13);
    expect(data.some(row => row.estimator === 'sg:12ms:4' && row.sampling_frequency_Hz === '100')).toBe(
      false,
    );
    expect(readFileSync(svg, 'utf8')).toContain('<polyline');
  });

  test.each([
    [['--frequencies', 'fast'], "--frequencies takes numbers above 50, not 'fast'"],
    [['--seconds', '1'], '--seconds takes a number of at least 5'],
    [['more'], 'takes options only'],
  ])('%j ends with 2', async (words, message) => {
    const { status, stderr } = await run(...words);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('what the default scheme rests on', () => {
  test('the rule that the script prints picks the default', () => {
    const errors = [250, 360, 1000].flatMap(samplingFrequency =>
      [undefined, 40, 12].flatMap(snrDb =>
        [0.6, 1.5].flatMap(stretch =>
          studyCondition({ samplingFrequency, snrDb, stretch, lowPassHz: undefined }, 10, 1),
        ),
      ),
    );
    const merits = schemeMerits(errors);
    expect(chosenScheme(merits)).toBe(describeScheme(defaultScheme(1000)));
    const merit = merits.find(({ scheme }) => scheme === 'sg:24ms:4')!;
    expect(merit.worstCleanBias).toBeGreaterThan(2);
    expect(schemeMerits(errors.filter(({ snrDb }) => snrDb !== undefined))).toEqual([]);
  });

  test('the quartic over 16 ms loses at most 2 % of a clean slope at any QRS width from 250 Hz', () => {
    for (const samplingFrequency of [250, 360, 500, 1000]) {
      for (const stretch of [0.6, 1, 1.5]) {
        const condition = { samplingFrequency, stretch, snrDb: undefined, lowPassHz: undefined };
        const error = studyCondition(condition, 10, 1).find(({ estimator }) => estimator === 'sg:16ms:4')!;
        expect(Math.abs(error.biasPercent)).toBeLessThan(2);
        expect(error.count).toBeGreaterThan(30);
        expect(error.missing).toBe(0);
      }
    }
  });

  test('in noise it errs less than the five-point difference, and less than half as much at 1000 Hz', () => {
    const errorOf = (samplingFrequency: number, name: string): number => {
      const condition = { samplingFrequency, stretch: 1, snrDb: 30, lowPassHz: undefined };
      const error = studyCondition(condition, 10, 1).find(({ estimator }) => estimator === name)!;
      return Math.hypot(error.biasPercent, error.sdPercent);
    };
    expect(errorOf(360, 'sg:16ms:4')).toBeLessThan(errorOf(360, 'central4'));
    expect(errorOf(1000, 'sg:16ms:4')).toBeLessThan(errorOf(1000, 'central4') / 2);
  });
});
