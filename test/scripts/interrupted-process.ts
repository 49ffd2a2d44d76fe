/**
 * Processes interrupted at many moments. A stopped process leaves the files that it would leave if it were killed at that
 * moment, so that one run shows the state of several moments.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../src/random.ts';

export interface Started {
  readonly process: ChildProcess;
  /** The exit code; null when killed. */
  readonly ended: Promise<number | null>;
}

/** Starts Node as the first of a process group of its own. */
export function startNode(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Started {
  const child = spawn(process.execPath, words, {
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, ...environment },
  });
  return { process: child, ended: new Promise(done => child.on('exit', code => done(code))) };
}

/**
 * Stops the process and its children at random moments, at most `longestMs` apart, calls `atEach` each time and lets them
 * run on, until they end or are killed. Returns the number of ms in which they ran. Windows cannot stop a process: there
 * only the state at the end is seen.
 */
export async function interrupt(
  { process: child, ended }: Started,
  { longestMs, killAfterMs, random }: { longestMs: number; killAfterMs: number; random: Random },
  atEach: () => void,
): Promise<number> {
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const signal = (name: NodeJS.Signals): void => {
    if (!hasEnded()) process.kill(-child.pid!, name);
  };
  const longest = process.platform === 'win32' ? Number.POSITIVE_INFINITY : longestMs;
  let ran = 0;
  try {
    while (!hasEnded()) {
      const began = performance.now();
      const isLast = ran + longest > killAfterMs;
      await Promise.race([
        ended,
        pause(isLast ? Math.max(0, killAfterMs - ran) : longest * random.uniform()),
      ]);
      ran += performance.now() - began;
      signal(isLast ? 'SIGKILL' : 'SIGSTOP');
      await (isLast ? ended : isStopped(child));
      atEach();
      if (!isLast) signal('SIGCONT');
    }
    return ran;
  } finally {
    signal('SIGKILL');
    await ended;
  }
}

/** Until no thread of the process and its children runs. */
async function isStopped({ pid }: ChildProcess): Promise<void> {
  if (process.platform !== 'linux') await pause(20);
  else while (!processTree(pid!).every(hasStopped)) await pause(1);
}

const processTree = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(processTree)];

/** The processes that a process has started and that have not ended. */
export const childrenOf = (pid: number): number[] =>
  readProc(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number);

function hasStopped(pid: number): boolean {
  const task = `/proc/${pid}/task`;
  const threads = existsSync(task) ? readdirSync(task) : [];
  // The state follows the name in parentheses: stopped, traced, zombie, dead. A thread that has just ended has none.
  return threads.every(thread => /^$|\) [TtZX] [^)]*$/.test(readProc(`${task}/${thread}/stat`)));
}

/** The text of a file of a process, '' when the process has ended. */
function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code!)) return '';
    throw error;
  }
}
