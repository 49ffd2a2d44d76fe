import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folderSink } from '../../src/node/folder-sink.ts';
import { createRandom } from '../../src/random.ts';
import { writeAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { writeRecord } from '../../src/wfdb/write.ts';
import { beatAt, sampled } from '../beat/gaussian-waves.ts';
import { run as runWords } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'slopes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...words: string[]) => runWords(['slopes', ...words], { WFDB: folder });

const at = Array.from({ length: 24 }, (_, k) => 0.7 + 0.8 * k);

beforeAll(async () => {
  const lead = (name: string, size: number) => {
    const voltage = sampled(
      at.flatMap(t => beatAt(t, size)),
      500 * 20,
      500,
    );
    return {
      name,
      units: 'mV',
      adcGain: 1000,
      baseline: 0,
      adc: Int32Array.from(voltage, v => Math.round(1000 * v)),
    };
  };
  const pressure = { ...lead('ABP', 1), units: 'mmHg' };
  const signals = [lead('I', 1), lead('V1', -0.5), pressure];
  const record = { name: 'made', samplingFrequency: 500, signals };
  await writeRecord(folderSink(folder), record);
  await writeRecord(folderSink(folder), { ...record, name: 'pressure', signals: [pressure] });
  // Noise of 0.15 mV in the second half.
  const random = createRandom(2);
  const adc = signals[0]!.adc.map((v, i) => (i < 5000 ? v : v + Math.round(150 * random.normal())));
  await writeRecord(folderSink(folder), { ...record, name: 'noisy', signals: [{ ...signals[0]!, adc }] });
  for (const name of ['made', 'noisy']) {
    await writeAnnotations(folderSink(folder), name, 'atr', marks);
  }
});

const marks = at.map((t, k) => ({
  sample: Math.round(t * 500),
  symbol: k % 6 === 5 ? 'V' : 'N',
  subtype: 0,
  channel: 0,
  num: 0,
  aux: '',
}));

describe('scripts/slopes.ts', () => {
  test('prints a row per lead and kind of beat, and writes a CSV row per beat and lead', async () => {
    const file = join(folder, 'slopes.csv');
    const { status, stdout, stderr } = await run('made', '--out', file);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain('made: 24 beats, annotations made.atr');
    expect(stdout).toContain('dV/dt sg:16ms:4 at 500 Hz');
    expect(stdout).toMatch(/^I +N +20 /m);
    expect(stdout).toMatch(/^I +V +4 /m);
    expect(stdout).toMatch(/^V1 +N +20 /m);
    expect(stdout).not.toContain('ABP');
    expect(stdout.trim().split('\n').at(-1)).toBe('Research use only, not for diagnosis.');
    const { data } = Papa.parse<Record<string, string>>(readFileSync(file, 'utf8'), {
      header: true,
      skipEmptyLines: true,
    });
    expect(data).toHaveLength(48);
    expect(data[0]).toMatchObject({ lead: 'I', symbol: 'N', sample: '350', polarity: 'upright' });
    expect(data[47]).toMatchObject({ lead: 'V1', symbol: 'V', polarity: 'inverted', rr_after_s: '' });
    expect(Number(data[3]!.upstroke_slope_mV_per_s)).toBeGreaterThan(50);
  });

  test('--json holds the same for machines; the lead, the window of time, scheme and line window can be chosen', async () => {
    const words = 'made --lead V1 --from 5 --to 15 --scheme sg:12ms:2 --window-ms 20 --json'.split(' ');
    const result = JSON.parse((await run(...words)).stdout);
    expect(result).toMatchObject({ record: 'made', start: 2500, length: 5000 });
    expect(result.leads).toHaveLength(1);
    expect(result.leads[0].lead).toBe('V1');
    expect(result.leads[0].provenance).toMatchObject({
      scheme: 'sg:12ms:2',
      windowMs: 20,
      windowSamples: 11,
    });
    expect(result.leads[0].beats).toHaveLength(at.filter(t => t >= 5 && t < 15).length);
  });

  test('--good-only leaves out beats of bad signal, which are told apart without it', async () => {
    const all = JSON.parse((await run('noisy', '--lead', 'I', '--annotator', 'atr', '--json')).stdout)
      .leads[0];
    expect(all.beats).toHaveLength(at.length);
    const good = all.beats.filter((beat: { quality: { good: boolean } }) => beat.quality.good);
    for (const { rPeak, quality } of all.beats) {
      expect(quality.flags.includes('noisy')).toBe(rPeak > 10 * 500);
    }
    expect(all.windows.map(({ good }: { good: boolean }) => good)).toEqual([true, false]);
    const file = join(folder, 'good.csv');
    const words = ['noisy', '--lead', 'I', '--annotator', 'atr', '--good-only', '--out', file];
    const { stdout } = await run(...words);
    expect(stdout).toContain('beats with invalid, flat, clipped or noisy signal excluded');
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1 + good.length);
    const left = JSON.parse((await run(...words, '--overwrite', '--json')).stdout).leads[0];
    expect(left.beats).toEqual(good);
    expect(left.summary[0].beats).toBeLessThan(all.summary[0].beats);
  });

  test('without annotations the beats are detected, and the output says so', async () => {
    const annotated = JSON.parse((await run('made', '--json')).stdout);
    const detected = JSON.parse((await run('made', '--detect', '--json')).stdout);
    expect(detected.beatsFrom).toBe('detected on I, V1');
    expect(Math.abs(detected.leads[0].beats.length - annotated.leads[0].beats.length)).toBeLessThanOrEqual(1);
    expect(detected.leads[0].summary[0].upstroke.median).toBeCloseTo(
      annotated.leads[0].summary[0].upstroke.median,
      0,
    );
  });

  test.each<[string[], number, string]>([
    [[], 2, 'slopes takes RECORD'],
    [['made', '--scheme', 'cubic'], 2, "no derivative scheme 'cubic'"],
    [['made', '--window-ms', 'x'], 2, "--window-ms takes a number, not 'x'"],
    [['made', '--window-ms', '-1'], 2, '--window-ms'],
    [['made', '--detect', '--annotator', 'atr'], 2, 'exclude each other'],
    [['made', '--annotator', 'qrs'], 1, 'made.qrs'],
    [['absent'], 1, 'absent.hea'],
    [['pressure'], 1, 'no lead in volts: ABP in mmHg'],
    [['made', '--from', '0', '--to', '0.3'], 1, 'has no beats'],
    [['made', '--scheme', 'sg:1ms:2'], 1, 'window of more than 2 samples'],
  ])('%j ends with %i', async (words, code, message) => {
    const { status, stdout, stderr } = await run(...words);
    expect(status).toBe(code);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(message);
  });
});

