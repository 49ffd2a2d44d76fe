/** `batch` with its workers in this process: what a test asks of the result needs no process of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, vi } from 'vitest';
import workerpool from 'workerpool';
import { measureRecord, unpackPart, writePart } from '../../src/node/batch/tasks.ts';
import { outcomeOf } from '../../src/node/batch/worker-pool.ts';
import { runProgram } from './batch-result.ts';
import { makeMixedDatabase, samples } from './mixed-database.ts';
import { type Outcome, run } from './run-command.ts';

const tasks = { measureRecord, writePart, unpackPart } as Readonly<
  Record<string, (task: never) => Promise<unknown>>
>;

/** As between processes: what JSON does not hold is lost. */
const passed = <T>(message: T): T => JSON.parse(JSON.stringify(message)) as T;

const pool = {
  exec: async (name: string, [task]: readonly unknown[]) =>
    passed(await outcomeOf(() => tasks[name]!(passed(task) as never))),
  terminate: async () => {},
};

/** Runs `batch` and the words after it. There are no limits on time and memory: those are a process's. */
export async function runBatch(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const spy = vi.spyOn(workerpool, 'pool').mockReturnValue(pool as never);
  try {
    return await run(['batch', '--workers', '1', ...words], environment);
  } finally {
    spy.mockRestore();
  }
}

/**
 * The mixed database in a folder of the test file's own, which is made before its tests and removed after them, and
 * `batch` on the samples: in this process, or in worker processes, as a person runs it.
 */
export function withMixedDatabase(name: string) {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  const place = (...names: string[]): string => join(folder, ...names);
  const database = place('mixed');
  beforeAll(() => makeMixedDatabase(database));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const environment = { WFDB: samples };
  return {
    place,
    database,
    batch: (...words: string[]) => runBatch(words, environment),
    batchAsProcess: (...words: string[]) => runProgram(['batch', '--workers', '1', ...words], environment),
  };
}
