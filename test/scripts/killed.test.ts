/** Every command that writes, stopped and killed at random moments: a file under its final name is old or new, and whole. */
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
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../src/random.ts';
import { interrupt, type Started, startNode } from './interrupted-process.ts';

const root = resolve(import.meta.dirname, '../..');
const program = join(root, 'dist/cli/main.js');
const samples = join(root, 'samples');
const folder = mkdtempSync(join(tmpdir(), 'killed-'));
const sources = join(folder, 'sources');
/** Commands are stopped after at most so many ms, again and again. */
const longestMs = 50;

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
  slopes: out => ['slopes', excerpt, '--to', '60', '--detect', '--out', `${out}/slopes.csv`],
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
  hrv: out => ['hrv', excerpt, '--to', '100', '--plot', `${out}/hrv.svg`],
  intervals: out => [
    ...['intervals', excerpt, '--to', '60', '--out', `${out}/waves.csv`],
    ...['--annotator-out', 'waves', '--dir', out],
  ],
  'export-onnx': out => ['export-onnx', model, '--out', `${out}/model.onnx`],
  demo: out => ['demo', '--dir', out],
};

test.each(Object.entries(calls))(
  '%s: whenever it stops, each file is whole, and the next run completes what a killed one began',
  { timeout: 300_000 },
  async (name, argumentsFor) => {
    const out = join(folder, name);
    mkdirSync(out);
    const before = filesOf(sources);
    const random = createRandom(1);
    const states: Map<string, string>[] = [];
    const observe = (started: Started, killAfterMs: number): Promise<number> =>
      interrupt(started, { longestMs, killAfterMs, random }, () => states.push(filesOf(out)));
    const words = argumentsFor(out);
    const first = start(words);
    const duration = await observe(first, Number.POSITIVE_INFINITY);
    expect(await first.ended).toBe(0);
    const wanted = filesOf(out);
    expect(wanted.size).toBeGreaterThan(0);
    // Over complete files, the order of the moves is another. A download goes on with what is there.
    if (name === 'download') for (const file of wanted.keys()) rmSync(join(out, file));
    else words.push('--overwrite');
    await observe(start(words), duration * (0.3 + 0.7 * random.uniform()));
    expect(states.length).toBeGreaterThan(3);
    for (const state of states) {
      for (const [file, digest] of state) expect([file, digest]).toEqual([file, wanted.get(file)]);
    }
    expect(filesOf(sources)).toEqual(before);
    // The next run finishes the work and leaves no temporary files of the killed one.
    expect(await start(words).ended).toBe(0);
    expect(filesOf(out)).toEqual(wanted);
    expect(readdirSync(out, { recursive: true }).filter(file => passing.test(String(file)))).toEqual([]);
  },
);

/** Names that no finished run leaves behind. */
const passing = /(^|\/)(\.|upstroke_[0-9a-f]{12}_)|\.(part|part\.version|lock|checkpoint)$/;

const start = (words: readonly string[]): Started => startNode([program, ...words], { WFDB: sources });

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
