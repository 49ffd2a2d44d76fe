/** Training in a browser's main thread: the kernels run there, and without them the same weights come out. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, startChromium, whenSkipped } from './chromium.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'browser-training-'));
});
afterAll(() => rm(folder, { recursive: true }));

const source = (path: string): string =>
  JSON.stringify(new URL(`../../src/${path}`, import.meta.url).pathname);
const program = `
  import { createLearner } from ${source('learn/learner.ts')};
  import { createNetwork } from ${source('learn/network.ts')};
  import { hasNative } from ${source('diff/native.ts')};
  import { createRandom } from ${source('random.ts')};
  globalThis.trained = native => {
    const network = createNetwork([8, 16, 3], 'relu', createRandom(1));
    const learner = createLearner(network, { optimizer: 'adam', batchSize: 40, inputs: 8, classes: 3, l2: 0.01, native });
    const random = createRandom(2);
    for (let i = 0; i < learner.x.length; i++) learner.x[i] = random.normal();
    learner.targets.fill(0);
    for (let row = 0; row < 40; row++) learner.targets[3 * row + (row % 3)] = 1;
    const losses = Array.from({ length: 20 }, () => learner.step(0.01));
    return { native: hasNative(), losses };
  };`;

describe.skipIf(!chromiumPath)(`in Chromium${whenSkipped}`, () => {
  test('kernels and plain loops train alike, to the bit, also where a policy forbids the kernels', async () => {
    const entry = join(folder, 'entry.ts');
    await writeFile(entry, program);
    await build({
      ...{ configFile: false, envDir: false, publicDir: false, logLevel: 'warn' },
      build: {
        ...{ outDir: join(folder, 'out'), target: 'es2022', reportCompressedSize: false },
        lib: { entry, formats: ['iife'], name: 'program', fileName: () => 'program.js' },
      },
    });
    const script = await readFile(join(folder, 'out', 'program.js'), 'utf8');
    const browser = await startChromium();
    try {
      const train = async (
        policy: string,
        native: boolean,
      ): Promise<{ native: boolean; losses: number[] }> => {
        const page = await browser.newPage();
        await page.setContent(`<!doctype html>${policy}<script>${script}</script>`);
        const result = await page.evaluate(`trained(${native})`);
        await page.close();
        return result as { native: boolean; losses: number[] };
      };
      const kernels = await train('', true);
      const plain = await train('', false);
      const strict =
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; script-src \'unsafe-inline\'">';
      const forbidden = await train(strict, true);
      expect(kernels.native).toBe(true);
      expect(forbidden.native).toBe(false);
      expect(kernels.losses.at(-1)!).toBeLessThan(kernels.losses[0]!);
      expect(plain.losses).toEqual(kernels.losses);
      expect(forbidden.losses).toEqual(kernels.losses);
    } finally {
      await browser.close();
    }
  });
});
