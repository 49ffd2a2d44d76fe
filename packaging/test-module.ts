/** `npm run test:module beat`: runs only the tests of the named modules. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const words = process.argv.slice(2);
const names = words.filter(word => !word.startsWith('-'));
const modules = readdirSync(join(root, 'test'), { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(({ name }) => name);

const unknown = names.filter(name => !existsSync(join(root, 'test', name)) || !modules.includes(name));
if (names.length === 0 || unknown.length > 0) {
  console.error(`error: test:module takes names among ${modules.join(', ')}, not '${unknown.join(' ')}'`);
  process.exitCode = 2;
} else {
  const args = ['run', ...names.map(name => `test/${name}/`), ...words.filter(word => word.startsWith('-'))];
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  process.exitCode =
    spawnSync(process.execPath, [vitest, ...args], { cwd: root, stdio: 'inherit' }).status ?? 1;
}
