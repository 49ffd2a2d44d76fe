/**
 * `npm run bench train`: training with upstroke (Float32 and Float64, alone and on worker threads), TensorFlow.js (CPU and
 * WebAssembly backends) and jax-js (WebAssembly), on three tasks. Every run is a separate process, and the libraries
 * alternate within a round, so that other load affects all of them. Rows, batches, initial weights and optimiser are the
 * same; batches are prepared on the backend beforehand; the loss is read at every step; warm-up and compilation are not
 * timed.
 *
 * Options: --rounds N (default 3), --tasks mlp,softmax,cnn,shapes (shapes: networks that were not used for
 * tuning, see train/shapes.ts; or a name of that form), --only NAMES (as printed), --json.
 * `npm ci --prefix bench` installs the other libraries.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startProgress } from '../src/cli/progress.ts';
import { shapes } from './train/shapes.ts';
import { type TaskName, taskOf } from './train/task.ts';

interface Outcome {
  /** Wall-clock time and processor time, s. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly loss: number;
  readonly peakMegabytes: number;
}

interface Runner {
  readonly name: string;
  readonly file: string;
  readonly arguments: readonly string[];
  /** Tasks that it does not run. */
  readonly without: readonly TaskName[];
}

const runners: readonly Runner[] = [
  { name: 'upstroke float32', file: 'upstroke.ts', arguments: ['float32'], without: [] },
  // The same, with each batch divided among worker threads.
  { name: 'float32 1 worker', file: 'upstroke.ts', arguments: ['float32', '1'], without: [] },
  { name: 'float32 2 workers', file: 'upstroke.ts', arguments: ['float32', '2'], without: [] },
  { name: 'upstroke float64', file: 'upstroke.ts', arguments: ['float64'], without: [] },
  { name: 'jax-js wasm', file: 'jax.ts', arguments: [], without: [] },
  { name: 'tfjs wasm', file: 'tfjs.ts', arguments: ['wasm'], without: [] },
  // The convolutional task would take minutes per run.
  { name: 'tfjs cpu', file: 'tfjs.ts', arguments: ['cpu'], without: ['cnn', ...shapes] },
];

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    tasks: { type: 'string', default: 'mlp,softmax,cnn' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const tasks = values.tasks.split(',').flatMap(name => (name === 'shapes' ? shapes : [name]));
const only = values.only?.split(',');
const folder = import.meta.dirname;
const isUpstroke = ({ file }: Runner): boolean => file === 'upstroke.ts';
const needsPeers = runners.some(runner => (only?.includes(runner.name) ?? true) && !isUpstroke(runner));
if (needsPeers && !existsSync(join(folder, 'node_modules', '@tensorflow', 'tfjs'))) {
  console.error('error: the other libraries are not installed: run npm ci --prefix bench');
  process.exit(1);
}

function run({ name, file, arguments: words }: Runner, task: TaskName): Outcome {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(folder, 'train', file), task, ...words],
    { encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' } },
  );
  if (status !== 0) throw new Error(`${name} on ${task} ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Outcome;
}

const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

const results = tasks.map(task => {
  const entered = runners.filter(
    runner => !runner.without.includes(task) && (only === undefined || only.includes(runner.name)),
  );
  const outcomes = new Map<string, Outcome[]>(entered.map(({ name }) => [name, []]));
  const progress = startProgress(task, rounds * entered.length);
  for (let round = 0; round < rounds; round++) {
    // Each round starts with another library, so that none always follows the same one.
    for (let k = 0; k < entered.length; k++) {
      const runner = entered[(k + round) % entered.length]!;
      progress.update(round * entered.length + k, runner.name);
      outcomes.get(runner.name)!.push(run(runner, task));
    }
  }
  progress.stop();
  const { words, rows, epochs } = taskOf(task);
  const [reference] = [...outcomes.values()];
  const table = [...outcomes].map(([name, own]) => {
    const ratio = (of: (o: Outcome) => number): number =>
      median(own.map((o, round) => of(o) / of(reference![round]!)));
    const seconds = median(own.map(o => o.seconds));
    return {
      name,
      seconds,
      cpuSeconds: median(own.map(o => o.cpuSeconds)),
      rowsPerSecond: (rows * epochs) / seconds,
      loss: median(own.map(o => o.loss)),
      ratio: ratio(o => o.seconds),
      cpuRatio: ratio(o => o.cpuSeconds),
      peakMegabytes: median(own.map(o => o.peakMegabytes)),
    };
  });
  return { task, words, rounds, table };
});

if (values.json) {
  console.log(JSON.stringify(results));
} else {
  for (const { words, table } of results) {
    console.log(`${words}; medians of ${rounds} rounds, ratios to upstroke in Float32 paired by round\n`);
    console.log('                      seconds   ratio  cpu seconds   ratio      rows/s      loss  peak MB');
    for (const row of table) {
      console.log(
        row.name.padEnd(20) +
          row.seconds.toFixed(3).padStart(9) +
          row.ratio.toFixed(2).padStart(8) +
          row.cpuSeconds.toFixed(3).padStart(13) +
          row.cpuRatio.toFixed(2).padStart(8) +
          Math.round(row.rowsPerSecond).toLocaleString('en').padStart(12) +
          row.loss.toFixed(5).padStart(10) +
          row.peakMegabytes.toFixed(0).padStart(9),
      );
    }
    const losses = table.map(row => row.loss);
    const spread = (100 * (Math.max(...losses) - Math.min(...losses))) / Math.min(...losses);
    console.log(`\nfinal losses are within ${spread.toFixed(2)} % of each other\n`);
  }
}
