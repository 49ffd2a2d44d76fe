/** Size of the minified and gzipped bundle of some imports, as a web page loads it, compared with its budget. */
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { bundle } from './bundle.ts';
import { browserEntryPoints } from './entry-points.ts';
import budgets from './size-budget.json' with { type: 'json' };

/** The measured bundles: the code of a page with these imports only. */
const imports: Readonly<Record<string, string>> = {
  detectQrs: `export { detectQrs } from 'upstroke';`,
  readRecord: `export { readRecord } from 'upstroke';`,
  all: browserEntryPoints
    .map((name, k) => `import * as module${k} from '${name}'; export { module${k} };`)
    .join('\n'),
};

export interface BundleSize {
  readonly name: string;
  readonly minified: number;
  readonly gzipped: number;
  /** Limit of `gzipped` from size-budget.json; undefined if it has none. */
  readonly budget: number | undefined;
}

/** Measures each bundle. */
export async function bundleSizes(): Promise<readonly BundleSize[]> {
  const sizes: BundleSize[] = [];
  for (const [name, code] of Object.entries(imports)) {
    const text = await bundle(code);
    const budget = (budgets as Readonly<Record<string, number>>)[name];
    sizes.push({
      name,
      minified: Buffer.byteLength(text),
      gzipped: gzipSync(text, { level: 9 }).length,
      budget,
    });
  }
  return sizes;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = await bundleSizes();
  for (const { name, minified, gzipped, budget } of sizes) {
    const verdict = budget === undefined ? 'no budget' : gzipped > budget ? 'OVER' : 'within';
    console.log(
      `${name.padEnd(12)}${`${minified}`.padStart(8)} bytes minified ${`${gzipped}`.padStart(7)} gzipped, ${verdict} ${budget ?? ''}`,
    );
  }
  if (sizes.some(({ gzipped, budget }) => budget === undefined || gzipped > budget)) {
    console.error(
      'a bundle exceeds its budget in packaging/size-budget.json: reduce it, or raise the budget and give the reason in the commit',
    );
    process.exitCode = 1;
  }
}
