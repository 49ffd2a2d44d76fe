/** Training in a browser's main thread: the kernels run there, and without them the same weights come out. */
import { describe, expect, test } from 'vitest';
import { bundle } from '../../packaging/bundle.ts';
import { chromiumPath, sharedChromium, whenSkipped } from './chromium.ts';

const program = `
  import { createLearner } from './src/learn/train/learner.ts';
  import { createNetwork } from './src/learn/model/network.ts';
  import { hasNative } from './src/diff/wasm-kernels.ts';
  import { createRandom } from './src/random.ts';
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
    const script = await bundle(program, 'iife');
    const browser = await sharedChromium();
    const train = async (policy: string, native: boolean): Promise<{ native: boolean; losses: number[] }> => {
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
  });
});
