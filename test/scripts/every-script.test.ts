/** What holds of every script: help, exit code 2 for a mistake in the arguments, 1 and one line for bad data. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { upstroke } from '../../src/cli/upstroke.ts';
import { builtScript } from '../build-once.ts';
import { run as runWords } from './run-command.ts';

const root = resolve(import.meta.dirname, '../..');
const run = (name: string, ...args: string[]) => runWords([name, ...args], { WFDB: 'samples' });
const scripts = readdirSync(join(root, 'scripts')).filter(name => name.endsWith('.ts'));
const commands = Object.keys(upstroke.commands);

test('every command of the program is a script too', () => {
  expect(commands.filter(name => !scripts.includes(`${name}.ts`))).toEqual([]);
});

describe('as a process', () => {
  // One that starts a command and one of its own run from their sources, as a person starts them; the others built.
  const fromSource = ['slopes.ts', 'make-samples.ts'];

  test.each(scripts)('%s --help explains it and ends well', async script => {
    const words = fromSource.includes(script)
      ? ['--import', 'tsx', join('scripts', script)]
      : [await builtScript(script)];
    const { status, stdout, stderr } = spawnSync(process.execPath, [...words, '--help'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain(script.slice(0, -3));
    expect(stdout.split('\n').length).toBeGreaterThan(3);
  });
});

describe.each(commands)('%s', name => {
  test('an option it does not know is a mistake in the arguments', async () => {
    const { status, stdout, stderr } = await run(name, '--no-such-option');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^error: .*--no-such-option|^error: .*takes one of/);
  });
});

test('the program without a command, with an unknown one, and its version', async () => {
  expect(await runWords([])).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^error: a command is missing: .*slopes/),
  });
  expect(await runWords(['slops'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("no command 'slops'"),
  });
  expect((await runWords(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+$/m);
});

describe('invalid option values', () => {
  const model = ['--model', 'samples/model-ds1-without-208.json'];
  const calls: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['slopes', ['synth/s01', '--window-ms', '100000'], /--window-ms.*at most 200, not 100000/],
    ['slopes', ['synth/s01', '--from', '100', '--to', '50'], /--from 100 --to 50/],
    ['slopes', ['synth/s01', '--scheme', 'central5'], /--scheme.*central5/],
    ['detect', ['synth/s01', '--annotator-out', 'hea', '--dir', 'out/none'], /--annotator-out hea/],
    ['explain', ['synth/s01', '--beat', '1.5', ...model], /--beat.*1\.5/],
    ['explain', ['synth/s01', '--beat=-1', ...model], /--beat.*-1/],
    ['train', ['--lr', '0', '--out', 'out/none.json'], /--lr.*0/],
    ['train', ['--epochs', '0', '--out', 'out/none.json'], /--epochs.*0/],
    ['train', ['--seed', '1.5', '--out', 'out/none.json'], /--seed.*1\.5/],
  ];
  test.each(calls)('%s %j is a mistake in the arguments', async (name, args, says) => {
    const { status, stdout, stderr } = await run(name, ...args);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(says);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});

describe('a record that is not there', () => {
  const model = ['--model', 'samples/model-ds1-without-208.json'];
  const calls: readonly (readonly [string, readonly string[]])[] = [
    ['record', ['nowhere']],
    ['convert', ['nowhere', '--file-format', 'csv', '--dir', 'out/none']],
    ['slopes', ['nowhere']],
    ['detect', ['nowhere', '--dir', 'out/none']],
    ['classify', ['nowhere', '--dir', 'out/none', ...model]],
    ['explain', ['nowhere', '--beat', '1', ...model]],
    ['report', ['nowhere', '--out', 'out/none.html']],
    ['train', ['--train', 'nowhere', '--test', 'elsewhere', '--out', 'out/none.json']],
    ['evaluate', ['classification', ...model, '--test', 'nowhere']],
    ['evaluate', ['detection', '--db', 'nowhere']],
  ];
  test.each(calls)('%s ends with 1 and one line that names it', async (name, args) => {
    const { status, stdout, stderr } = await run(name, ...args);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^error: .*nowhere/);
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });
});
