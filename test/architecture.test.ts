/** The architecture, as far as a machine can hold it: who may import whom, no circles, no browser-breaking globals. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

const filesUnder = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => join(folder, name));

const importsOf = (file: string): string[] =>
  [
    ...readFileSync(join(root, file), 'utf8').matchAll(
      /^\s*(?:import|export)\b[^'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm,
    ),
  ].map(m => (m[1] ?? m[2] ?? m[3])!);

const localImportsOf = (file: string): string[] =>
  importsOf(file)
    .filter(name => name.startsWith('.'))
    .map(name => relative(root, resolve(root, dirname(file), name)));

const moduleOf = (file: string): string => file.split('/')[1]!;

/** The base: what belongs to no module and is used by all of them. */
const base = [
  'random.ts',
  'statistics.ts',
  'lower-bound.ts',
  'sampling-frequency.ts',
  'input-error.ts',
  'printable.ts',
];

/** Module → modules it may import from, besides itself and the base. */
const mayImport: Record<string, readonly string[]> = {
  wfdb: [],
  diff: [],
  signal: ['diff'],
  beat: ['signal', 'diff'],
  learn: ['diff', 'beat'],
  synth: ['wfdb'],
  analysis: ['wfdb', 'diff', 'signal', 'beat', 'learn', 'synth'],
  figure: [],
  // The workbench runs the library in the page and in its worker: it differentiates and filters what is in view within
  // a frame, and reads, edits and encodes annotations.
  view: ['wfdb', 'diff', 'signal', 'beat', 'learn', 'analysis', 'figure'],
  node: ['wfdb', 'diff', 'learn', 'analysis'],
  cli: ['wfdb', 'diff', 'signal', 'beat', 'learn', 'synth', 'analysis', 'figure', 'node'],
};

const sources = filesUnder('src');

test('docs/architecture.md shows these rules, and names the files of the base', () => {
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const table = [...text.matchAll(/^\| `(\w+)` \|[^|]*\|([^|]*)\|$/gm)].map(([, module, imports]) => [
    module!,
    [...imports!.matchAll(/`(\w+)`/g)].map(name => name[1]!),
  ]);
  expect(Object.fromEntries(table)).toEqual(mayImport);
  expect(/^The base \((.*)\)/m.exec(text)?.[1]?.match(/[\w-]+\.ts/g)).toEqual(base);
});

test('every file that docs/architecture.md names is there', () => {
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const named = [...text.matchAll(/`((?:src|test|scripts|bench|kernels|packaging)\/[\w./-]*)`/g)].map(
    m => m[1]!,
  );
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter(path => !existsSync(join(root, path)))).toEqual([]);
});

test('docs/architecture.md names every folder of every module', () => {
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const folders = sources.map(file => file.split('/')).filter(parts => parts.length > 3);
  expect(
    [...new Set(folders.map(([, , folder]) => folder!))].filter(name => !text.includes(`${name}/`)),
  ).toEqual([]);
});

describe('modules', () => {
  test.each(Object.keys(mayImport))('%s imports only from the modules below it', module => {
    const strays = sources
      .filter(file => moduleOf(file) === module)
      .flatMap(file =>
        localImportsOf(file)
          .filter(
            target =>
              moduleOf(target) !== module && ![...base, ...mayImport[module]!].includes(moduleOf(target)),
          )
          .map(target => `${file} -> ${target}`),
      );
    expect(strays).toEqual([]);
  });

  test('every folder of src is a known module', () => {
    const modules = new Set(sources.filter(file => file.split('/').length > 2).map(moduleOf));
    expect([...modules].filter(module => !(module in mayImport))).toEqual([]);
  });

  test('there are no import cycles', () => {
    const state = new Map<string, 'open' | 'done'>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
        return;
      }
      state.set(file, 'open');
      for (const next of localImportsOf(file)) if (next.endsWith('.ts')) visit(next, [...path, file]);
      state.set(file, 'done');
    };
    for (const file of sources) visit(file, []);
    expect(circles).toEqual([]);
  });

  test('only node/ and cli/ touch Node: no node: import and no Node global elsewhere in src', () => {
    const strays = sources
      .filter(file => !['node', 'cli', 'node.ts'].includes(moduleOf(file)))
      .filter(file => {
        const code = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
        return (
          importsOf(file).some(name => name.startsWith('node:')) ||
          /\bprocess\.(env|argv|std\w+|exit\w*|cwd|platform|nextTick|memoryUsage)\b|\bBuffer\.(from|alloc)|\b__dirname\b/.test(
            code,
          )
        );
      });
    expect(strays).toEqual([]);
  });

  test('only view/ touches the page', () => {
    const strays = sources
      .filter(file => moduleOf(file) !== 'view')
      .filter(file =>
        /\bdocument\.\w|\bwindow\.(add|remove|document|location|request|match|open|inner|outer|scroll|navigator)/.test(
          readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''),
        ),
      );
    expect(strays).toEqual([]);
  });

  test("a caller's mistake is an InputError: a bare RangeError is the engine's", () => {
    const code = (file: string): string =>
      readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    expect(sources.filter(file => /new RangeError\(/.test(code(file)))).toEqual([]);
  });

  test('every relative import resolves to a file that exists', () => {
    const missing = sources.flatMap(file =>
      localImportsOf(file)
        .filter(t => t.endsWith('.ts') && !sources.includes(t))
        .map(t => `${file} -> ${t}`),
    );
    expect(missing).toEqual([]);
  });
});
