/** A page that imports one function pays for that function: the bundles stay within their budgets. */
import { expect, test } from 'vitest';
import { bundle } from '../../packaging/bundle.ts';
import { type BundleSize, bundleSizes } from '../../packaging/size.ts';

const sizes: readonly BundleSize[] = await bundleSizes();

test.each(sizes)('$name is $gzipped bytes of $budget', ({ gzipped, budget }) => {
  expect(budget, 'each bundle has a budget in packaging/size-budget.json').toBeDefined();
  expect(gzipped, 'grown: make it smaller, or raise its budget and say why').toBeLessThanOrEqual(budget!);
  expect(gzipped, 'shrunk: lower its budget').toBeGreaterThan(0.8 * budget!);
});

test('what is not imported is not there', async () => {
  const sizeOf = (name: string): number => sizes.find(size => size.name === name)!.gzipped;
  expect(sizeOf('detectQrs')).toBeLessThan(0.1 * sizeOf('all'));
  // Nothing at all of a package whose names are imported and not used.
  expect(await bundle(`import * as all from 'upstroke'; console.log(1);`)).toBe('console.log(1);\n');
});
