import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { afterAll, expect, test } from 'vitest';
import { onRecordings } from '../real/recordings.ts';
import { run } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'hrv-'));
afterAll(() => rmSync(folder, { recursive: true }));
const hrv = (...args: string[]) => run(['hrv', ...args], { WFDB: 'samples' });
const jsonOf = async (...args: string[]) => JSON.parse((await hrv(...args, '--json')).stdout);

test('a table, a figure and windows', async () => {
  const out = join(folder, 'figure.svg');
  const { status, stdout } = await hrv(
    'mitdb-208-excerpt',
    '--correct',
    '--window-seconds',
    '120',
    '--plot',
    out,
  );
  expect(status).toBe(0);
  expect(stdout).toMatch(/^RMSSD +[\d.]+ +ms$/m);
  expect(stdout).toMatch(/^note: [\d.]+ % of the intervals corrected: \d+ ectopic/m);
  expect(stdout).toMatch(/^ *from s +to s +NN intervals/m);
  const svg = readFileSync(out, 'utf8');
  expect(svg).toContain('mitdb-208-excerpt');
  expect(svg.match(/<path/g)!.length).toBeGreaterThan(10);
  expect((await hrv('mitdb-208-excerpt', '--plot', out)).stderr).toContain('--overwrite');
});

test('intervals excluded by the limits are reported', async () => {
  const { excluded, notes } = await jsonOf(
    'synth/s01',
    '--detect',
    '--shortest-ms',
    '900',
    '--longest-ms',
    '2000',
  );
  expect(excluded.short).toBeGreaterThan(10);
  expect(notes[0]).toContain('shorter than the limit');
  const plain = await jsonOf('synth/s01', '--detect');
  expect(plain.excluded.short).toBeUndefined();
});

test('options that fit no interval or each other are refused', async () => {
  const refused = async (...args: string[]) => {
    const { status, stderr } = await hrv('synth/s01', ...args);
    expect(status).toBe(2);
    return stderr;
  };
  expect(await refused('--shortest-ms', '900', '--longest-ms', '800')).toContain('none is');
  expect(await refused('--step-seconds', '10')).toContain('--step-seconds needs --window-seconds');
  expect(await refused('--correct', '--heart', 'neonate')).toContain('--correct');
  expect(await refused('--heart', 'horse')).toContain('--heart is one of');
});

onRecordings('mitdb')('MIT-BIH', () => {
  test.each([
    ['100', 116, 0.0526],
    ['117', 203, 0.1325],
  ])('record %s has %i differences of more than 50 ms', async (record, nn50, pnn50) => {
    const { stdout } = await run(['hrv', `mitdb/${record}`, '--json']);
    const told = JSON.parse(stdout);
    expect(told.nn50).toBe(nn50);
    expect(told.pnn50).toBeCloseTo(pnn50, 4);
  });
});

test('a figure is SVG or PNG, and the JSON has arrays', async () => {
  const { status, stderr } = await hrv('synth/s01', '--plot', join(folder, 'table.csv'));
  expect(status).toBe(2);
  expect(stderr).toContain('.svg or .png');
  expect(Array.isArray((await jsonOf('mitdb-208-excerpt')).frequency.spectrum.frequency)).toBe(true);
});

onRecordings('mitdb')('ventricular flutter', () => {
  test('is no NN interval, with and without correction', async () => {
    const database = { WFDB: process.env.WFDB! };
    const of = async (...args: string[]) =>
      JSON.parse((await run(['hrv', 'mitdb/207', ...args, '--json'], database)).stdout);
    const plain = await of();
    // 7 intervals meet the eight spans of flutter; those that remain last less than 2 s.
    expect(plain.excluded.unreadable).toBe(7);
    expect(plain.sdnn).toBeLessThan(0.1);
    expect(plain.notes.join()).toContain('flutter; 8 spans');
    expect((await of('--correct')).sdnn).toBeLessThan(0.1);
  });
});

test('a row for each window or for the record, and a line to join', async () => {
  const out = join(folder, 'windows.csv');
  const { windows, ...whole } = await jsonOf(
    'mitdb-208-excerpt',
    '--window-seconds',
    '120',
    '--step-seconds',
    '60',
    '--out',
    out,
  );
  const parse = (text: string) =>
    Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
  const rows = parse(readFileSync(out, 'utf8'));
  expect(rows.map(row => [Number(row.start_s), Number(row.sdnn_s)])).toEqual(
    windows.map((of: { startSeconds: number; sdnn: number }) => [
      expect.closeTo(of.startSeconds, 6),
      expect.closeTo(of.sdnn, 8),
    ]),
  );
  const [line] = parse((await hrv('mitdb-208-excerpt', '--summary')).stdout);
  expect(line).toMatchObject({ record: 'mitdb-208-excerpt', beats: '501', has_qrs_complexes: 'true' });
  expect(Number(line!.rmssd_s)).toBeCloseTo(whole.rmssd, 8);
  expect(Number(line!.dfa_alpha1)).toBeCloseTo(whole.dfaAlpha1, 8);
  const { status, stderr } = await hrv('synth/s01', '--window-seconds', '1000');
  expect([status, stderr]).toEqual([1, expect.stringContaining('less than a window of 1000 s')]);
});

test('a correction of more than 5 % of the intervals is marked', async () => {
  const much = await jsonOf('mitdb-208-excerpt', '--correct');
  expect(much.correctedShare).toBeGreaterThan(0.05);
  expect(much.muchCorrected).toBe(true);
  expect(much.notes.join()).toContain('more than 5 % of the intervals are corrected');
  const little = await jsonOf('synth/s02', '--detect', '--correct', '--from', '0', '--to', '60');
  expect(little.muchCorrected).toBe(little.correctedShare > 0.05);
});
