/** Limits on the size of files and functions, and file names that say nothing about the contents. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseAst } from 'vite';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const folders = ['src', 'scripts', 'bench', 'packaging'];
const largest = { fileLines: 300, functionLines: 80, parameters: 5 };

/** Kernels: they take the operands of a loop one by one, so that calling them allocates nothing. */
const kernels = [
  'src/diff/arithmetic.ts',
  'src/diff/comparison.ts',
  'src/diff/elementwise.ts',
  'src/diff/loops.ts',
  'src/learn/train/optimizers.ts',
];

/** Still over a limit or badly named. Only ever remove from these lists. */
const waiting: Readonly<Record<'files' | 'functions' | 'parameters' | 'names', readonly string[]>> = {
  files: [],
  functions: [],
  parameters: [],
  names: [],
};

const beyond = (found: readonly string[], kind: keyof typeof waiting): string[] =>
  found.filter(label => !waiting[kind].includes(label));

interface AstNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly id?: { readonly name?: string } | null;
  readonly key?: { readonly name?: string };
  readonly params?: readonly unknown[];
  readonly [key: string]: unknown;
}

interface SourceFunction {
  /** `file name`, where `name` is that of the function or of what it is assigned to. */
  readonly label: string;
  readonly lines: number;
  readonly parameters: number;
}

const isNode = (value: unknown): value is AstNode =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

const isFunction = ({ type }: AstNode): boolean =>
  type === 'FunctionDeclaration' || type === 'FunctionExpression' || type === 'ArrowFunctionExpression';

/** Every function of a file, nested ones included. */
function functionsOf(file: string, text: string): SourceFunction[] {
  const found: SourceFunction[] = [];
  const visit = (node: AstNode, name: string): void => {
    const own = node.id?.name ?? (node.type === 'Property' ? node.key?.name : undefined) ?? name;
    if (isFunction(node)) {
      const lines = text.slice(node.start, node.end).split('\n').length;
      found.push({ label: `${file} ${own}`, lines, parameters: node.params!.length });
    }
    for (const child of Object.values(node).flat()) if (isNode(child)) visit(child, own);
  };
  for (const statement of parseAst(text, { lang: 'ts' }).body) visit(statement as unknown as AstNode, '');
  return found;
}

const files = folders
  .flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(name => join(folder, name)),
  )
  .filter(name => name.endsWith('.ts') && !name.includes('node_modules'))
  .map(name => ({ name, text: readFileSync(join(root, name), 'utf8') }));

describe('size', () => {
  test('functions are counted with their lines and parameters', () => {
    const text = 'export const a = (x: number, y = 1): number => {\n  return x + y;\n};\nfunction b() {}\n';
    expect(functionsOf('x.ts', text)).toEqual([
      { label: 'x.ts a', lines: 3, parameters: 2 },
      { label: 'x.ts b', lines: 1, parameters: 0 },
    ]);
  });

  test(`no file is longer than ${largest.fileLines} lines`, () => {
    const long = files.filter(({ text }) => text.split('\n').length - 1 > largest.fileLines);
    expect(
      beyond(
        long.map(({ name }) => name),
        'files',
      ),
    ).toEqual([]);
  });

  const functions = files
    .filter(({ name }) => !kernels.includes(name))
    .flatMap(({ name, text }) => functionsOf(name, text));

  test(`no function is longer than ${largest.functionLines} lines`, () => {
    const long = functions.filter(({ lines }) => lines > largest.functionLines);
    expect(
      beyond(
        long.map(({ label }) => label),
        'functions',
      ),
    ).toEqual([]);
  });

  test(`no function has more than ${largest.parameters} parameters`, () => {
    const wide = functions.filter(({ parameters }) => parameters > largest.parameters);
    expect(
      beyond(
        wide.map(({ label }) => label),
        'parameters',
      ),
    ).toEqual([]);
  });
});

test('no file name is generic', () => {
  const generic =
    /^(utils?|helpers?|common|types|misc|shared|stretch(es)?|choice|course|method|fields|front|bridge|draw|mit|rows|limits)\.ts$/;
  const named = files.filter(({ name }) => generic.test(basename(name)));
  expect(
    beyond(
      named.map(({ name }) => name),
      'names',
    ),
  ).toEqual([]);
});
