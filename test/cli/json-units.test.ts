/** Every number in the JSON of the measuring commands has a unit stated in the same JSON. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { run } from '../scripts/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'units-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The paths of all numbers, without the indices of arrays. */
function numberPaths(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value === 'number') return [path.join('.')];
  if (Array.isArray(value)) return value.flatMap(item => numberPaths(item, path));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => numberPaths(item, [...path, key]));
}

/** The unit of a path: that of its longest ending with an entry, else that of what contains it. */
function unitOf(path: string, units: Readonly<Record<string, string>>): string | undefined {
  const names = path.split('.');
  for (let end = names.length; end > 0; end--) {
    for (let start = 0; start < end; start++) {
      const unit = units[names.slice(start, end).join('.')];
      if (unit !== undefined) return unit;
    }
  }
  return undefined;
}

test.each([
  [
    'slopes',
    'synth/twelve',
    '--leads',
    'II,V2',
    '--detect',
    '--uncertainty',
    '--low-cut',
    '0.5',
    '--high-cut',
    '40',
  ],
  ['slopes', 'synth/s03', '--indices', '--notch', '50'],
  ['intervals', 'synth/twelve', '--uncertainty', '--leads', 'I,II', '--to', '6'],
  ['intervals', 'synth/s03'],
  ['hrv', 'mitdb-208-excerpt', '--correct', '--window-seconds', '120'],
  ['hrv', 'synth/s01', '--detect', '--heart', 'adult'],
  ['respiration', 'synth/s03'],
  ['detect', 'synth/s01', '--dir', folder],
  ['classify', 'mitdb-208-excerpt', '--model', 'samples/model-ds1-without-208.json', '--dir', folder],
])('%s %s %s %s', async (...words) => {
  const {
    units,
    indexTable: _,
    ...numbers
  } = JSON.parse((await run([...words, '--json'], { WFDB: 'samples' })).stdout);
  const paths = [...new Set(numberPaths(numbers))];
  expect(paths.length).toBeGreaterThan(3);
  expect(paths.filter(path => unitOf(path, units) === undefined)).toEqual([]);
});
