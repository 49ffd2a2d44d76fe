/** The README runs: its library examples print what they say, its commands on `samples/` end well. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entryPoints } from '../packaging/entry-points.ts';
import { upstroke } from '../src/cli/upstroke.ts';
import { builtScript } from './build-once.ts';
import { run as runCommand } from './scripts/run-command.ts';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'out', 'readme-test');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocksOf = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(match => match[1]!);

beforeAll(() => mkdirSync(folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): string =>
  execFileSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });

describe('library examples', () => {
  const blocks = blocksOf('ts');
  test('there is at least one', () => expect(blocks.length).toBeGreaterThan(0));
  test.each(blocks.map((block, k) => [k + 1, block] as const))(
    'example %i prints what it says',
    async (k, block) => {
      const file = join(folder, `example-${k}.js`);
      await build({
        stdin: { contents: block, resolveDir: root, loader: 'ts' },
        alias: Object.fromEntries([...entryPoints].map(([name, source]) => [name, join(root, source)])),
        ...{ bundle: true, format: 'esm', platform: 'node', packages: 'external', outfile: file },
      });
      const promised = [...block.matchAll(/\/\/ => (.*)$/gm)].map(match => match[1]!.trim());
      expect(promised.length).toBeGreaterThan(0);
      expect(run([file]).trim().split('\n')).toEqual(promised);
    },
  );
});

/** The words of a call as an array: those of a command in this process, other scripts as a process. */
async function runScript(
  [script = '', ...words]: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const name = /^scripts\/(.*)\.ts$/.exec(script)?.[1] ?? '';
  if (!(name in upstroke.commands)) return run([await builtScript(basename(script)), ...words], environment);
  const { status, stdout, stderr } = await runCommand([name, ...words], environment);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
}

describe('commands that need no database', () => {
  // `NAME=value … npx tsx scripts/NAME.ts …`, without the trailing remark; DIR stands for a database one has.
  const commands = blocksOf('sh')
    .flatMap(block => block.split('\n'))
    .map(line => line.replace(/\s+#.*$/, '').trim())
    .filter(line => /(^|\s)npx tsx scripts\//.test(line) && !line.includes('DIR'));
  test('there is at least one', () => expect(commands.length).toBeGreaterThan(0));
  test.each(commands)('%s', async command => {
    const words = command.split(/\s+/);
    const settings = words.slice(0, words.indexOf('npx')).map(word => word.split('=') as [string, string]);
    // What an earlier run wrote is not replaced: each goes to a folder of its own.
    const args = words.slice(words.indexOf('tsx') + 1).map(word => word.replace(/^out\//, `${folder}/out/`));
    const printed = await runScript(args, Object.fromEntries(settings));
    expect(printed.length).toBeGreaterThan(0);
  });
});
