/** docs/scale.md: its recipes run, and its examples pass their tools' own checks where Python has them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasPeers, peersPython } from '../peers/python.ts';
import { run } from '../scripts/run-command.ts';
import { runBatch } from '../scripts/same-process-batch.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/scale.md'), 'utf8');
const recipes = [...page.matchAll(/query\.ts results "\n([\s\S]*?)"\n/g)].map(match => match[1]!);

describe('the recipes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scale-'));
  const out = join(folder, 'results');
  beforeAll(async () => {
    const { stderr } = await runBatch([join(root, 'samples/synth'), '--dir', out, '--measure', 'slopes']);
    expect(stderr).toBe('');
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));
  const rowsOf = async (sql: string): Promise<Record<string, never>[]> => {
    const { stdout, stderr } = await run(['query', out, sql, '--json']);
    expect(stderr).toBe('');
    return stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
  };

  test('are three', () => expect(recipes).toHaveLength(3));

  test('slopes of V against N: the median that the slopes command gives', async () => {
    const rows = await rowsOf(recipes[0]!);
    expect(rows.length).toBeGreaterThan(5);
    const { stdout } = await run(['slopes', 'synth/s01', '--good-only', '--json'], {
      WFDB: join(root, 'samples'),
    });
    const summary: { symbol: string; upstroke: { median: number } }[] = JSON.parse(stdout).leads[0].summary;
    for (const [symbol, name] of [
      ['N', 'normal_mV_per_s'],
      ['V', 'ventricular_mV_per_s'],
    ] as const) {
      const { upstroke } = summary.find(of => of.symbol === symbol)!;
      expect(rows.find(({ record }) => record === 's01')![name]).toBeCloseTo(upstroke.median, 3);
    }
  });

  test('wide QRS complexes: none is 120 ms or less', async () => {
    const rows = await rowsOf(recipes[1]!.replace('0.12', '0.09'));
    expect(rows.length).toBeGreaterThan(0);
    for (const { qrs_ms } of rows) expect(qrs_ms).toBeGreaterThanOrEqual(90);
  });

  test('drift: none in the first hour', async () => {
    const rows = await rowsOf(recipes[2]!);
    expect(rows.length).toBeGreaterThan(10);
    for (const { hour, drift_mV_per_s } of rows) expect([hour, drift_mV_per_s]).toEqual([0, 0]);
  });

  test('SQL may begin with a comment', async () => {
    expect(await rowsOf('-- one\nselect 1.5 as one')).toEqual([{ one: 1.5 }]);
  });

  test('a wrong query, and a folder without a result, are one line', async () => {
    for (const [place, sql, says] of [
      [out, 'select nothing from beats', /^error: the query failed: .*nothing/],
      [folder, 'select 1', /^error: .*contains no completed result/],
    ] as const) {
      const { status, stderr } = await run(['query', place, sql]);
      expect(stderr).toMatch(says);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(status).toBe(1);
    }
  });
});

describe('the examples', () => {
  const folder = join(root, 'docs/examples/scale');
  const checks: Readonly<Record<string, readonly string[]>> = {
    'batch.slurm': ['shellcheck'],
    'docker-compose.yaml': ['check-jsonschema', '--builtin-schema', 'vendor.compose-spec'],
    'kubernetes-job.yaml': ['kubernetes-validate', '--strict', '-k', '1.33'],
    Dockerfile: ['hadolint'],
  };

  test('are all checked, and all are named on the page', () => {
    expect(readdirSync(folder).sort()).toEqual(Object.keys(checks).sort());
    for (const file of Object.keys(checks)) expect(page).toContain(`examples/scale/${file}`);
  });

  test.skipIf(!hasPeers).each(Object.entries(checks))('%s', (file, [tool, ...words]) => {
    const ended = spawnSync(join(dirname(peersPython), tool!), [...words, join(folder, file)], {
      encoding: 'utf8',
    });
    expect(ended.stdout + ended.stderr).not.toMatch(/error/i);
    expect(ended.status).toBe(0);
  });

  test('a shell reads the Slurm script', () => {
    expect(spawnSync('bash', ['-n', join(folder, 'batch.slurm')]).status).toBe(0);
  });
});
