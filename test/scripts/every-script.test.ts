/** What holds of every script: help, exit code 2 for a mistake in the arguments, 1 and one line for bad data. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const run = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', join('scripts', script), ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, WFDB: 'samples' },
  });

const scripts = readdirSync(join(root, 'scripts')).filter(name => name.endsWith('.ts'));

describe.each(scripts)('%s', script => {
  test('--help explains it and ends well', () => {
    const { status, stdout, stderr } = run(script, '--help');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain(script.slice(0, -3));
    expect(stdout.split('\n').length).toBeGreaterThan(3);
  });
  test('an option it does not know is a mistake in the arguments', () => {
    const { status, stdout, stderr } = run(script, '--no-such-option');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^error: .*--no-such-option|^error: .*takes one of/);
  });
});

describe('a record that is not there', () => {
  const model = ['--model', 'samples/model-ds1-without-208.json'];
  const calls: readonly (readonly [string, readonly string[]])[] = [
    ['record.ts', ['nowhere']],
    ['convert.ts', ['nowhere', '--to', 'csv', '--out', 'out/none']],
    ['slopes.ts', ['nowhere']],
    ['detect.ts', ['nowhere', '--dir', 'out/none']],
    ['explain.ts', ['nowhere', '--beat', '1', ...model]],
    ['report.ts', ['nowhere', '--out', 'out/none.html']],
    ['train.ts', ['--train', 'nowhere', '--test', 'elsewhere', '--out', 'out/none.json']],
    ['evaluate.ts', ['classification', ...model, '--test', 'nowhere']],
    ['evaluate.ts', ['detection', '--db', 'nowhere']],
  ];
  test.each(calls)('%s ends with 1 and one line that names it', (script, args) => {
    const { status, stdout, stderr } = run(script, ...args);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^error: .*nowhere/);
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });
});
