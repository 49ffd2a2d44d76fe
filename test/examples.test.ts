/** Every public name has an example in its doc comment, and running it gives the stated result. */
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entryPoints } from '../packaging/entry-points.ts';
import { publicNames } from '../packaging/public-api.ts';
import { isKept, runExample, textOf } from './example-run.ts';
import { type EdfSpec, edfFile } from './wfdb/edf/edf-file.ts';

const root = resolve(import.meta.dirname, '..');

/** Two seconds of EDF+: two ECG samples a second, and one annotation. */
const nightEdf: EdfSpec = {
  reserved: 'EDF+C',
  signals: [
    {
      label: 'ECG',
      dimension: 'mV',
      physical: [-10, 10],
      digital: [-1000, 1000],
      data: [
        [0, 50],
        [100, -50],
      ],
    },
    { label: 'EDF Annotations', data: ['+0\x14\x14\0+0.5\x1530\x14Sleep stage W\x14\0', '+1\x14\x14\0'] },
  ],
};
const all = publicNames();
const folder = mkdtempSync(join(tmpdir(), 'examples-'));
afterAll(() => rmSync(folder, { recursive: true }));

let scope: Readonly<Record<string, unknown>>;
beforeAll(async () => {
  const modules = await Promise.all([...entryPoints.values()].map(file => import(join(root, file))));
  scope = { ...Object.assign({}, ...modules.map(module => ({ ...module }))), ...(await inReach(modules)) };
});

/**
 * What an example may use without declaring it, as the head of the API reference says: the recordings that come with
 * the package and what is read from them, and a folder to write into.
 */
async function inReach(modules: readonly Record<string, (...args: unknown[]) => unknown>[]): Promise<object> {
  const api = Object.assign({}, ...modules);
  const files = api.fileSource([join(root, 'samples')]);
  const night = api.memorySource({ 'night.edf': edfFile(nightEdf) });
  const source = {
    read: (name: string, from?: number, to?: number) =>
      (name === 'night.edf' ? night : files).read(name, from, to),
  };
  const beats = await api.readLeadBeats(source, 'mitdb-208-excerpt', { lead: 'MLII', beats: 'detector' });
  const model = await api.readModel(join(root, 'samples/model-ds1-without-208.json'));
  const data = await api.readBeatDataset(source, api.recordNames('s01,s02', 'synth'), { lead: 'MLII' });
  const { voltage, samplingFrequency, rPeaks } = beats;
  return { source, beats, voltage, samplingFrequency, rPeaks, model, data, folder, writeFile };
}

describe('how an example is run', () => {
  const kept = async (code: string): Promise<boolean[]> =>
    (await runExample(code, { one: 1, text: 'x' })).map(isKept);
  test('stated values are compared, and a wrong one is found', async () => {
    expect(await kept('one + 1 // => 2\none + 1 // => 3')).toEqual([true, false]);
    expect(await kept('const a: number[] = [\n  one,\n  2.5,\n]; // => [1, 2.5]')).toEqual([true]);
    expect(await kept('await Promise.resolve(one / 3) // => 0.333…')).toEqual([true]);
    expect(await kept('one / 3 // => 0.334…')).toEqual([false]);
    expect(await kept('null.x // throws TypeError: Cannot read…\none // throws Error: none')).toEqual([
      true,
      false,
    ]);
    await expect(kept('// => 1')).rejects.toThrow('no statement');
  });
  test('a value is shown as one writes it', () => {
    expect(textOf({ a: [1, -0], 'b c': new Map([['x', undefined]]) }, true)).toBe(
      "{ a: [1, 0], 'b c': Map [['x', undefined]] }",
    );
    expect(textOf(Float64Array.of(0.5, Number.NaN), true)).toBe('Float64Array [0.5, NaN]');
    expect(textOf(Float64Array.of(0.5, Number.NaN), false)).toBe('[0.5, NaN]');
  });
});

test('every public name has one', () => {
  expect(all.length).toBeGreaterThan(200);
  const without = all.filter(({ examples }) => examples.length === 0);
  expect(without.map(({ name }) => name)).toEqual([]);
});

const cases = all.flatMap(({ entryPoint, name, examples }) =>
  examples.map(code => ({ entryPoint, name, code })),
);
describe.each([...new Set(cases.map(({ entryPoint }) => entryPoint))])('%s', entryPoint => {
  test.each(cases.filter(each => each.entryPoint === entryPoint))('$name', async ({ code }) => {
    const promised = await runExample(code, scope);
    expect(promised.length, 'an example promises something').toBeGreaterThan(0);
    for (const promise of promised) {
      if (!isKept(promise)) expect(promise.comes[0]).toBe(promise.says);
    }
  });
});
