/** Files as people have them, through the commands: what each holds, what is assumed, what is said of its damage. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { afterAll, describe, expect, test } from 'vitest';
import { fileSource } from '../../src/node/files.ts';
import { readAnnotations } from '../../src/wfdb/annotations/annotation-file.ts';
import { readEdfAnnotations } from '../../src/wfdb/edf/annotations.ts';
import { readEdf } from '../../src/wfdb/edf/read-edf.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { run } from './run-command.ts';

const tables = join(import.meta.dirname, '../wfdb/csv/fixtures');
const others = join(import.meta.dirname, '../wfdb/fixtures');
const out = mkdtempSync(join(tmpdir(), 'files-as-found-'));
afterAll(() => rmSync(out, { recursive: true }));

const pathOf = (file: string): string =>
  existsSync(join(others, file)) || !file.endsWith('.csv') ? join(others, file) : join(tables, file);

interface Found {
  readonly container: string;
  readonly assumed: boolean;
  readonly warnings: readonly string[];
  readonly samplingFrequency: number;
  readonly length: number;
  readonly signals: readonly {
    readonly name: string;
    readonly units: string;
    readonly least: number | null;
    readonly most: number | null;
    readonly invalid: number;
  }[];
  readonly annotations: Readonly<Record<string, number>>;
}

async function record(file: string, ...words: string[]): Promise<Found> {
  const { status, stdout, stderr } = await run(['record', pathOf(file), '--json', ...words]);
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

/** Container, Hz, samples, whether something is assumed, and each signal's name, unit, range and invalid samples. */
const wholeFiles: [string, string[], string, number, number, boolean, string[]][] = [
  ['apple-comma.csv', [], 'table', 512, 4, false, ['Lead I µV -271.819 12 0']],
  ['apple-german.csv', [], 'table', 511.562, 3, false, ['Ableitung I µV -217.333 -180.596 0']],
  ['microvolts.csv', [], 'table', 250, 2, false, ['ecg uV -5.25 123.456 0']],
  ['psl.csv', [], 'table', 130, 3, false, ['ecg uV -45 -38 0']],
  ['clock-other-name.csv', [], 'table', 250, 3, false, ['ecg uV -45 -38 0']],
  ['zeit.csv', [], 'table', 250, 3, true, ['EKG mV 0.1 0.3 0']],
  [
    'ecglogger-ns.csv',
    [],
    'table',
    130,
    3,
    true,
    ['ecg mV -0.225 -0.19 0', 'hr bpm 75 75 2', 'rr NU 800 800 2'],
  ],
  ['us-date.csv', [], 'table', 250, 2, true, ['ECG mV 0.1 0.2 0']],
  ['text-column.csv', [], 'table', 250, 3, true, ['ecg mV 0.1 0.3 0']],
  ['excel-tail.csv', [], 'table', 250, 3, true, ['ecg mV 0.1 0.3 0']],
  ['gap.csv', ['--gaps', 'nan', '--units', 'uV'], 'table', 250, 104, false, []],
  ['chapman.csv', ['--frequency', '500', '--units', 'uV'], 'table', 500, 3, false, []],
  ['chapman.csv', ['--frequency', '500'], 'table', 500, 3, true, []],
  [
    'one-line.csv',
    ['--transpose', '--frequency', '360', '--gain', '100', '--units', 'mV'],
    'table',
    360,
    8,
    false,
    [],
  ],
  ['uv.csv', [], 'table', 500, 3000, false, ['ECG uV -365 1255 0']],
  ['uv_decimals.csv', [], 'table', 500, 3000, false, ['ECG uV -364.5 1255.5 0']],
  ['decimal_comma.csv', [], 'table', 500, 3000, true, ['EKG II mV -0.365 1.255 0']],
  ['ja.csv', [], 'table', 500, 3000, false, ['第II誘導 mV -0.365 1.255 0']],
  ['ok.edf', [], 'EDF', 250, 2500, false, ['ECG uV 0 1000 0']],
  ['noplus.edf', [], 'EDF', 250, 2500, false, ['ECG uV 0 1000 0']],
  ['ucddb018.rec', [], 'EDF', 250, 2500, false, ['ECG uV 0 1000 0']],
  ['b.bdf', [], 'BDF', 250, 2500, false, []],
  ['dm-half.edf', [], 'EDF', 250, 2500, false, []],
  ['micro-volt.edf', [], 'EDF', 250, 1000, false, ['ECG I µV -99.9 99.9 0', 'ECG II µV -99.9 99.9 0']],
  ['mit2edf-invalid.edf', [], 'EDF', 360, 14400, false, ['col 0 mV 4.425 6.17 3700']],
  ['short.edf', ['--lenient'], 'EDF', 250, 2250, false, ['ECG uV 0 1000 0']],
  ['tal-nosign.edf', [], 'EDF', 250, 2500, false, []],
  ['tal-spaces.edf', [], 'EDF', 250, 2500, false, []],
  ['hyp.edf', [], 'EDF', 1000, 0, false, []],
  ['trunc', ['--lenient'], 'WFDB', 250, 30000, false, ['ECG mV 0 1 27000']],
  ['f2o01', ['--lenient'], 'WFDB', 250, 3001, false, ['RESP mV 0 1 1', 'ECG mV 0 1 1']],
  ['f310_1_4_u', [], 'WFDB', 250, 4, false, []],
  ['00001_medians.hea', [], 'WFDB', 250, 3000, false, ['I mV 0 1 0']],
  ['00735', [], 'WFDB', 250, 9205760, false, []],
  ['ann', [], 'WFDB', 128, 0, false, []],
  ['x01', [], 'WFDB', 100, 3000, true, []],
];

