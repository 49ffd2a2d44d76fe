import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { withPresentOptions } from '../../src/cli/former-options.ts';
import { run } from '../scripts/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'former-options-'));
afterAll(() => rmSync(folder, { recursive: true }));
const samples = { WFDB: 'samples' };
const record = 'mitdb-208-excerpt';

describe('former command lines still work, and say the present option', () => {
  test.each([
    [
      ['batch', 'samples/synth', '--workers', '1', '--out', `${folder}/batch`],
      'batch/records.parquet',
      '--dir',
    ],
    [
      ['convert', record, '--to', 'wfdb', '--format', '16', '--out', `${folder}/wfdb`],
      `wfdb/${record}.hea`,
      '--file-format',
    ],
    [
      ['convert', record, '--to=csv', '--to-time', '5', '--out', `${folder}/csv`],
      `csv/${record}.csv`,
      '--to',
    ],
    [['detect', record, '--annotator', 'found', '--dir', folder], `${record}.found`, '--annotator-out'],
    [['hrv', record, '--out', `${folder}/hrv.svg`], 'hrv.svg', '--plot'],
    [
      ['hrv', record, '--window', '60', '--step=30', '--out', `${folder}/windows.csv`],
      'windows.csv',
      '--window-seconds',
    ],
    [
      ['hrv', record, '--shortest', '300', '--longest', '2000', '--out', `${folder}/limits.csv`],
      'limits.csv',
      '--longest-ms',
    ],
    [
      ['respiration', record, '--window', '40', '--step', '20', '--out', `${folder}/respiration.csv`],
      'respiration.csv',
      '--step-seconds',
    ],
    [
      ['intervals', record, '--to', '20', '--marks', 'waves', '--dir', folder],
      `${record}.waves`,
      '--annotator-out',
    ],
    [
      [
        ...['classify', record, '--model', 'samples/model-ds1-without-208.json'],
        ...['--write', 'named', '--dir', folder],
      ],
      `${record}.named`,
      '--annotator-out',
    ],
  ])('%j', async (words, file, present) => {
    const { status, stderr } = await run(words, samples);
    expect(stderr).toContain(`is now ${present}`);
    expect(status).toBe(0);
    expect(existsSync(join(folder, file))).toBe(true);
  });
});

test('a name that has another meaning now is taken as before only with a value of before', async () => {
  const { stderr } = await run(['hrv', record, '--out', `${folder}/hrv.csv`], samples);
  expect(stderr).not.toContain('is now');
  expect(existsSync(`${folder}/hrv.csv`)).toBe(true);
});

test('present options, values and what follows -- stay as they are', () => {
  const known = [{ former: 'out', present: 'dir' }];
  expect(withPresentOptions(['--output', '--dir=out', 'out', '--', '--out'], known)).toEqual([
    ...['--output', '--dir=out', 'out', '--', '--out'],
  ]);
});