describe('filters', () => {
  test('are named in every row, and their effect on slopes is reported', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'filtered-'));
    const out = join(folder, 'slopes.csv');
    const { status, stdout } = await runWords(
      [
        'slopes',
        'synth/s01',
        '--high-cut',
        '40',
        '--low-cut',
        '0.5',
        '--notch',
        '50',
        '--baseline',
        '--out',
        out,
      ],
      { WFDB: 'samples' },
    );
    const { data } = Papa.parse<Record<string, string>>(readFileSync(out, 'utf8'), {
      header: true,
      skipEmptyLines: true,
    });
    rmSync(folder, { recursive: true });
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^note: filtered \(baseline removed, 0.5–40 Hz, notches at 50 Hz and harmonics\): .* % less steep/m,
    );
    for (const row of data) {
      expect(row).toMatchObject({
        low_cut_Hz: '0.5',
        high_cut_Hz: '40',
        notch_Hz: '50',
        baseline_removed: 'true',
      });
    }
  });
  test('none is applied unless asked for, and a band that is none is refused', async () => {
    const { stdout } = await runWords(['slopes', 'synth/s01', '--json'], { WFDB: 'samples' });
    expect(JSON.parse(stdout).leads[0].provenance.band).toEqual({});
    const { status, stderr } = await runWords(
      ['slopes', 'synth/s01', '--low-cut', '40', '--high-cut', '0.5'],
      { WFDB: 'samples' },
    );
    expect(status).toBe(2);
    expect(stderr).toContain('must be below');
  });
});

