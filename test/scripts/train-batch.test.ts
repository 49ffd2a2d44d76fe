/** `train --data`: the same model however many files the rows are in, and what it says of bad calls. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { featureColumn } from '../../src/analysis/batch/feature-measure.ts';
import { readBeatDataset } from '../../src/analysis/dataset.ts';
import { beatFeatureNames } from '../../src/beat/features/beat-features.ts';
import { aamiClass, aamiClasses } from '../../src/learn/protocol.ts';
import { recordNames } from '../../src/learn/record-name.ts';
import { openParquetRows } from '../../src/node/batch/parquet-rows.ts';
import { fileSource } from '../../src/node/files.ts';
import { run } from './run-command.ts';
import { runBatch } from './same-process-batch.ts';

const samples = resolve(import.meta.dirname, '../../samples');
const folder = mkdtempSync(join(tmpdir(), 'train-batch-'));
const place = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  mkdirSync(place('synth'));
  for (const name of readdirSync(join(samples, 'synth'))) {
    if (/^s(0\d|10)\.(hea|dat|atr)$/.test(name)) cpSync(join(samples, 'synth', name), place(`synth/${name}`));
  }
  for (const perFile of ['1', '5', '32']) {
    // Another partition of a result measures nothing again, as batch.test.ts checks.
    if (perFile !== '1') cpSync(place('1'), place(perFile), { recursive: true });
    const words = [place('synth'), '--dir', place(perFile), '--records-per-file', perFile];
    expect((await runBatch([...words, '--measure', 'features'])).status).toBe(0);
  }
}, 120_000);

const train = (data: string, out: string, ...more: string[]) =>
  run([
    ...['train', '--data', place(data), '--db', 'synth', '--train', 'all', '--test', 's09,s10'],
    ...['--kind', 'softmax', '--epochs', '2', '--out', place(out), ...more],
  ]);

const rowsOf = (data: string, blockRows: number) =>
  openParquetRows(place(data), {
    columns: beatFeatureNames.map(({ name }) => featureColumn(name)),
    features: beatFeatureNames,
    classes: aamiClasses,
    classOf({ lead, symbol }) {
      const name = lead === 'MLII' ? aamiClass(symbol) : undefined;
      return name === undefined ? undefined : aamiClasses.indexOf(name);
    },
    seed: 1,
    blockRows,
  });

test('the rows are those that are read from the records themselves, in single precision', async () => {
  const rows = await rowsOf('5', 100);
  try {
    const groups = rows.groups();
    const names = [...new Set(groups)];
    const direct = await readBeatDataset(fileSource([samples]), recordNames(names.join(',')), {
      lead: 'MLII',
    });
    expect(groups).toEqual(direct.groups);
    expect([...rows.labels]).toEqual([...direct.labels]);
    expect(Float32Array.from(await rows.readAll())).toEqual(Float32Array.from(direct.x.data));
  } finally {
    await rows.close();
  }
});

test('an epoch has every row once, in an order of its own', async () => {
  const rows = await rowsOf('1', 100);
  try {
    const first = async (epoch: number): Promise<number[]> => {
      const values: number[] = [];
      for await (const { x } of rows.dataset.batches(epoch)) {
        for (let at = 0; at < x.length; at += beatFeatureNames.length) values.push(x[at]!);
      }
      return values;
    };
    const [one, again, two] = [await first(1), await first(1), await first(2)];
    expect(again).toEqual(one);
    expect(two).not.toEqual(one);
    expect(two.sort()).toEqual(one.sort());
    expect(one).toHaveLength(rows.labels.length);
  } finally {
    await rows.close();
  }
});

test('one file or many: the same model to the byte, and no test patient in it', async () => {
  for (const data of ['1', '5', '32']) expect((await train(data, `${data}.json`)).status).toBe(0);
  const model = readFileSync(place('1.json'), 'utf8');
  expect(readFileSync(place('5.json'), 'utf8')).toBe(model);
  expect(readFileSync(place('32.json'), 'utf8')).toBe(model);
  const { trainedOn } = JSON.parse(model).training;
  expect(trainedOn).toContain('synth/s01');
  expect(trainedOn.filter((name: string) => /s09|s10/.test(name))).toEqual([]);
});

test('worker threads: one gives the model of none, two the same model each time', async () => {
  for (const [name, ...workers] of [['none'], ['one', '--workers', '1'], ['two', '--workers', '2']]) {
    expect((await train('5', `${name}.json`, ...workers)).status).toBe(0);
  }
  expect((await train('5', 'again.json', '--workers', '2')).status).toBe(0);
  const text = (name: string): string => readFileSync(place(`${name}.json`), 'utf8');
  expect(text('one')).toBe(text('none'));
  expect(text('again')).toBe(text('two'));
  const words = [
    'train',
    '--db',
    'synth',
    '--train',
    's01,s02',
    '--test',
    's09',
    '--epochs',
    '2',
    '--overwrite',
  ];
  const records = async (...workers: string[]): Promise<string> => {
    const call = [...words, '--out', place('records.json'), ...workers];
    expect((await run(call, { WFDB: samples })).status).toBe(0);
    return text('records');
  };
  const alone = await records();
  expect(await records('--workers', '1')).toBe(alone);
  const two = await records('--workers', '2');
  expect(await records('--workers', '2')).toBe(two);
  expect((await train('5', 'never.json', '--workers', '0')).stderr).toMatch(/--workers/);
});

test('--features chooses the features', async () => {
  const { status, stdout } = await train('5', 'own.json', '--features', 'rr_before_s,rr_after_s', '--json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout).rows).toBeGreaterThan(100);
  expect(JSON.parse(readFileSync(place('own.json'), 'utf8')).features).toHaveLength(2);
});

test('impossible requests end with an error of one line', async () => {
  const missing = await train('5', 'never.json', '--features', 'no_such_column');
  expect(missing.stderr).toMatch(/^error: .*has no column no_such_column\n$/);
  const nothing = await run(['train', '--data', folder, '--out', place('never.json')]);
  expect(nothing.stderr).toMatch(/^error: .*contains no result of a batch\n$/);
  const overlap = await train('5', 'never.json', '--validate', 's09');
  expect(overlap.stderr).toMatch(/--validate names patients of the test set: synth\/s09/);
  expect(overlap.status).toBe(2);
  expect((await train('5', 'never.json', '--patience', '2')).stderr).toMatch(/--patience needs --validate/);
});

test('records that the result does not have: what it has is said, and nothing is written', async () => {
  for (const [option, ...words] of [
    ['--test', '--test', 'DS2'],
    ['--test', '--test', 'q/999'],
    ['--train', '--train', '207', '--test', 's09'],
    ['--validate', '--validate', 'q/999', '--test', 's09'],
    ['--test', '--db', 'mitdb'],
  ]) {
    const { status, stderr } = await train('5', 'never.json', ...words);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      new RegExp(
        `^error: .* has none of the records that ${option} chooses: it has synth/s01, .* and \\d+ others; --db names`,
      ),
    );
    expect(existsSync(place('never.json'))).toBe(false);
  }
});

test('a result whose files are not those of its manifest is refused', async () => {
  const part = 'beats/database=synth/part-00003.parquet';
  const changed = async (change: (path: string) => void): Promise<string> => {
    rmSync(place('changed'), { recursive: true, force: true });
    cpSync(place('1'), place('changed'), { recursive: true });
    change(place(`changed/${part}`));
    const { status, stderr } = await train('changed', 'never.json');
    expect(status).toBe(1);
    expect(existsSync(place('never.json'))).toBe(false);
    return stderr;
  };
  expect(await changed(path => rmSync(path))).toContain(`${part} of manifest.json is missing`);
  expect(await changed(path => writeFileSync(path, ''))).toContain(`${part} has 0 bytes`);
  const another = (path: string): void => cpSync(path, path.replace('00003', '00010'));
  expect(await changed(another)).toContain('does not list beats/database=synth/part-00010.parquet');
  const damage = (path: string): void => {
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(path, bytes);
  };
  expect(await changed(damage)).toContain(`${part} is damaged`);
  const shards = await changed(() => rmSync(place('changed/manifest.json')));
  expect(shards).toContain('contains no completed result of a batch');
});

test('validation records are not learned from, and end the training', async () => {
  const words = ['--validate', 's08', '--patience', '1', '--lr', '0.3', '--epochs', '60', '--json'];
  const { status, stdout, stderr } = await train('5', 'validated.json', ...words);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { training, validationLosses } = JSON.parse(stdout);
  expect(training.trainedOn).toContain('synth/s07');
  expect(training.trainedOn.filter((name: string) => /s08|s09|s10/.test(name))).toEqual([]);
  expect(validationLosses.length).toBeLessThan(61);
  expect(validationLosses.at(-1)).toBeGreaterThanOrEqual(Math.min(...validationLosses));
});
