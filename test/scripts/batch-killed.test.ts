/** `batch` stopped at any moment, and run again: the result is that of a run which nothing disturbed, to the byte. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { detectQrs } from '../../src/beat/detect/detect-qrs.ts';
import { fileSource } from '../../src/node/files.ts';
import { createRandom } from '../../src/random.ts';
import { readRecord } from '../../src/wfdb/record.ts';
import { queryDuckDb } from '../node/batch/duckdb.ts';
import { filesOf, program, runProgram, startProgram as start } from './batch-result.ts';
import { makeShortDatabase } from './short-database.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'batch-killed-'));
const database = join(folder, 'synth');
const names = ['s01', 's02', 's03', 's04', 's05'];
const kills = 50;
/** Whether children of a process can be seen. */
const seesChildren = process.platform === 'linux';

const argumentsFor = (out: string): string[] => [
  ...['batch', database, '--dir', out, '--workers', '2', '--records-per-file', '2'],
  ...['--detect', '--measure', 'slopes'],
];

let undisturbed: Map<string, string>;
let duration = 0;

beforeAll(async () => {
  await makeShortDatabase(database, names);
  const out = join(folder, 'undisturbed');
  const began = performance.now();
  expect(await start(argumentsFor(out)).ended).toBe(0);
  // On a busy machine a run may take long: as each goes on where the last was killed, all moments come anyway.
  duration = Math.min(1500, performance.now() - began);
  undisturbed = filesOf(out);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test(`the whole group killed at ${kills} random moments`, { timeout: 300_000 }, async () => {
  const random = createRandom(1);
  let interrupted = 0;
  let finished = 0;
  for (let out = 0; interrupted < kills; out++) {
    const place = join(folder, `killed-${out}`);
    // From anew, some moments early and some late; a run that ends before its moment ends the round.
    for (;;) {
      const run = start(argumentsFor(place));
      await Promise.race([run.ended, pause(duration * 1.2 * random.uniform())]);
      if (run.process.exitCode !== null) break;
      process.kill(-run.process.pid!, 'SIGKILL');
      await run.ended;
      if (++interrupted === kills) break;
    }
    // A worker may outlive its killed run by a moment; what it then leaves is removed by the next run.
    const last = await runProgram(argumentsFor(place));
    expect(last.status, last.stderr).toBe(0);
    expect(filesOf(place)).toEqual(undisturbed);
    expect(readdirSync(join(place, '.batch')).sort()).toEqual([
      'parts',
      'passing',
      'source',
      'staged',
      'version',
    ]);
    expect(readdirSync(join(place, '.batch/passing'))).toEqual([]);
    rmSync(place, { recursive: true });
    finished++;
  }
  expect(finished).toBeGreaterThan(0);
});

test.skipIf(!seesChildren)(
  'worker processes killed while the run goes on',
  { timeout: 120_000 },
  async () => {
    // A record whose process dies three times fails: it may be the same one each time.
    const random = createRandom(2);
    const place = join(folder, 'workers');
    const run = start(argumentsFor(place));
    let killed = 0;
    while (run.process.exitCode === null && killed < 2) {
      await pause(50 + duration * 0.15 * random.uniform());
      const children = childrenOf(run.process.pid!);
      if (children.length === 0) continue;
      process.kill(children[Math.floor(children.length * random.uniform())]!, 'SIGKILL');
      killed++;
    }
    expect(await run.ended).toBe(0);
    expect(killed).toBeGreaterThan(0);
    expect(filesOf(place)).toEqual(undisturbed);
  },
);

describe('a disk that is full', () => {
  test.skipIf(process.platform === 'win32')(
    'a limit on file sizes ends the run with one line; without it the run goes on',
    async () => {
      const place = join(folder, 'full');
      // No file may be longer than 3 kB: staged records are.
      const words = argumentsFor(place)
        .map(word => `'${word}'`)
        .join(' ');
      const shell = spawnSync(
        'bash',
        ['-c', `ulimit -f 3; exec '${process.execPath}' '${program}' ${words}`],
        {
          encoding: 'utf8',
        },
      );
      expect(shell.stderr.trim()).toMatch(/^error: .*can't be written: EFBIG/);
      expect(shell.stderr.trim().split('\n')).toHaveLength(1);
      expect(shell.status).toBe(1);
      expect(await start(argumentsFor(place)).ended).toBe(0);
      expect(filesOf(place)).toEqual(undisturbed);
    },
  );

  test('a full file system ends the run with one line; with more space it goes on', async context => {
    const small = join(folder, 'small');
    mkdirSync(small);
    const mount = (...words: string[]): boolean => spawnSync('mount', words).status === 0;
    if (!mount('-t', 'tmpfs', '-o', 'size=40k', 'none', small)) {
      return context.skip('a file system of its own takes the rights to mount one');
    }
    try {
      const place = join(small, 'out');
      const ended = spawnSync(process.execPath, [program, ...argumentsFor(place)], { encoding: 'utf8' });
      expect(ended.stderr.trim()).toMatch(/^error: .*can't be written: ENOSPC/);
      expect(ended.status).toBe(1);
      expect(mount('-o', 'remount,size=20m', small)).toBe(true);
      expect(await start(argumentsFor(place)).ended).toBe(0);
      expect(filesOf(place)).toEqual(undisturbed);
    } finally {
      spawnSync('umount', [small]);
    }
  });
});

test('two runs at once: the second is refused, and the first ends well', async () => {
  const place = join(folder, 'twice');
  const first = start(argumentsFor(place));
  await expect
    .poll(
      () => readdirSync(folder).includes('twice') && readdirSync(join(place, '.batch')).includes('run.lock'),
      { timeout: 30_000 },
    )
    .toBe(true);
  const second = spawnSync(process.execPath, [program, ...argumentsFor(place)], { encoding: 'utf8' });
  expect(second.stderr).toMatch(/^error: .*no other batch into this folder/);
  expect(second.status).toBe(1);
  expect(await first.ended).toBe(0);
  expect(filesOf(place)).toEqual(undisturbed);
});

test('interrupted from the keyboard, it says how to go on, and does', async () => {
  const place = join(folder, 'interrupted');
  const run = spawn(process.execPath, [program, ...argumentsFor(place)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  run.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<number | null>(done => run.on('close', done));
  await expect.poll(() => existsSync(join(place, '.batch/run.lock')), { timeout: 30_000 }).toBe(true);
  run.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(said).toBe('interrupted: the same command resumes the batch\n');
  expect(await start(argumentsFor(place)).ended).toBe(0);
  expect(filesOf(place)).toEqual(undisturbed);
});

test('run from a checkout, it gives what the built program gives', { timeout: 180_000 }, () => {
  const place = join(folder, 'checkout');
  const [, ...words] = argumentsFor(place);
  const script = ['--import', 'tsx', join(root, 'scripts/batch.ts')];
  const ended = spawnSync(process.execPath, [...script, ...words], { cwd: root, encoding: 'utf8' });
  expect({ status: ended.status, stderr: ended.stderr }).toEqual({ status: 0, stderr: '' });
  expect(filesOf(place)).toEqual(undisturbed);
});

test('each beat occurs once in the result', async () => {
  const [[rows, beats]] = (await queryDuckDb(
    `select count(*)::int, count(distinct (record, lead, beat))::int from '${folder}/undisturbed/beats/*/*.parquet'`,
  )) as [[number, number]];
  expect(rows).toBe(beats);
  const source = fileSource([database]);
  const detected = await Promise.all(
    names.map(async name => {
      const { signals, samplingFrequency } = await readRecord(source, name);
      return detectQrs(signals[0]!.physical, samplingFrequency).length;
    }),
  );
  expect(rows).toBe(detected.reduce((sum, count) => sum + count, 0));
});

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
