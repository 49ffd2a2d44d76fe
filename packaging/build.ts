/**
 * `npm run build`: builds `dist/` and `THIRD_PARTY_LICENSES`. With the name of a part, `cli` or `workbench`, only that
 * folder of `dist/` is built. A folder is replaced when it is complete, because commands may be running from it.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { bundledPackages, thirdPartyLicenses } from './licenses.ts';
import { buildCommands } from './node-bundle.ts';
import { replaceFolder } from './replace-folder.ts';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');
// The configurations of Vite have paths relative to it.
process.chdir(root);

/** Compiles the project of a tsconfig file into a folder. */
function compile(project: string, outDir: string): void {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', project, '--outDir', outDir], { stdio: 'inherit' });
}

const viteBuild = async (configFile: string, outDir: string): Promise<void> => {
  await build({ configFile, build: { outDir } });
};

const buildWorkbench = (outDir: string): Promise<void> => viteBuild('vite.workbench.config.ts', outDir);

async function buildAll(folder: string): Promise<void> {
  compile('tsconfig.build.json', folder);
  compile('tsconfig.view.json', folder);
  await buildCommands(join(folder, 'cli'));
  await viteBuild('vite.view.config.ts', join(folder, 'report'));
  await viteBuild('vite.embed.config.ts', join(folder, 'view'));
  await buildWorkbench(join(folder, 'workbench'));
  const licenses = join(root, 'THIRD_PARTY_LICENSES');
  writeFileSync(`${licenses}.${process.pid}`, thirdPartyLicenses(bundledPackages(folder)));
  renameSync(`${licenses}.${process.pid}`, licenses);
}

const parts: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  cli: buildCommands,
  workbench: buildWorkbench,
};

const [part, ...others] = process.argv.slice(2);
if (part === undefined) await replaceFolder(dist, buildAll);
else if (others.length > 0 || !Object.hasOwn(parts, part)) {
  console.error(`error: build takes nothing, or one of ${Object.keys(parts).join(', ')}`);
  process.exitCode = 2;
} else {
  mkdirSync(dist, { recursive: true });
  await replaceFolder(join(dist, part), parts[part]!);
}
