/** The page runs, prints what it says, says the same as the library, and leads to every file of src/diff. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { mul } from '../../src/diff/arithmetic.ts';
import { grad } from '../../src/diff/grad.ts';
import { linear } from '../../src/diff/product.ts';
import { sum } from '../../src/diff/reduction.ts';
import { tensor } from '../../src/diff/tensor.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs', 'core-in-one-page.md'), 'utf8');
const program = [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(match => match[1]!).join('\n');

test('the blocks are one program of about a hundred lines that prints what it says', () => {
  const lines = program.split('\n').filter(line => line.trim() !== '');
  expect(lines.length).toBeLessThanOrEqual(110);
  const folder = mkdtempSync(join(root, 'test', 'docs', 'run-'));
  try {
    const file = join(folder, 'core.ts');
    writeFileSync(file, program);
    const printed = execFileSync(process.execPath, ['--import', 'tsx', file], {
      cwd: root,
      encoding: 'utf8',
    });
    const promised = [...program.matchAll(/\/\/ => (.*)$/gm)].map(match => match[1]!.trim());
    expect(promised.length).toBeGreaterThanOrEqual(6);
    expect(printed.trim().split('\n')).toEqual(promised);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('its gradient of the slopes is the library’s', () => {
  const difference = {
    inputLength: 5,
    outputLength: 4,
    apply: (x: Float64Array) => Float64Array.from({ length: 4 }, (_, i) => 500 * (x[i + 1]! - x[i]!)),
    adjoint: (y: Float64Array) =>
      Float64Array.from({ length: 5 }, (_, i) => 500 * ((y[i - 1] ?? 0) - (y[i] ?? 0))),
  };
  const energy = grad(v => sum(mul(linear(difference, v), linear(difference, v))));
  const gradient = energy(tensor([0, 0.1, 0.7, 1, 1])).data;
  const printed = /grad\(energy\).*\/\/ => (.*)$/m.exec(program)![1]!.split(' ').map(Number);
  expect([...gradient].map(Math.round)).toEqual(printed);
});

test('it leads to every file of src/diff, and to none that is not there', () => {
  const named = new Set([...page.matchAll(/`([a-z0-9-]+\.ts)`/g)].map(match => match[1]!));
  expect([...named].sort()).toEqual(readdirSync(join(root, 'src', 'diff')).sort());
});
