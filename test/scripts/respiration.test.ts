import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { run } from './run-command.ts';

const respiration = (...args: string[]) => run(['respiration', ...args], { WFDB: 'samples' });

test('a table of windows, and the same as JSON', async () => {
  const { status, stdout } = await respiration(
    'synth/s01',
    '--detect',
    '--window-seconds',
    '40',
    '--step-seconds',
    '20',
  );
  expect(status).toBe(0);
  const rows = stdout.match(/^ *\d+ +\d+ .*$/gm)!;
  const json = JSON.parse(
    (await respiration('synth/s01', '--detect', '--window-seconds', '40', '--step-seconds', '20', '--json'))
      .stdout,
  );
  expect(json.windows.length).toBe(rows.length);
  expect(json.windows.length).toBeGreaterThan(2);
  for (const { startSeconds, endSeconds, rate, undefinedBecause, confidence, highestRate } of json.windows) {
    expect(endSeconds - startSeconds).toBeCloseTo(40, 6);
    expect(rate === undefined).toBe(undefinedBecause !== undefined);
    expect(confidence).toBeGreaterThanOrEqual(0);
    expect(confidence).toBeLessThanOrEqual(1);
    if (rate !== undefined) expect(rate).toBeLessThanOrEqual(highestRate);
  }
});

test('the rate that the synthetic patient breathes at', async () => {
  const json = JSON.parse((await respiration('synth/s02', '--detect', '--json')).stdout);
  // The generator modulates amplitude at 0.25 Hz.
  expect(Math.abs(json.rate - 15)).toBeLessThan(0.5);
});

test('the windows as a table, and the record as a line', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'respiration-'));
  const out = join(folder, 'windows.csv');
  const json = JSON.parse((await respiration('synth/s02', '--detect', '--json', '--out', out)).stdout);
  const rows = Papa.parse<Record<string, string>>(readFileSync(out, 'utf8'), {
    header: true,
    skipEmptyLines: true,
  });
  rmSync(folder, { recursive: true });
  expect(rows.data.map(row => (row.rate_per_min === '' ? undefined : Number(row.rate_per_min)))).toEqual(
    json.windows.map(({ rate }: { rate?: number }) => rate),
  );
  expect(rows.data[0]!.MLII_upstroke_agrees).toMatch(/^(true|false)$/);
  const [line] = Papa.parse<Record<string, string>>(
    (await respiration('synth/s02', '--detect', '--summary')).stdout,
    {
      header: true,
    },
  ).data;
  expect(Number(line!.respiratory_rate_per_min)).toBe(json.rate);
  expect([line!.windows, line!.windows_with_rate]).toEqual([
    String(json.windows.length),
    String(json.windowsWithRate),
  ]);
});

test('a window too short is refused', async () => {
  const { status, stderr } = await respiration('synth/s01', '--window-seconds', '5');
  expect(status).toBe(2);
  expect(stderr).toContain('--window-seconds');
});
