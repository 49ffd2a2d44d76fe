/**
 * `batch` with changed options and inputs on an earlier result, stopped at any moment and run again: what can be used
 * again is, and the result is that of a run from anew, to the byte.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { filesOf, manifestOf, startProgram } from './batch-result.ts';
import { makeShortDatabase } from './short-database.ts';

const folder = mkdtempSync(join(tmpdir(), 'batch-redo-killed-'));
const database = join(folder, 'synth');
const earlier = join(folder, 'earlier');
const expected = join(folder, 'expected');
const back = join(folder, 'back');
const kills = 20;
const names = ['s01', 's02', 's03', 's04', 's05'];

/** Gives a record of the database the content of another of the samples. */
async function replace(name: string, by: string): Promise<void> {
  const other = join(folder, 'other');
  await makeShortDatabase(other, [by]);
  cpSync(join(other, `${by}.dat`), join(database, `${name}.dat`));
  const header = readFileSync(join(other, `${by}.hea`), 'utf8');
  writeFileSync(join(database, `${name}.hea`), header.replaceAll(by, name));
}

const argumentsFor = (out: string, measure: string, more: readonly string[] = []): string[] => [
  ...['batch', database, '--dir', out, '--workers', '2', '--records-per-file', '2'],
  ...['--detect', '--measure', measure, ...more],
];
/** Slopes by another scheme, and a further measure; interval and detection are as before. */
const changed = (out: string): string[] =>
  argumentsFor(out, 'slopes,intervals,hrv', ['--scheme', 'central4']);
const unchanged = (out: string): string[] => argumentsFor(out, 'slopes,intervals');

let duration = 0;

beforeAll(async () => {
  await makeShortDatabase(database, names);
  expect(await startProgram(unchanged(earlier)).ended).toBe(0);
  await replace('s03', 's06');
  for (const [out, words] of [
    [expected, changed(expected)],
    [back, unchanged(back)],
  ] as const) {
    const began = performance.now();
    expect(await startProgram(words).ended).toBe(0);
    duration = Math.min(1500, performance.now() - began);
    expect(manifestOf(out).perRecord).toHaveLength(names.length);
  }
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test(`killed at ${kills} random moments of doing it anew in part`, { timeout: 300_000 }, async () => {
  expect(filesOf(earlier)).not.toEqual(filesOf(expected));
  const random = createRandom(3);
  let interrupted = 0;
  for (let round = 0; interrupted < kills; round++) {
    const place = join(folder, `redo-${round}`);
    cpSync(earlier, place, { recursive: true, preserveTimestamps: true });
    for (;;) {
      const run = startProgram(changed(place));
      await Promise.race([run.ended, pause(duration * 1.2 * random.uniform())]);
      if (run.process.exitCode !== null) break;
      process.kill(-run.process.pid!, 'SIGKILL');
      await run.ended;
      if (++interrupted === kills) break;
    }
    // Every other round returns to the options of the earlier result, with the input that has changed.
    const isBack = round % 2 === 1;
    expect(await startProgram((isBack ? unchanged : changed)(place)).ended).toBe(0);
    expect(filesOf(place)).toEqual(filesOf(isBack ? back : expected));
    expect(readdirSync(join(place, '.batch/passing'))).toEqual([]);
    rmSync(place, { recursive: true });
  }
});
