/** Every entry point but upstroke/node runs in a browser and in a Web Worker, and gives there what it gives in Node. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../../packaging/bundle.ts';
import { browserEntryPoints, entryPoints } from '../../packaging/entry-points.ts';
import { chromiumPath, sharedChromium, whenSkipped } from './chromium.ts';
import { type EncodedFiles, explainSample, type SampleExplanation } from './sample-explanation.ts';

const root = resolve(import.meta.dirname, '../..');
const record = 'mitdb-208-excerpt';

describe('bundling for a browser', () => {
  test('there is an entry point for every module that needs no disk', () => {
    expect([...entryPoints.keys()].sort()).toEqual([...browserEntryPoints, 'upstroke/node'].sort());
    expect(browserEntryPoints.length).toBeGreaterThanOrEqual(9);
  });
  test.each(browserEntryPoints)('%s leaves nothing of Node to be found', async name => {
    expect(await bundle(`export * from '${name}';`)).not.toMatch(/\brequire\(|from"node:/);
  });
  test('upstroke/node cannot be bundled for one', async () => {
    await expect(bundle(`export * from 'upstroke/node';`)).rejects.toThrow(/node:/);
  });
});

/** A page or a worker: says which names each entry point has there, and explains a beat when asked. */
const program = `
  ${browserEntryPoints.map((name, k) => `import * as module${k} from '${name}';`).join('\n')}
  import { explainSample } from './test/browser/sample-explanation.ts';
  const modules = { ${browserEntryPoints.map((name, k) => `'${name}': module${k}`).join(', ')} };
  const names = Object.fromEntries(Object.entries(modules).map(([name, module]) => [name, Object.keys(module)]));
  globalThis.runSample = async (files, record, model) => ({ names, result: await explainSample(files, record, model) });
  if (typeof document === 'undefined') {
    globalThis.onmessage = async ({ data }) => {
      try {
        globalThis.postMessage(await globalThis.runSample(...data));
      } catch (error) {
        globalThis.postMessage({ error: String(error) });
      }
    };
  }`;

interface Answer {
  readonly names: Readonly<Record<string, readonly string[]>>;
  readonly result: SampleExplanation;
}

const expectClose = (found: readonly number[], expected: readonly number[]): void => {
  expect(found.length).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  for (const [k, value] of found.entries()) {
    expect(Math.abs(value - expected[k]!)).toBeLessThan(1e-12 * largest);
  }
};

describe.skipIf(!chromiumPath)(`detect, classify, explain in Chromium${whenSkipped}`, () => {
  let browser: Browser;
  let script: string;
  let input: [EncodedFiles, string, string];
  let inNode: SampleExplanation;
  beforeAll(async () => {
    const sample = (name: string): string => join(root, 'samples', name);
    const base64 = async (name: string): Promise<[string, string]> => [
      name,
      await readFile(sample(name), 'base64'),
    ];
    const files = Object.fromEntries(await Promise.all([`${record}.hea`, `${record}.dat`].map(base64)));
    input = [files, record, await readFile(sample('model-ds1-without-208.json'), 'utf8')];
    inNode = await explainSample(...input);
    script = await bundle(program, 'iife');
    browser = await sharedChromium();
  });

  /** Runs `expression` on a blank page that has the script and the input, and sees to it that nothing was said aside. */
  const onPage = async (expression: string): Promise<Answer> => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', error => complaints.push(error.message));
    page.on('console', message => complaints.push(message.text()));
    await page.evaluate(([source, sampleInput]) => Object.assign(globalThis, { source, sampleInput }), [
      script,
      input,
    ] as const);
    const answer = (await page.evaluate(expression)) as Answer | { readonly error: string };
    await page.close();
    expect(complaints).toEqual([]);
    if ('error' in answer) throw new Error(answer.error);
    return answer;
  };

  const check = async ({ names, result }: Answer): Promise<void> => {
    for (const name of browserEntryPoints) {
      const inSource = await import(join(root, entryPoints.get(name)!));
      expect([...names[name]!].sort()).toEqual(Object.keys(inSource).sort());
    }
    expect(result.rPeaks.length).toBeGreaterThan(400);
    expect(Math.max(...result.gradient)).toBeGreaterThan(0);
    // Two versions of an engine may round `exp` and its like differently in the last place, so the numbers agree to 1e-12.
    const { probabilities, gradient, ...exact } = result;
    const expected = (({ probabilities: _p, gradient: _g, ...others }) => others)(inNode);
    expect(exact).toEqual(expected);
    expectClose(probabilities, inNode.probabilities);
    expectClose(gradient, inNode.gradient);
  };

  test('on the page itself', async () => {
    await check(await onPage('(0, eval)(source), runSample(...sampleInput)'));
  });

  test('in a Web Worker', async () => {
    await check(
      await onPage(`new Promise((done, fail) => {
        const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
        worker.onmessage = ({ data }) => { worker.terminate(); done(data); };
        worker.onerror = ({ message }) => fail(new Error(message));
        worker.postMessage(sampleInput);
      })`),
    );
  });
});
