/** A batch as a process of its own, and the result of a batch as a test compares it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { queryDuckDb } from '../node/batch/duckdb.ts';

/** The digest of every file of the result, but not of the state beside it; nor of the manifest what names the source. */
export function filesOf(out: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' }).sort()) {
    if (name.startsWith('.batch') || !statSync(join(out, name)).isFile()) continue;
    files.set(
      name,
      createHash('sha256')
        .update(readFileSync(join(out, name)))
        .digest('hex'),
    );
  }
  return files;
}

/** The rows that answer an SQL query, in which `BEATS` is the table of the result in `out`. */
export const askBeats = (out: string, sql: string): Promise<unknown[][]> =>
  queryDuckDb(sql.replaceAll('BEATS', `read_parquet('${out}/beats/*/*.parquet', hive_partitioning=true)`));

export const errorsOf = (out: string): { record: string; code: string; message: string }[] =>
  readFileSync(join(out, 'errors.jsonl'), 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));

export const manifestOf = (out: string) => JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));

/** The built program: its processes start in a fraction of the time that those of a checkout take. */
export const program = resolve(import.meta.dirname, '../../dist/cli/main.js');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program to its end. */
export async function runProgram(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...words], { env: { ...process.env, ...environment } });
  const printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      printed[stream] += text;
    });
  }
  const status = await new Promise<number | null>(done => child.on('close', done));
  return { status, ...printed };
}

export interface StartedProgram {
  readonly process: ChildProcess;
  /** The exit code; null when killed. */
  readonly ended: Promise<number | null>;
}

/** Starts the program as the first of a process group of its own. */
export function startProgram(words: readonly string[]): StartedProgram {
  const child = spawn(process.execPath, [program, ...words], { stdio: 'ignore', detached: true });
  return { process: child, ended: new Promise(done => child.on('exit', code => done(code))) };
}
