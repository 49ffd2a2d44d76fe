import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { delineation } from '../../scripts/evaluate/delineation.ts';
import { onRecordings } from '../real/recordings.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'delineation-'));
afterAll(() => rmSync(folder, { recursive: true }));
const runFit = (...words: string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', 'scripts/fit-delineation.ts', ...words], {
    cwd: root,
    encoding: 'utf8',
  });

describe('scripts/fit-delineation.ts', () => {
  test.each([
    [['--fit', '1'], "--fit takes records like 1-100 (of 200), not '1'"],
    [['--fit', '1-50', '--test', '50-60'], 'record 50 is in both --fit and --test'],
    [['more'], 'takes options only'],
  ])('%j ends with 2', (words, message) => {
    const { status, stderr } = runFit(...words);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});

onRecordings('ludb')('on ludb', () => {
  test('fit-delineation fits to some records, tests on others and writes the models', () => {
    const file = join(folder, 'models.ts');
    const { status, stdout } = runFit('--fit', '1-6', '--test', '7-9', '--out', file);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^qrsOnsetModel, tested 7-9: -?\d+\.\d ± \d+\.\d ms, n = \d+$/m);
    const text = readFileSync(file, 'utf8');
    expect(text.match(/^export const \w+: (Boundary|Peak)Model = /gm)).toHaveLength(8);
    expect(text).toMatch(/^export const pPresenceWeights: PresenceWeights = /m);
  });

  test('evaluate delineation answers with every fiducial', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const values = { db: 'ludb', records: '101-103', beats: 'detected', leads: 'together', json: true };
    await delineation.run(values, ['delineation']);
    const result = JSON.parse(String(log.mock.calls[0]![0]));
    await delineation.run({ ...values, json: false }, ['delineation']);
    const table = log.mock.calls.slice(1).flat().join('\n');
    log.mockRestore();
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
    await expect(delineation.run({ ...values, records: '1000-1001' }, ['delineation'])).rejects.toThrow(
      'has no record from 1000 to 1001',
    );
    await expect(delineation.run({ ...values, records: 'all' }, ['delineation'])).rejects.toThrow(
      'a range like',
    );
    await expect(delineation.run({ ...values, beats: 'some' }, ['delineation'])).rejects.toThrow('--beats');
    await expect(delineation.run({ ...values, leads: 'some' }, ['delineation'])).rejects.toThrow('--leads');
  });
});
