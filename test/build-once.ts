/** Builds that several test files need, made once a run by the first that asks. */
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build as bundle } from 'esbuild';
import { build } from 'vite';
import { inject } from 'vitest';
import type { ReportBundle } from '../src/analysis/report/report-page.ts';
import { readReportBundle } from '../src/node/report-bundle.ts';

/**
 * The folder of a build, which `make` fills unless that was done before in this run. It lies in `out/`, from where code
 * finds by relative URL what it finds from `dist/` or `src/`.
 */
async function buildOnce(name: string, make: (folder: string) => Promise<unknown>): Promise<string> {
  const folder = `${inject('buildPrefix')}-${name}`;
  if (existsSync(folder)) return folder;
  const making = await mkdtemp(`${folder}-`);
  await make(making);
  try {
    await rename(making, folder);
  } catch (error) {
    // Another process of the run was faster.
    if (!existsSync(folder)) throw error;
    await rm(making, { recursive: true });
  }
  return folder;
}

const viteBuild = (configFile: string) => (outDir: string) =>
  build({ configFile, build: { outDir, emptyOutDir: true } });

/** The folder of the workbench's page. */
export const builtWorkbench = (): Promise<string> =>
  buildOnce('workbench', viteBuild('vite.workbench.config.ts'));

/** The folder with the script and the style of the report. */
export const builtReport = (): Promise<string> => buildOnce('report', viteBuild('vite.view.config.ts'));

export const builtReportBundle = async (): Promise<ReportBundle> =>
  readReportBundle(pathToFileURL(`${await builtReport()}/`));

/** A script of `scripts/` as JavaScript: its process starts four times as fast as with a loader for TypeScript. */
export async function builtScript(name: string): Promise<string> {
  const folder = await buildOnce('scripts', outdir =>
    bundle({
      entryPoints: ['scripts/*.ts'],
      ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', packages: 'external' },
      outdir,
      logLevel: 'silent',
    }),
  );
  return join(folder, name.replace(/\.ts$/, '.js'));
}
