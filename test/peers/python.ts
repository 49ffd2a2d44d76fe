/**
 * The Python of the peers: that of the environment variable PEERS, or of the virtual environment that `.ci/run` makes
 * from `requirements.txt`. Where there is none, the tests of this folder are skipped, and one line says so.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
const environment = process.env.PEERS ?? join(cache, 'upstroke', 'peers');
export const peersPython = join(environment, 'bin', 'python');

/** Whether the peers are installed, in the versions that the tests ask for. */
export const hasPeers = existsSync(peersPython) && isCurrent();

function isCurrent(): boolean {
  if (process.env.PEERS !== undefined) return true;
  const noted = join(environment, 'requirements.txt');
  const wanted = readFileSync(join(import.meta.dirname, 'requirements.txt'), 'utf8');
  return existsSync(noted) && readFileSync(noted, 'utf8') === wanted;
}

/** One call of a function in `peers.py`. */
export type Call = readonly [name: string, words: Readonly<Record<string, unknown>>];

/** What a call gave, or the error it raised. */
export interface Answer<T> {
  readonly value?: T;
  readonly error?: string;
}

/** Runs calls in one Python, with `folder` as its current one. */
export function callPeers<T = unknown>(folder: string, calls: readonly Call[]): Answer<T>[] {
  const output = execFileSync(peersPython, [join(import.meta.dirname, 'peers.py')], {
    cwd: folder,
    input: JSON.stringify(calls),
    maxBuffer: 2 ** 28,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return JSON.parse(output.toString('utf8')) as Answer<T>[];
}

/** A folder for the length of a test. */
export function peerFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'peers-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}
