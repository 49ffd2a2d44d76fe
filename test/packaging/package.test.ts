/** The packed package as its consumers meet it: installed from the file, offline, with nothing but its dependencies. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { transform } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import lock from '../../package-lock.json' with { type: 'json' };
import { entryPoints } from '../../packaging/entry-points.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'package-'));
const tarball = join(folder, `upstroke-${manifest.version}.tgz`);
const installed = join(folder, 'node_modules/upstroke');
const tool = (name: string): string => join(root, 'node_modules/.bin', name);
const run = (program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string =>
  execFileSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    stdio: 'pipe',
  });
/** Runs what a failed type check or lint prints into the message. */
const check = (program: string, args: readonly string[]): string => {
  try {
    run(program, args);
    return '';
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
};

beforeAll(() => {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('nothing is built: run npm run build first');
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: root });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'consumer', type: 'module', private: true }),
  );
  // The dependencies come from our own node_modules, so that no registry is asked: those of a consumer, and no others.
  const dependencies = Object.entries(lock.packages)
    .filter(([place, entry]) => place !== '' && !('dev' in entry) && !('optional' in entry))
    .map(([place]) => `file:${join(root, place)}`);
  run('npm', [
    ...['install', '--offline', '--install-links', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'],
    ...[tarball, ...dependencies],
  ]);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const files = (): string[] =>
  readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(installed, join(entry.parentPath, entry.name)));

describe('what is in it', () => {
  test('code, sources, samples and the texts that go with them, and nothing else', () => {
    const kinds = [
      /^dist\/(?!view\/)[\w/-]+(\.js|\.d\.ts)(\.map)?$/,
      /^dist\/report\/report\.(js|css)$/,
      /^dist\/view\/([\w/-]+\.d\.ts(\.map)?|embed\.(js|js\.map|css))$/,
      /^dist\/workbench\/(index\.html|files\.json|assets\/[\w.-]+\.(js|css)|samples\/[\w/.-]+)$/,
      /^src\/[\w/-]+(\.d)?\.(ts|css|html)$/,
      /^samples\/(README\.md|[\w/.-]+\.(hea|dat|atr|json|truth\.csv)|heart_failure_clinical_records_dataset\.csv)$/,
      /^(LICENSE|README\.md|CHANGELOG\.md|THIRD_PARTY_LICENSES|package\.json)$/,
    ];
    expect(files().filter(name => !kinds.some(kind => kind.test(name)))).toEqual([]);
    for (const name of ['THIRD_PARTY_LICENSES', 'CHANGELOG.md', 'samples/model-ds1-without-208.json']) {
      expect(files()).toContain(name);
    }
  });

  test('its installation runs no script, of which npm would warn', () => {
    const { scripts } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    const run = ['preinstall', 'install', 'postinstall', 'prepare'];
    expect(Object.keys(scripts).filter(name => run.includes(name))).toEqual([]);
  });

  test('every script has its source map, and every map leads to sources that are there', () => {
    const all = new Set(files());
    const scripts = [...all].filter(name => /\.(js|d\.ts)$/.test(name) && name.startsWith('dist/'));
    expect(scripts.length).toBeGreaterThan(100);
    for (const name of scripts.filter(script => !/^dist\/(report\/report\.|workbench\/)/.test(script))) {
      expect(all).toContain(`${name}.map`);
      const { sources } = JSON.parse(readFileSync(join(installed, `${name}.map`), 'utf8'));
      // What is bundled from other packages is theirs, and not packed again.
      const own = sources.filter((source: string) => !source.includes('node_modules/'));
      for (const source of own) expect(all).toContain(join(dirname(name), source));
    }
  });
});

describe('what it offers', () => {
  test('publint reports nothing', async () => {
    const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true });
    expect(messages.map(message => formatMessage(message, pkg))).toEqual([]);
  });

  test('its types are found right by every way of resolving them', () => {
    expect(check(tool('attw'), [tarball, '--config-path', join(root, '.attw.json')])).toBe('');
  });

  test.each([
    ['nodenext', 'consumer.ts'],
    ['esnext', 'consumer.ts'],
    ['nodenext', 'page-consumer.ts'],
    ['esnext', 'page-consumer.ts'],
  ])('its types hold without the DOM library, module %s: %s', (module, file) => {
    copyFileSync(join(root, 'test/packaging', file), join(folder, file));
    const compilerOptions = {
      ...{ lib: ['es2023'], target: 'es2023', types: [], strict: true, skipLibCheck: false, noEmit: true },
      ...{ exactOptionalPropertyTypes: true, module },
      moduleResolution: module === 'nodenext' ? 'nodenext' : 'bundler',
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
    expect(check(tool('tsc'), ['-p', folder])).toBe('');
  });

  test('every entry point is imported and, by require, gives the same names', () => {
    const names = (loaded: (name: string) => string, type: string): Record<string, string[]> => {
      const entries = [...entryPoints.keys()].map(name => `'${name}': Object.keys(${loaded(name)})`);
      const code = `console.log(JSON.stringify({ ${entries} }))`;
      return JSON.parse(run(process.execPath, [`--input-type=${type}`, '--no-warnings', '-e', code]));
    };
    const imported = names(name => `await import('${name}')`, 'module');
    expect(Object.keys(imported)).toEqual([...entryPoints.keys()]);
    for (const [name, exported] of Object.entries(imported)) expect(exported.length, name).toBeGreaterThan(3);
    expect(names(name => `require('${name}')`, 'commonjs')).toEqual(imported);
  });
});

describe('what it does', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const examples = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(match => match[1]!);

  test.each(examples.map((code, k) => [k + 1, code] as const))(
    'example %i of the README',
    async (k, example) => {
      const { code } = await transform(example, { loader: 'ts', target: 'es2022' });
      writeFileSync(join(folder, `example-${k}.mjs`), code);
      const promised = [...example.matchAll(/\/\/ => (.*)$/gm)].map(match => match[1]!.trim());
      expect(promised.length).toBeGreaterThan(0);
      expect(
        run(process.execPath, [`example-${k}.mjs`])
          .trim()
          .split('\n'),
      ).toEqual(promised);
    },
  );

  test('npx upstroke runs its commands, on the samples inside', () => {
    const upstroke = join(folder, 'node_modules/.bin/upstroke');
    expect(run(upstroke, ['--help'])).toContain('slopes');
    const WFDB = join(installed, 'samples');
    expect(run(upstroke, ['slopes', 'mitdb-208-excerpt', '--detect'], { WFDB })).toContain('501 beats');
  });

  test('npx upstroke demo writes its page, with the notices of what the page is made of', () => {
    run(join(folder, 'node_modules/.bin/upstroke'), ['demo', '--dir', 'demo']);
    const page = readFileSync(join(folder, 'demo/report.html'), 'utf8');
    expect(page).toContain('mitdb-208-excerpt');
    expect(page).toContain(readFileSync(join(root, 'node_modules/uplot/LICENSE'), 'utf8').trim());
  });
});
