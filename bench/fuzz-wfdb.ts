/**
 * `npm run fuzz -- [--inputs N] [--tables N] [--mutations N] [--containers NAMES] [--seed N]`: reads corrupted records,
 * annotation files, text tables and files of other containers: generated ones, and real records from the WFDB search path
 * if it is set. A long run can be split: `--inputs 0 --tables 0 --mutations 20000 --containers BDF+` is one piece. Each input must be read, or refused with a
 * `WfdbError`, within a time limit, and no record may be read that contradicts its checksums. Exits with code 1 if any
 * input violates that.
 */
import { parseArgs } from 'node:util';
import { startProgress } from '../src/cli/progress.ts';
import { fileSource, wfdbPath } from '../src/node/files.ts';
import { createRandom } from '../src/random.ts';
import { WfdbError } from '../src/wfdb/errors.ts';
import { examineContainer, fuzzedContainers, mutated } from '../test/wfdb/container-fuzz.ts';
import { corrupt, examine, madeOriginals, type Original } from '../test/wfdb/record-fuzz.ts';
import { fuzzTables } from './fuzz-tables.ts';

/** Record, its annotators and its other files, from the databases on the WFDB path. */
const real: [string, string[], string[]][] = [
  ['ludb/data/1', ['i', 'v6'], []],
  ['ludb/data/77', ['ii'], []],
  ['ptb-xl/HR06000', [], []],
  ['af2017/A00001', [], []],
  ['wfdb-python/sample-data/100_3chan', [], []],
  ['wfdb-python/sample-data/3000003_0003', [], []],
  ['wfdb-python/sample-data/310derive', [], []],
  ['wfdb-python/sample-data/310derive_3', [], []],
  ['wfdb-python/sample-data/311derive', [], []],
  ['wfdb-python/sample-data/311derive_3', [], []],
  ['wfdb-python/sample-data/binformats', [], []],
  ['wfdb-python/sample-data/flacformats', [], []],
  ['wfdb-python/sample-data/test01_00s_skewframe', [], []],
  ['wfdb-python/sample-data/12726', ['anI'], []],
  ['wfdb-python/sample-data/1003', ['atr'], []],
  ['wfdb-python/sample-data/03700181', ['sqrs', 'gqrsh'], []],
  [
    'wfdb-python/sample-data/multi-segment/041s/041s',
    [],
    ['041s01.hea', '041s01.dat', '041s02.hea', '041s02.dat'],
  ],
  [
    'wfdb-python/sample-data/multi-segment/p000878/p000878-2137-10-26-16-57',
    [],
    ['3269321_layout.hea', '3269321_0001.hea', '3269321_0001.dat', '3269321_0002.hea', '3269321_0002.dat'],
  ],
];
/** Larger files would only slow the run down. */
const largest = 200_000;
/** One FLAC input costs as much time as fifty others. */
const flacShare = 0.005;

async function realOriginals(): Promise<Original[]> {
  if (!process.env.WFDB) return [];
  const source = fileSource(wfdbPath());
  const found: Original[] = [];
  for (const [path, annotators, others] of real) {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const name = path.slice(folder.length);
    const files = new Map<string, Uint8Array>();
    const take = async (file: string): Promise<void> => {
      try {
        const bytes = await source.read(folder + file);
        if (bytes.length <= largest) files.set(file, bytes);
      } catch (error) {
        if (!(error instanceof WfdbError && error.code === 'not-found')) throw error;
      }
    };
    await take(`${name}.hea`);
    const header = new TextDecoder('latin1').decode(files.get(`${name}.hea`));
    const signalFiles = [...header.matchAll(/^(\S+\.\w+) \d/gm)].map(match => match[1]!);
    for (const file of new Set([...signalFiles, ...annotators.map(a => `${name}.${a}`), ...others]))
      await take(file);
    if (files.size > 1) found.push({ name, annotators, files });
  }
  return found;
}

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '120000' },
    tables: { type: 'string', default: '60000' },
    mutations: { type: 'string' },
    containers: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const inputs = Number(values.inputs);
const random = createRandom(Number(values.seed));
const originals = [...(await madeOriginals()), ...(await realOriginals())];
const [costly, cheap] = [true, false].map(isFlac =>
  originals.filter(o => o.name.startsWith('flac') === isFlac),
);

// The FLAC decoder prints every error it meets, which here is nearly every input.
const printError = console.error;
console.error = () => {};

const tally = new Map<string, number>();
const broken: string[] = [];
let slowest = 0;
const start = performance.now();
const progress = startProgress('fuzz', inputs);
for (let i = 0; i < inputs; i++) {
  const pool = costly!.length > 0 && random.uniform() < flacShare ? costly! : cheap!;
  const original = pool[Math.floor(random.uniform() * pool.length)]!;
  const outcome = await examine(original, corrupt(original, random), random);
  for (const key of [`record ${outcome.record}`, `annotations ${outcome.annotations}`]) {
    tally.set(key, (tally.get(key) ?? 0) + 1);
  }
  slowest = Math.max(slowest, outcome.milliseconds);
  if (outcome.broken !== undefined) broken.push(`input ${i} (${original.name}): ${outcome.broken}`);
  if (i % 1000 === 0) progress.update(i);
}
progress.stop();
console.error = printError;
const tableProgress = startProgress('fuzz tables', Number(values.tables));
const tables = fuzzTables(Number(values.tables), random, done => tableProgress.update(done));
tableProgress.stop();
for (const [key, count] of tables.tally) tally.set(key, count);
broken.push(...tables.broken);
slowest = Math.max(slowest, tables.slowestMs);

/** By default a sixth as many inputs per container as records: 20,000. */
const containerInputs = values.mutations === undefined ? Math.ceil(inputs / 6) : Number(values.mutations);
const chosen = values.containers?.split(',');
const known = await fuzzedContainers();
const unknown = chosen?.find(name => !known.some(container => container.name === name));
if (unknown !== undefined) throw new Error(`--containers: no container ${unknown}`);
const containerList = known.filter(({ name }) => chosen?.includes(name) ?? true);
const containerTally = new Map<string, number>();
const containerProgress = startProgress('containers', containerInputs * containerList.length);
for (const [c, container] of containerList.entries()) {
  for (let i = 0; i < containerInputs; i++) {
    const outcome = await examineContainer(mutated(container, random), random);
    const key = `${container.name} ${outcome.strict}`;
    containerTally.set(key, (containerTally.get(key) ?? 0) + 1);
    slowest = Math.max(slowest, outcome.milliseconds);
    if (outcome.broken !== undefined) broken.push(`input ${i} (${container.name}): ${outcome.broken}`);
    if (i % 1000 === 0) containerProgress.update(c * containerInputs + i);
  }
}
containerProgress.stop();

const seconds = ((performance.now() - start) / 1000).toFixed(0);
console.log(
  `${inputs} corrupted inputs from ${originals.length} originals, ${values.tables} tables, seed ${values.seed}, ${seconds} s`,
);
for (const [what, count] of [...tally].sort()) console.log(`  ${what.padEnd(22)}${count}`);
console.log(`${containerInputs} mutated inputs of each container`);
for (const [what, count] of [...containerTally].sort()) console.log(`  ${what.padEnd(22)}${count}`);
console.log(`  slowest               ${slowest.toFixed(0)} ms`);
console.log(`crashes, hangs, escapes and misreads: ${broken.length}`);
for (const line of broken.slice(0, 20)) console.log(line);
if (broken.length > 0) process.exitCode = 1;