test('--uncertainty adds standard errors and biases to every row and to the text', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'uncertain-'));
  const out = join(folder, 'slopes.csv');
  const { status, stdout } = await runWords(['slopes', 'mitdb-208-excerpt', '--uncertainty', '--out', out], {
    WFDB: 'samples',
  });
  const { data } = Papa.parse<Record<string, string>>(readFileSync(out, 'utf8'), {
    header: true,
    skipEmptyLines: true,
  });
  rmSync(folder, { recursive: true });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^MLII +± [\d.]+ \([+−][\d.]+\)/m);
  const measured = data.filter(row => row.upstroke_slope_mV_per_s !== '');
  expect(measured.length).toBeGreaterThan(400);
  for (const row of measured) {
    expect(Number(row.upstroke_slope_mV_per_s_se)).toBeGreaterThan(0);
    expect(Number(row.qrs_duration_s_se)).toBeGreaterThan(0);
  }
  expect(Object.keys(data[0]!)).toContain('rr_before_s_bias');
});

test('--indices compares each kind of beat with the most frequent one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'relative-'));
  const out = join(folder, 'slopes.csv');
  const { stdout } = await runWords(['slopes', 'synth/s03', '--indices', '--out', out], { WFDB: 'samples' });
  const { data } = Papa.parse<Record<string, string>>(readFileSync(out, 'utf8'), {
    header: true,
    skipEmptyLines: true,
  });
  rmSync(folder, { recursive: true });
  const table = stdout.slice(stdout.indexOf("relative to the record's usual beat of type N"));
  const cells = (type: string) => table.match(new RegExp(`^${type} .*$`, 'm'))![0].split(/ {2,}/);
  const heading = cells('type');
  const column = heading.indexOf('slope-energy width');
  const middle = (type: string): number => {
    const widths = data
      .filter(row => row.symbol === type && row.slope_energy_width_s !== '')
      .map(row => Number(row.slope_energy_width_s))
      .sort((a, b) => a - b);
    const half = widths.length >> 1;
    return widths.length % 2 === 1 ? widths[half]! : (widths[half - 1]! + widths[half]!) / 2;
  };
  expect(cells('N')[column]).toMatch(/^1\.00 \[0\.\d\d 1\.\d\d\]$/);
  expect(Number.parseFloat(cells('V')[column]!)).toBeCloseTo(middle('V') / middle('N'), 1);
  expect(heading).not.toContain('notches');
});

test('--indices adds the QRS indices to every row, per lead and over the leads', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'indices-'));
  const out = join(folder, 'slopes.csv');
  const { status, stdout } = await runWords(['slopes', 'synth/twelve', '--indices', '--out', out], {
    WFDB: 'samples',
  });
  const { data } = Papa.parse<Record<string, string>>(readFileSync(out, 'utf8'), {
    header: true,
    skipEmptyLines: true,
  });
  rmSync(folder, { recursive: true });
  expect(status).toBe(0);
  const table = stdout.slice(stdout.indexOf('QRS indices'));
  expect(table).toMatch(/^lead +IUS mV\/s +IDS mV\/s +ITS mV\/s +vi\/vt +notches/m);
  expect(table.match(/^(I|II|III|aV[RLF]|V[1-6]) +/gm)).toHaveLength(12);
  expect(table).toMatch(/^mean +\d+/m);
  const inV5 = data.filter(row => row.lead === 'V5' && row.ius_mV_per_s !== '');
  expect(inV5.length).toBeGreaterThan(5);
  for (const row of inV5) {
    expect(Number(row.ius_mV_per_s)).toBeGreaterThan(0);
    expect(Number(row.slope_energy_width_s)).toBeGreaterThan(0.01);
    expect(Number(row.r_sample)).toBeGreaterThanOrEqual(Number(row.qrs_onset_sample));
  }
});
