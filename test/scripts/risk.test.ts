/** `risk`: what it prints and writes, and what it refuses. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { samplesFolder } from '../../src/node/samples-folder.ts';
import { run as runWords } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'risk-'));
afterAll(() => rmSync(folder, { recursive: true }));

const table = join(samplesFolder, 'heart_failure_clinical_records_dataset.csv');
const run = (...words: string[]) => runWords(['risk', ...words]);
const written = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

describe('on the heart-failure table', () => {
  test('figures, what is left out and why, and one patient, as JSON', async () => {
    const { status, stdout } = await run(
      ...[table, '--target', 'DEATH_EVENT', '--patient', '1', '--kind', 'logistic', '--json'],
    );
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect([report.rows, report.patients, report.events]).toEqual([299, 299, 96]);
    expect(report.leftOut[0].column).toBe('time');
    const [{ validation, patient }] = report.models;
    expect(validation.auroc.value).toBeGreaterThan(0.74);
    expect(validation.auroc.value).toBeLessThan(0.8);
    expect(validation.auroc.low).toBeLessThan(validation.auroc.value);
    expect(validation.bins).toHaveLength(5);
    expect(patient.derivatives).toHaveLength(11);
    expect(patient.heldFixed).toEqual(expect.arrayContaining(['age', 'sex']));
    expect(patient.crossing.steps[0].values).toHaveLength(11);
    expect(report.notice).toMatch(/research use only/i);
  });
  test('the text output has the same figures and the research notice', async () => {
    const { status, stdout } = await run(
      ...[table, '--target', 'DEATH_EVENT', '--patient', '2', '--kind', 'logistic', '--folds', '2'],
      ...['--threshold', '0.3', '--fixed', 'age,sex,smoking'],
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/left out: time: follow-up time is known only afterwards/);
    expect(stdout).toMatch(/held fixed: age, sex, smoking/);
    expect(stdout).toMatch(/smallest change across 30\.0 %/);
    expect(stdout).toMatch(/step 1: predicted/);
    expect(stdout).toMatch(/Research use only, not for diagnosis/);
  });
  test('with follow-up time, which leaks the outcome, the AUROC is much higher', async () => {
    const words = [table, '--target', 'DEATH_EVENT', '--kind', 'logistic', '--json', '--include', 'time'];
    const { models, notes } = JSON.parse((await run(...words)).stdout);
    expect(models[0].validation.auroc.value).toBeGreaterThan(0.84);
    expect(notes.join()).toMatch(/time is used as requested/);
  });
});

describe('columns from the ECG', () => {
  const rows = Array.from({ length: 60 }, (_, k) => k);
  const clinical = written(
    'clinical.csv',
    `patient_id,age,dead\n${rows.map(k => `p${k},${40 + ((k * 7) % 45)},${Number((k * 7) % 45 > 25 !== (k % 4 === 0))}`).join('\n')}\n`,
  );
  const ecg = (of: readonly number[]): string =>
    written(
      'ecg.csv',
      `patient_id,upstroke (mV/s)\n${of.map(k => `p${k},${50 + ((k * 13) % 60)}`).join('\n')}\n`,
    );
  const words = ['--target', 'dead', '--kind', 'logistic', '--folds', '2', '--patient', 'p3', '--json'];
  test('join by patient, and a row without one is said', async () => {
    const { stdout, status } = await run(clinical, '--ecg', ecg(rows.slice(1)), ...words);
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.covariates).toEqual(['age', 'upstroke']);
    expect(report.patient).toBe('p3');
    expect(report.notes.join()).toMatch(/1 row has no patient in .*ecg\.csv/);
  });
  test.each([
    ['a patient twice', () => ecg([0, 1, 1]), /line 4: expected one row a patient, found 'p1' again/],
    ['no patient in common', () => ecg([900, 901]), /expected patients of .*clinical\.csv/],
    ['a column twice', () => written('x.csv', 'patient_id,age\np1,2\n'), /found age/],
    ['no such column', () => written('y.csv', 'id,slope\np1,2\n'), /expected a column patient_id/],
  ])('%s is refused', async (_, file, message) => {
    const { status, stderr } = await run(clinical, '--ecg', file(), ...words);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
  });
});

describe('invalid input', () => {
  test.each([
    ['a column that is not there', ['--target', 'death'], 1, /expected a column death, found age/],
    ['an outcome of many values', ['--target', 'age'], 1, /has 47 values, not two/],
    [
      'a patient that is not there',
      ['--target', 'DEATH_EVENT', '--patient', '300'],
      1,
      /there is no patient '300'/,
    ],
    ['no target', [], 2, /risk needs --target COLUMN/],
    ['a threshold of 2', ['--target', 'DEATH_EVENT', '--threshold', '2'], 2, /--threshold takes a number/],
    ['--id alone', ['--target', 'DEATH_EVENT', '--id', 'x'], 2, /--id needs --ecg/],
    ['an unknown file', ['nowhere.csv', '--target', 'x'], 2, /takes TABLE/],
  ] as const)('%s ends with %#', async (_, words, status, message) => {
    const outcome = await run(table, ...words);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.status).toBe(status);
  });
  test('a file that is not there ends with 1, and one that is there is not replaced', async () => {
    expect((await run(join(folder, 'nowhere.csv'), '--target', 'x')).status).toBe(1);
    const there = written('there.html', 'mine');
    const { status, stderr } = await run(table, '--target', 'DEATH_EVENT', '--out', there);
    expect(status).toBe(1);
    expect(stderr).toMatch(/already exists/);
    expect(readFileSync(there, 'utf8')).toBe('mine');
  });
});
