/** Bundles code that imports `upstroke` for a browser, as an application's bundler does, from the sources. */
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { entryPoints } from './entry-points.ts';

const root = resolve(import.meta.dirname, '..');

/**
 * Bundles `code` with its imports into one minified script: an ES module, or an `iife` for a page or worker without
 * modules. Throws for warnings and for imports that cannot be bundled, such as Node modules.
 */
export async function bundle(code: string, format: 'esm' | 'iife' = 'esm'): Promise<string> {
  const { outputFiles, warnings } = await build({
    stdin: { contents: code, resolveDir: root, loader: 'ts' },
    alias: Object.fromEntries([...entryPoints].map(([name, file]) => [name, resolve(root, file)])),
    ...{ bundle: true, minify: true, write: false, platform: 'browser', target: 'es2022' },
    format,
    logLevel: 'silent',
  });
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'));
  return outputFiles[0]!.text;
}
