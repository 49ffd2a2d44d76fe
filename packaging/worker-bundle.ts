/**
 * The program of a batch's worker processes as one file of JavaScript, for batches run from a checkout: a process loads it
 * in a tenth of the time that the sources take through tsx, and without the names that tsx gives to inner functions at
 * each call.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { nodeBundle, root } from './node-bundle.ts';

/** Bundles the sources as they are now, and returns the path of the file, which is named after its content. */
export async function bundledWorker(): Promise<string> {
  // Files of the package are located from src/node.
  const moduleUrl = pathToFileURL(join(root, 'src/node/bundle.js')).href;
  const bundle = await nodeBundle({ 'worker-process': 'node/batch/worker-process.ts' }, moduleUrl);
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  await bundle.close();
  const contents = output[0].code;
  const folder = join(root, 'node_modules/.cache/upstroke');
  const name = `batch-worker-${createHash('sha256').update(contents).digest('hex').slice(0, 16)}.mjs`;
  const path = join(folder, name);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const passing = join(folder, `${process.pid}-${name}`);
    writeFileSync(passing, contents);
    renameSync(passing, path);
  }
  return path;
}
