/** Train, evaluate, explain and report as a person runs them, on the synthetic patients in `samples/`. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run as runWords } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'upstroke-'));
const model = join(folder, 'model.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (script: string, ...args: string[]) => runWords([script, ...args], { WFDB: 'samples' });
const json = async (script: string, ...args: string[]) => {
  const { status, stdout, stderr } = await run(script, ...args, '--json');
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return JSON.parse(stdout);
};
const synthetic = ['--db', 'synth', '--train', 's01,s02,s03,s04,s05,s06', '--test', 's11,s12'];

let trained: Awaited<ReturnType<typeof json>>;
beforeAll(async () => {
  trained = await json('train', ...synthetic, '--out', model);
});

describe('train', () => {
  test('learns from some patients and is tested on others', async () => {
    expect(trained.training.trainedOn).toEqual([1, 2, 3, 4, 5, 6].map(k => `synth/s0${k}`));
    expect(trained.records.map(({ record }: { record: string }) => record)).toEqual([
      'synth/s11',
      'synth/s12',
    ]);
    // The operating point takes 4 of 40 V beats for S in a record with many S beats; the network alone takes none.
    expect(trained.classes.V.sensitivity).toBeGreaterThanOrEqual(0.9);
    expect(trained.accuracy).toBeGreaterThan(0.95);
    expect(trained.verdict.kind).not.toBe('diverged');
  });
  test('the same seed makes the same file, another seed another', async () => {
    const again = join(folder, 'again.json');
    await json('train', ...synthetic, '--out', again);
    expect(readFileSync(again, 'utf8')).toBe(readFileSync(model, 'utf8'));
    const refused = await run('train', ...synthetic, '--seed', '2', '--out', again);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('--overwrite replaces it') });
    await json('train', ...synthetic, '--seed', '2', '--out', again, '--overwrite');
    expect(readFileSync(again, 'utf8')).not.toBe(readFileSync(model, 'utf8'));
  });
  test.each(['cnn', 'stencil'])(
    'a model of the waveform (%s) is trained, kept, explained and exported',
    async kind => {
      const out = join(folder, `${kind}.json`);
      const { accuracy, classes } = await json(
        'train',
        ...synthetic,
        '--kind',
        kind,
        '--epochs',
        '60',
        '--out',
        out,
      );
      expect(accuracy).toBeGreaterThan(0.95);
      expect(classes.V.sensitivity).toBeGreaterThan(0.9);
      const explained = await json('explain', 'synth/s11', '--beat', '20', '--model', out);
      expect(explained.features.map(({ name }: { name: string }) => name)).toContain('deviation at 0.0 ms');
      expect(explained.window.gradient_1_per_mV.some((g: number) => g !== 0)).toBe(true);
      const exported = await json('export-onnx', out, '--verify', '--out', join(folder, `${kind}.onnx`));
      expect(exported.largestDifference).toBeLessThan(1e-5);
      const refused = await run(
        'train',
        '--data',
        folder,
        '--kind',
        kind,
        '--out',
        join(folder, 'none.json'),
      );
      expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('has no waveforms') });
    },
  );
  test('says in words that a learning rate diverges, keeps no model and ends with 1', async () => {
    const out = join(folder, 'diverged.json');
    const { status, stdout } = await run(
      'train',
      ...synthetic,
      ...['--kind', 'softmax', '--optimizer', 'sgd', '--lr', '1e6', '--out', out, '--json'],
    );
    const { verdict } = JSON.parse(stdout);
    expect(verdict.kind).toBe('diverged');
    expect(verdict.text).toMatch(/learning rate 1000000|1e\+?6/);
    expect(status).toBe(1);
    expect(existsSync(out)).toBe(false);
  });
  test('follows patients held back, and stops when their loss no longer falls', async () => {
    const { training, validationLosses, losses } = await json(
      'train',
      ...[
        '--db',
        'synth',
        '--train',
        's01,s02,s03,s04,s05',
        '--validate',
        's05',
        '--patience',
        '1',
        '--test',
        's11',
      ],
      ...['--epochs', '200', '--out', join(folder, 'held.json')],
    );
    expect(training.trainedOn).toEqual([1, 2, 3, 4].map(k => `synth/s0${k}`));
    expect(validationLosses).toHaveLength(losses.length - 1);
    expect(validationLosses.length).toBeLessThan(200);
  });
  test('a record in both sets is not trained on, however it is spelled', async () => {
    const { training, leftOut } = await json(
      'train',
      ...['--db', 'synth', '--train', 's01,s02,s11', '--test', './s11/', '--out', join(folder, 'left.json')],
    );
    expect(training.trainedOn).toEqual(['synth/s01', 'synth/s02']);
    expect(leftOut).toEqual(['synth/s11']);
  });
});

describe('evaluate classification', () => {
  test('finds what train found', async () => {
    const { accuracy, confusion, classes, records } = await json(
      'evaluate',
      ...['classification', '--db', 'synth', '--model', model, '--test', 's11,s12'],
    );
    expect({ accuracy, confusion, classes, records }).toEqual({
      accuracy: trained.accuracy,
      confusion: trained.confusion,
      classes: trained.classes,
      records: trained.records,
    });
    expect(Object.keys(classes)).toEqual(['N', 'S', 'V', 'F', 'Q']);
  });
  test.each(['s01,s12', './s01', 'synth/s01', 'SYNTH/s01/', '/data/synth/s01'])(
    'refuses a patient the model was trained on: %s',
    async spelling => {
      const { status, stderr } = await run(
        'evaluate',
        ...['classification', '--db', 'synth', '--model', model, '--test', spelling],
      );
      expect(status).toBe(1);
      expect(stderr).toMatch(/trained on patients of the test set: record synth\/s01/);
    },
  );
});

describe('explain', () => {
  test('gives probabilities, features sorted by influence and a gradient for each sample', async () => {
    const { classes, probabilities, features, window, target } = await json(
      'explain',
      ...['synth/s11', '--beat', '7', '--model', model],
    );
    expect(probabilities.reduce((total: number, p: number) => total + p, 0)).toBeCloseTo(1, 12);
    expect(classes).toContain(target);
    const sizes = features.map(({ perDeviation }: { perDeviation: number }) => Math.abs(perDeviation));
    expect([...sizes].sort((a, b) => b - a)).toEqual(sizes);
    expect(window.gradient_1_per_mV).toHaveLength(window.voltage_mV.length);
    expect(window.gradient_1_per_mV.some((g: number) => g !== 0)).toBe(true);
  });
  test('adds the parts through the R peak and the typical beat to the gradient, alone and together', async () => {
    const asked = ['synth/s11', '--beat', '7', '--model', model];
    const both = await json('explain', ...asked, '--through-typical-beat', '--through-r-peak');
    const { throughTypicalBeat, throughRPeak, window } = both;
    expect(throughTypicalBeat.beats).toBeGreaterThan(5);
    const [before, after] = throughTypicalBeat.neighbours;
    expect(before.beat < 7 && after.beat > 7).toBe(true);
    expect([...before.gradient_1_per_mV, ...after.gradient_1_per_mV].some(g => g !== 0)).toBe(true);
    window.totalGradient_1_per_mV.forEach((total: number, k: number) => {
      const parts = [window, throughTypicalBeat, throughRPeak].map(part => part.gradient_1_per_mV[k]);
      expect(total).toBeCloseTo(parts[0] + parts[1] + parts[2], 12);
    });
    const alone = await json('explain', ...asked, '--through-typical-beat');
    expect(alone.throughRPeak).toBeUndefined();
    expect(alone.throughTypicalBeat.gradient_1_per_mV).toEqual(throughTypicalBeat.gradient_1_per_mV);
    const { status, stdout } = await run('explain', ...asked, '--through-typical-beat');
    expect(status).toBe(0);
    expect(stdout).toMatch(/through the typical beat, the median of \d+ beats with(out)? this one/);
  });
  test('a beat that is not there, a class that is not there, a file that is no model: one line each', async () => {
    for (const [args, says] of [
      [['--beat', '100000', '--model', model], /beats 0 to \d+, not 100000/],
      [['--beat', '1', '--class', 'X', '--model', model], /N, S, V, F, Q, not X/],
      [['--beat', '1', '--model', 'package.json'], /package\.json: model\.format/],
      [['--beat', '1', '--model', 'README.md'], /README\.md: model: not JSON/],
      [['--beat', '1', '--model', 'nowhere.json'], /ENOENT.*nowhere\.json/],
    ] as const) {
      const { status, stderr } = await run('explain', 'synth/s11', ...args);
      expect(status).toBe(1);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).toMatch(says);
    }
  });
});

describe('report and demo', () => {
  test('a report holds its data and nothing that fetches', async () => {
    const out = join(folder, 'report.html');
    await json('report', 'synth/s11', '--model', model, '--out', out);
    const html = readFileSync(out, 'utf8');
    expect(html).toContain('report-data');
    expect(html).toMatch(/default-src 'none'/);
    expect(html).not.toMatch(/<(script|link|img)[^>]+(src|href)=/);
  });
  test('the demo writes slopes, model and report, and says what they hold', async () => {
    const dir = join(folder, 'demo');
    const { beats, slopes, training, wrote } = await json('demo', '--dir', dir);
    expect(wrote).toHaveLength(3);
    expect(readFileSync(join(dir, 'slopes.csv'), 'utf8').trim().split('\n')).toHaveLength(beats + 1);
    expect(JSON.parse(readFileSync(join(dir, 'model.json'), 'utf8')).format).toBe('upstroke-classifier');
    expect(readFileSync(join(dir, 'report.html'), 'utf8')).toContain('mitdb-208-excerpt');
    expect(training.accuracy).toBeGreaterThan(0.95);
    // Record 208: normal beats rise at a median of 101 mV/s, ventricular ones at 37, measured elsewhere over all of it.
    const upstroke = (name: string): number =>
      slopes.find((summary: { symbol: string }) => summary.symbol === name).upstroke.median;
    expect(Math.abs(upstroke('N') - 101)).toBeLessThan(10);
    expect(Math.abs(upstroke('V') - 37)).toBeLessThan(8);
  });
});
