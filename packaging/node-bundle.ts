/**
 * Bundles of the programs that run in Node: the commands with their processes and threads, and the program of a batch's
 * worker processes.
 *
 * Rolldown keeps the constants of modules as constants. esbuild makes them variables, which the compiler of Node then
 * reads and tests at each use: measured over a batch of mitdb, that is a fifth more processor time.
 */
import { isAbsolute, join, resolve } from 'node:path';
import { type RolldownBuild, rolldown } from 'rolldown';

export const root = resolve(import.meta.dirname, '..');

/**
 * Bundles programs by name, given as paths below `src/`; packages are not included. `moduleUrl` replaces
 * `import.meta.url`.
 */
export const nodeBundle = (
  programs: Readonly<Record<string, string>>,
  moduleUrl?: string,
): Promise<RolldownBuild> =>
  rolldown({
    cwd: root,
    input: Object.fromEntries(
      Object.entries(programs).map(([name, path]) => [name, join(root, 'src', path)]),
    ),
    platform: 'node',
    external: id => !id.startsWith('.') && !isAbsolute(id),
    transform: {
      target: 'node20',
      ...(moduleUrl === undefined ? {} : { define: { 'import.meta.url': JSON.stringify(moduleUrl) } }),
    },
    logLevel: 'warn',
  });

/** Bundles the commands, so that they start quickly, and the programs of their processes and threads, into `folder`. */
export async function buildCommands(folder: string): Promise<void> {
  const bundle = await nodeBundle({
    main: 'cli/main.ts',
    'worker-process': 'node/batch/worker-process.ts',
    'supervisor-thread': 'node/gradient-workers/supervisor-thread.ts',
    'worker-thread': 'node/gradient-workers/worker-thread.ts',
  });
  await bundle.write({
    dir: folder,
    format: 'esm',
    sourcemap: true,
    sourcemapExcludeSources: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  });
  await bundle.close();
}
