/** `kill -9` in the middle of every command that writes: what is under a final name is old or new and whole. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';

const root = resolve(import.meta.dirname, '../..');
const program = join(root, 'dist/cli/main.js');
const samples = join(root, 'samples');
const folder = mkdtempSync(join(tmpdir(), 'killed-'));
const sources = join(folder, 'sources');
/** Kills per command. */
const kills = 7;

let server: Server;
let url = '';
beforeAll(async () => {
  cpSync(samples, sources, { recursive: true });
  // Small pieces, so that there is a middle to be killed in.
  server = createServer(async (request, response) => {
    const path = join(samples, 'synth', decodeURIComponent(request.url!.slice(1)));
    if (!existsSync(path) || !statSync(path).isFile()) return response.writeHead(404).end();
    const bytes = readFileSync(path);
    response.writeHead(200, { 'content-length': bytes.length });
    for (let from = 0; from < bytes.length; from += 20_000) {
      response.write(bytes.subarray(from, from + 20_000));
      await pause(5);
    }
    return response.end();
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const model = join(sources, 'model-ds1-without-208.json');
const excerpt = 'mitdb-208-excerpt';
/** The arguments of each command, writing into `out`; little to compute, so that the writing is more of the whole. */
const calls: Readonly<Record<string, (out: string) => string[]>> = {
  convert: out => ['convert', excerpt, '--file-format', 'wfdb', '--format', '16', '--dir', out],
  slopes: out => ['slopes', excerpt, '--detect', '--out', `${out}/slopes.csv`],
  detect: out => ['detect', excerpt, '--dir', out],
  train: out => [
    ...['train', '--db', 'synth', '--train', 's01', '--test', 's03', '--epochs', '5'],
    ...['--out', `${out}/model.json`],
  ],
  download: out => ['download', 'synth', 's01', 's02', '--url', url, '--dir', out],
  report: out => [
    ...['report', excerpt, '--to', '60', '--detect', '--model', model],
    ...['--out', `${out}/report.html`],
  ],
  synthesize: out => ['synthesize', 'made', '--seconds', '300', '--dir', out],
  hrv: out => ['hrv', excerpt, '--plot', `${out}/hrv.svg`],
  intervals: out => [
    ...['intervals', excerpt, '--to', '60', '--out', `${out}/waves.csv`],
    ...['--annotator-out', 'waves', '--dir', out],
  ],
  'export-onnx': out => ['export-onnx', model, '--out', `${out}/model.onnx`],
  demo: out => ['demo', '--dir', out],
};

describe.each(Object.entries(calls))('%s', (name, argumentsFor) => {
  test(`killed at ${kills} moments`, { timeout: 300_000 }, async () => {
    const whole = join(folder, `${name}-whole`);
    const began = performance.now();
    expect(await run(argumentsFor(whole))).toBe(0);
    const duration = performance.now() - began;
    const wanted = filesOf(whole);
    const before = filesOf(sources);
    const random = createRandom(1);
    const out = join(folder, `${name}-killed`);
    // Over nothing at first, then over what is there: both orders of moves.
    for (let k = 0; k < kills; k++) {
      const isReplacing = k % 2 === 1 && name !== 'download';
      if (isReplacing) {
        rmSync(out, { recursive: true, force: true });
        cpSync(whole, out, { recursive: true });
      }
      mkdirSync(out, { recursive: true });
      const words = [...argumentsFor(out), ...(name === 'download' ? [] : ['--overwrite'])];
      await run(words, duration * (0.3 + 0.7 * random.uniform()));
      for (const [file, digest] of filesOf(out)) expect([file, digest]).toEqual([file, wanted.get(file)]);
    }
    expect(filesOf(sources)).toEqual(before);
    // The next run finishes the work and leaves nothing of the dead ones.
    expect(await run([...argumentsFor(out), ...(name === 'download' ? [] : ['--overwrite'])])).toBe(0);
    expect(filesOf(out)).toEqual(wanted);
    expect(readdirSync(out, { recursive: true }).filter(file => passing.test(String(file)))).toEqual([]);
  });
});

/** Names that no finished run leaves behind. */
const passing = /(^|\/)(\.|upstroke_[0-9a-f]{12}_)|\.(part|part\.version|lock|checkpoint)$/;

/** Runs the program; with a time it is killed after so many milliseconds. The exit code, undefined when killed. */
async function run(words: readonly string[], killAfterMs?: number): Promise<number | undefined> {
  const child: ChildProcess = spawn(process.execPath, [program, ...words], {
    stdio: 'ignore',
    env: { ...process.env, WFDB: sources },
  });
  const ended = new Promise<number | undefined>(done => child.on('exit', code => done(code ?? undefined)));
  if (killAfterMs !== undefined) {
    await Promise.race([ended, pause(killAfterMs)]);
    child.kill('SIGKILL');
  }
  return ended;
}

/** The digest of every file under its final name. */
function filesOf(place: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of readdirSync(place, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(place, name);
    if (!statSync(path).isFile() || passing.test(name)) continue;
    // A header that is being replaced names its new signal files by passing names for a moment.
    const bytes = readFileSync(path);
    const content = name.endsWith('.hea') ? bytes.toString().replace(/upstroke_[0-9a-f]{12}_/g, '') : bytes;
    files.set(name, createHash('sha256').update(content).digest('hex'));
  }
  return files;
}
