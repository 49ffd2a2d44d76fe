/**
 * `npm run test:node 26`: runs the tests that need no recordings, and the demo, with another version of Node. Its binary is
 * installed from the package registry (package `node-PLATFORM-ARCH`) into `node_modules/.cache`. Further arguments are
 * passed to vitest: `npm run test:node 24 -- test/beat`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const [version = '', ...words] = process.argv.slice(2);

if (/^\d+(\.\d+){0,2}$/.test(version)) process.exitCode = testUnder(version);
else {
  console.error(`error: test:node takes a version of Node such as 26 or 24.9.0, not '${version}'`);
  process.exitCode = 2;
}

function testUnder(wanted: string): number {
  const node = installNode(wanted);
  // Processes started by the tests, npm included, use this Node too. Without WFDB the tests of recordings are skipped.
  const { WFDB: _, ...environment } = process.env;
  const env = { ...environment, PATH: `${join(node, '..')}${delimiter}${process.env.PATH}` };
  const run = (...args: string[]): number =>
    spawnSync(node, args, { cwd: root, env, stdio: 'inherit' }).status ?? 1;
  console.log(`Node ${wanted}: ${node}`);
  run('--version');
  const tests = run('node_modules/vitest/vitest.mjs', 'run', ...words);
  if (tests !== 0) return tests;
  const out = join('out', `demo-node-${wanted}`);
  rmSync(join(root, out), { recursive: true, force: true });
  return run('--import', 'tsx', 'scripts/demo.ts', '--dir', out);
}

/** The path of the Node binary, which is installed on first use. */
function installNode(wanted: string): string {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const folder = join(root, 'node_modules/.cache', `node-${wanted}`);
  const node = join(folder, 'node_modules', name, 'bin', platform === 'win' ? 'node.exe' : 'node');
  if (!existsSync(node)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const args = [
      'install',
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--engine-strict=false',
      `${name}@${wanted}`,
    ];
    const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'inherit' });
    if (status !== 0 || !existsSync(node)) throw new Error(`${name}@${wanted} could not be installed`);
  }
  return node;
}