test.each(wholeFiles)('record %s %j', async (file, words, container, frequency, length, assumed, signals) => {
  const found = await record(file, ...words);
  expect([found.container, found.samplingFrequency, found.length, found.assumed]).toEqual([
    container,
    frequency,
    length,
    assumed,
  ]);
  const shown = found.signals.map(
    ({ name, units, least, most, invalid }) => `${name} ${units} ${least} ${most} ${invalid}`,
  );
  if (signals.length > 0) expect(shown).toEqual(signals);
  // What is assumed is said in words too.
  expect(found.warnings.some(text => /^signal .* assumed/.test(text))).toBe(assumed);
});

test.each([
  ['noplus.edf', { '"': 10 }],
  ['hyp.edf', { '"': 2 }],
  ['tal-nosign.edf', { '"': 10 }],
  ['tal-spaces.edf', {}],
  ['ann', { N: 14 }],
])('annotations of %s', async (file, annotations) => {
  expect((await record(file)).annotations).toEqual(annotations);
});

test.each([
  ['x01', ['--annotator', 'noe'], 1, /x01\.noe, byte 28: .* end mark/],
  ['x01', ['--annotator', 'emp'], 1, /x01\.emp, byte 0: .* end mark/],
  ['short.edf', ['--lenient'], 2, /byte 5412: .*1 data records missing/],
  ['tal-nosign.edf', [], 10, /byte 1273: .*9 bytes of annotations/],
  ['tal-spaces.edf', [], 10, /byte 1273: .*55 bytes of annotations/],
  ['mit2edf-invalid.edf', [], 1, /3700 samples read as invalid/],
  ['trunc', ['--lenient'], 2, /byte 6000: .*54000 bytes missing/],
  ['psl.csv', [], 1, /sensor timestamp, Phone timestamp left out/],
  ['apple-german.csv', [], 1, /10 lines above the table were/],
  ['text-column.csv', [], 2, /mV was assumed/],
])('%s %j: every loss is said on stderr and in JSON', async (file, words, count, first) => {
  const { stderr } = await run(['record', pathOf(file), ...words]);
  const lines = stderr.trim().split('\n');
  expect(lines).toHaveLength(count);
  for (const line of lines) expect(line).toMatch(/^warning: /);
  expect(lines[0]).toMatch(first);
  const { warnings } = await record(file, ...words);
  for (const line of lines) expect(warnings).toContain(line.replace(/^warning: /, ''));
});

