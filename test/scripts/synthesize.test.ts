import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fileSource } from '../../src/node/files.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { run as runCommand } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'synthesize-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = async (...words: string[]): Promise<string> => {
  const { status, stdout, stderr } = await runCommand(['synthesize', ...words, '--dir', folder]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
};
const fail = async (...words: string[]) => {
  const { status, stderr } = await runCommand(['synthesize', ...words, '--dir', folder]);
  return { status, lines: stderr.trim().split('\n') };
};

describe('scripts/synthesize.ts', () => {
  test('writes a record that reads back with what was asked', async () => {
    const words =
      'made --seconds 20 --frequency 500 --leads 12 --format 16 --pvc 0.2 --slow 1:1.4 --delayed 0.2:1.3 --snr 12 --json';
    const summary = JSON.parse(await run(...words.split(' ')));
    expect(summary).toMatchObject({ record: 'made', samplingFrequency: 500, samples: 10_000 });
    expect(summary.beats.N + summary.beats.V).toBeGreaterThan(18);
    expect(summary.beats.V).toBeGreaterThan(0);
    const record = await readRecord(fileSource([folder]), 'made');
    expect(record.signals).toHaveLength(12);
    expect(record.length).toBe(10_000);
    expect(readFileSync(join(folder, 'made.truth.csv'), 'utf8').split('\n')).toHaveLength(
      2 + 12 * (summary.beats.N + summary.beats.V),
    );
  });

  test('the same options give the same files, another seed others', async () => {
    const bytes = (name: string): Buffer => readFileSync(join(folder, `${name}.dat`));
    await run('a', '--seconds', '5', '--snr', '6');
    await run('b', '--seconds', '5', '--snr', '6');
    await run('c', '--seconds', '5', '--snr', '6', '--seed', '2');
    expect(bytes('a').equals(bytes('b'))).toBe(true);
    expect(bytes('a').equals(bytes('c'))).toBe(false);
  });

  test.each([
    [[]],
    [['x', '--seconds', 'long']],
    [['x', '--hr', '9999']],
    [['x', '--leads', 'II,V9']],
    [['x', '--noise-kinds', 'thunder']],
  ])('bad arguments %j end with 2 and one line', async words => {
    const { status, lines } = await fail(...words);
    expect(status).toBe(2);
    expect(lines).toHaveLength(1);
  });

  test('a name that leads out of the folder ends with 1 and one line', async () => {
    const { status, lines } = await fail('../x', '--seconds', '1');
    expect(status).toBe(1);
    expect(lines).toHaveLength(1);
  });
});
