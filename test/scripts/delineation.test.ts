import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { builtScript } from '../build-once.ts';
import { onRecordings } from '../real/recordings.ts';
import { run } from './run-command.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'delineation-'));
afterAll(() => rmSync(folder, { recursive: true }));
const runFit = async (...words: string[]) =>
  spawnSync(process.execPath, [await builtScript('fit-delineation.ts'), ...words], {
    cwd: root,
    encoding: 'utf8',
  });

describe('scripts/fit-delineation.ts', () => {
  test.each([
    [['--fit', '1,2', '--out', 'models.json'], "--out takes a path that ends in .ts, not 'models.json'"],
    [['--fit', '1-50', '--test', '50-60'], 'record 50 is in both --fit and --test'],
    [['more'], 'takes options only'],
  ])('%j ends with 2', async (words, message) => {
    const { status, stderr } = await runFit(...words);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});

onRecordings('ludb')('on ludb', () => {
  test('fit-delineation fits to some records, tests on others and writes the models', async () => {
    const file = join(folder, 'models.ts');
    const { status, stdout } = await runFit('--fit', '1-6', '--test', '7-9', '--out', file);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^qrsOnsetModel, tested 7-9: -?\d+\.\d ± \d+\.\d ms, n = \d+$/m);
    const text = readFileSync(file, 'utf8');
    expect(text.match(/^export const \w+: (Boundary|Peak)Model = /gm)).toHaveLength(8);
    expect(text).toMatch(/^export const pPresenceWeights: PresenceWeights = /m);
  });

  test('cardiologists mark the R waves that are found, also where S is larger, and in paced complexes', async () => {
    const words = ['evaluate', 'delineation', '--db', 'ludb', '--records', '6,8,14,34,45', '--json'];
    const { rMarks } = JSON.parse((await run(words)).stdout);
    expect(rMarks.all.nearRWave).toBeGreaterThan(0.96);
    expect(rMarks.all.nearPlace).toBeGreaterThan(rMarks.all.nearRPeak);
    expect(rMarks.paced.nearPlace).toBeGreaterThan(rMarks.paced.nearRPeak);
    expect(rMarks.paced.marked).toBeLessThan(rMarks.all.marked);
  });

  test('evaluate delineation answers with every fiducial', async () => {
    const words = ['evaluate', 'delineation', '--db', 'ludb', '--records', '101-103'];
    const result = JSON.parse((await run([...words, '--json'])).stdout);
    const { stdout: table } = await run(words);
    expect(result).toMatchObject({
      database: 'ludb',
      records: 3,
      leads: 36,
      beats: 'detected',
      together: true,
    });
    expect(Object.keys(result.fiducials)).toHaveLength(8);
    expect(result.fiducials.qrsOnset.sensitivity).toBeGreaterThan(0.97);
    expect(result.fiducials.qrsOnset.sdMs).toBeLessThan(20);
    expect(table).toMatch(/^QRS onset +\d/m);
    expect(table).toMatch(/^paced +–/m);
    expect(result.rMarks.paced).toEqual({ marked: 0 });
    expect(result.rMarks.all.marked).toBeGreaterThan(300);
    const none = await run([...words.slice(0, 4), '--records', '1000-1001']);
    expect(none).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('none of the records 1000-1001'),
    });
    const wrong = await run([...words, '--beats', 'some']);
    expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining('--beats') });
  });
});