test.each([
  ['gap.csv', /line 4: .*--gaps nan/],
  ['chapman.csv', /sampling frequency in Hz must be given \(samplingFrequency, --frequency\)/],
  ['one-line.csv', /--transpose/],
  ['short.edf', /byte 5012: .*read up to 9 s; option lenient, --lenient/],
  ['trunc', /byte 6000: .*read up to sample 3000; option lenient, --lenient/],
  ['f2o01', /byte 9000: .*option lenient, --lenient/],
  ['x01.dat', /found a signal file \(the record is x01: its header, x01\.hea/],
  ['x01.noe', /found WFDB annotations \(the record is x01; its annotations there: --annotator noe/],
])('%s is refused with the way on', async (file, message) => {
  for (const command of ['record', 'slopes']) {
    const { status, stderr } = await run([command, pathOf(file)]);
    expect([status, stderr.trim().split('\n').length]).toEqual([1, 1]);
    expect(stderr).toMatch(message);
  }
});

describe('slopes', () => {
  const slopes = async (path: string, ...words: string[]) => {
    const { status, stdout, stderr } = await run(['slopes', path, '--json', ...words]);
    expect(status, stderr).toBe(0);
    return JSON.parse(stdout);
  };

  test.each([
    [`${others}/uv.csv`, [], 73, false],
    [`${others}/uv_decimals.csv`, [], 73, false],
    [`${others}/ja.csv`, [], 73, false],
    [`${others}/decimal_comma.csv`, [], 73, true],
    [`${others}/ok.edf`, [], 71, false],
    [`${others}/noplus.edf`, [], 71, false],
    [`${others}/tal-nosign.edf`, [], 71, false],
    [`${others}/ucddb018.rec`, [], 71, false],
    [`${others}/short.edf`, ['--lenient'], 71, false],
    [`${others}/00001_medians.hea`, [], 71, false],
    [`${others}/trunc`, ['--lenient'], 71, false],
  ])('%s %j', async (path, words, upstroke, assumed) => {
    const found = await slopes(path, ...words);
    expect(found.leads[0].summary[0].upstroke.median).toBeCloseTo(upstroke, -0.5);
    expect(found.leads[0].provenance.assumed).toBe(assumed);
    expect(found.leads[0].notes.length > 0).toBe(assumed);
  });

  test('a window of a cut-off file needs no option', async () => {
    expect((await slopes(`${others}/short.edf`, '--to', '9')).length).toBe(2250);
  });
});

describe('convert and detect', () => {
  const source = fileSource([out]);

  test('to WFDB: signals, annotations and durations that have no place', async () => {
    const hypnogram = await run(['convert', `${others}/hyp.edf`, '--file-format', 'wfdb', '--dir', out]);
    expect(hypnogram.stderr).toMatch(/durations of \d annotations are left out/);
    const stages = await readEdfAnnotations(fileSource([others]), 'hyp.edf');
    const marks = await readAnnotations(source, 'hyp', 'atr');
    expect(marks.map(({ sample, aux }) => [sample / 1000, aux])).toEqual(
      stages.map(({ onset, text }) => [onset, text]),
    );
    await run(['convert', `${others}/micro-volt.edf`, '--file-format', 'wfdb', '--dir', out]);
    const { signals } = await readRecord(source, 'micro-volt');
    expect(signals.map(({ units }) => units)).toEqual(['uV', 'uV']);
    await run(['convert', `${tables}/apple-comma.csv`, '--file-format', 'wfdb', '--dir', out]);
    const watch = await readRecord(source, 'apple-comma');
    expect([watch.signals[0]!.units, watch.samplingFrequency, watch.comments]).toEqual(['uV', 512, []]);
  });

  test('to EDF+ and at another frequency, annotations with it', async () => {
    const words = ['--file-format', 'edf', '--frequency-out', '499.31', '--dir', out, '--name', 'moved'];
    expect(await run(['convert', `${others}/noplus.edf`, ...words])).toMatchObject({ status: 0, stderr: '' });
    const { samplingFrequency, signals } = await readEdf(source, 'moved.edf');
    expect(samplingFrequency).toBeCloseTo(499.31, 6);
    expect(signals[0]!.physical.length).toBeGreaterThanOrEqual(Math.floor((2499 * 499.31) / 250) + 1);
    const before = await readEdfAnnotations(fileSource([others]), 'noplus.edf');
    const after = (await readEdfAnnotations(source, 'moved.edf')).filter(
      ({ text }) => text !== 'Recording ends',
    );
    expect(after.map(({ text }) => text)).toEqual(before.map(({ text }) => text));
    for (const [k, { onset }] of after.entries()) {
      expect(Math.abs(onset - before[k]!.onset)).toBeLessThanOrEqual(0.5001 / 499.31);
    }
  });

  test('of records without signals: annotations alone, and an end', async () => {
    const { stdout } = await run(['convert', `${others}/ann`, '--file-format', 'csv', '--dir', out]);
    expect(stdout.trim()).toBe(`${out}/ann.atr.csv`);
    const nothing = await run(['convert', `${others}/00735`, '--file-format', 'csv', '--dir', out]);
    expect(nothing).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('neither signals nor annotations'),
    });
  });

  test.each([
    ['x01', true],
    ['twelve', false],
  ])('intervals and hrv say whether %s has an assumed gain', async (name, assumed) => {
    const path = assumed ? `${others}/x01` : 'samples/synth/twelve';
    const table = join(out, `waves-${name}.csv`);
    const json = JSON.parse((await run(['intervals', path, '--detect', '--json', '--out', table])).stdout);
    expect(json.assumed).toBe(assumed);
    for (const lead of json.median.leads) expect(lead.assumed).toBe(assumed);
    const { data } = Papa.parse<Record<string, string>>(readFileSync(table, 'utf8').trim(), { header: true });
    expect(new Set(data.map(row => row.voltage_assumed))).toEqual(new Set([String(assumed)]));
    const { stdout } = await run(['intervals', path, '--detect']);
    expect(/mV from the level before QRS, at an assumed unit or gain/.test(stdout)).toBe(assumed);
    const hrv = JSON.parse((await run(['hrv', path, '--detect', '--json'])).stdout);
    expect(hrv.assumed).toBe(assumed);
    expect(hrv.notes.some((note: string) => note.includes('assumed'))).toBe(assumed);
  });

  test('detect says what is assumed', async () => {
    const { stdout } = await run(['detect', `${others}/x01`, '--dir', out, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      assumed: true,
      warnings: [],
      notes: expect.arrayContaining([expect.stringContaining('assumed')]),
    });
    expect((await readAnnotations(source, 'x01', 'qrs')).length).toBe(15);
  });
});
