/** `batch` with its workers in this process: what a test asks of the result needs no process of its own. */
import { vi } from 'vitest';
import workerpool from 'workerpool';
import { measureRecord, unpackPart, writePart } from '../../src/node/batch/tasks.ts';
import { outcomeOf } from '../../src/node/batch/worker-pool.ts';
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
