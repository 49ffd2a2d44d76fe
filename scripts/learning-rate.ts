/** Tries learning rates and optimisers on a beat-classification task and shows what each does. */

import { fileURLToPath } from 'node:url';
import { readBeatDataset } from '../src/analysis/dataset.ts';
import { choiceOption, numberOption, runCommand, UsageError, wholeOption } from '../src/cli/command.ts';
import { startProgress } from '../src/cli/progress.ts';
import { formatTable } from '../src/cli/table.ts';
import { describeCurvature } from '../src/learn/diagnose/curvature.ts';
import { rateChart } from '../src/learn/diagnose/rate-chart.ts';
import {
  logRates,
  rangeTestOf,
  someRows,
  sweepLearningRates,
  trainingCurvature,
} from '../src/learn/diagnose/rate-sweep.ts';
import { createNetwork } from '../src/learn/model/network.ts';
import { inverseFrequencyWeights } from '../src/learn/train/dataset.ts';
import { type OptimizerName, optimizerNames } from '../src/learn/train/optimizers.ts';
import { type Dataset, type TrainOptions, train } from '../src/learn/train/train.ts';
import { fileSource } from '../src/node/files.ts';
import { searchPathSource } from '../src/node/search-path.ts';
import { writeOut } from '../src/node/write-file.ts';
import { createRandom } from '../src/random.ts';

const help = `
learning-rate [options]: what the learning rate does to training, optimiser by optimiser

  --db NAME          folder of the records on the WFDB search path, e.g. mitdb; default: the samples/synth that the
                     project carries
  --records NAMES    records separated by commas; default 106,119,208,215,223 of mitdb, s01,…,s05 of the samples
  --lead NAME        lead; default MLII
  --model KIND       softmax or mlp; default softmax, whose loss has one minimum
  --rows N           rows drawn from the records; default 3000
  --epochs N         epochs of each training; default 8
  --rates A:B:N      N rates from A to B, evenly in log; default 1e-5:100:15
  --optimizers LIST  of ${optimizerNames.join(', ')}; default all
  --seed N           default 1
  --out FILE         the plot, a self-contained HTML page; default out/learning-rate.html
  --json             everything as JSON on standard output

Too small a rate stalls, too large a one diverges: for gradient descent above 2/λmax, λmax being the largest
curvature of the loss, estimated by power iteration. Rows are learned from, none is tested on.
`;

await runCommand({
  help,
  options: {
    db: { type: 'string' },
    records: { type: 'string' },
    lead: { type: 'string', default: 'MLII' },
    model: { type: 'string', default: 'softmax' },
    rows: { type: 'string', default: '3000' },
    epochs: { type: 'string', default: '8' },
    rates: { type: 'string', default: '1e-5:100:15' },
    optimizers: { type: 'string', default: optimizerNames.join(',') },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'out/learning-rate.html' },
    json: { type: 'boolean', default: false },
  },
  async run(values, positionals) {
    if (positionals.length > 0)
      throw new UsageError(`learning-rate takes options only, not '${positionals[0]}'`);
    const kind = choiceOption('model', values.model, ['softmax', 'mlp']);
    const optimizers = values.optimizers
      .split(',')
      .map(name => choiceOption('optimizers', name, optimizerNames));
    const seed = wholeOption('seed', values.seed, 0);
    const rates = ratesOption(values.rates);
    const all = await readTask(values.db, values.records, values.lead);
    const data = someRows(all, wholeOption('rows', values.rows, 1), seed);
    const options: TrainOptions = {
      ...{ hidden: kind === 'mlp' ? [24] : [], activation: 'tanh', optimizer: 'sgd', learningRate: 1 },
      ...{ epochs: wholeOption('epochs', values.epochs, 1), batchSize: 128, l2: 1e-3, seed },
      classWeights: inverseFrequencyWeights(data.labels, data.classes.length, 0.35),
    };

    const progress = startProgress('training', optimizers.length * rates.length);
    const runs = sweepLearningRates(data, options, optimizers, rates, (done, { optimizer, learningRate }) =>
      progress.update(done, `${optimizer} at ${learningRate}`),
    );
    progress.stop();

    const random = createRandom(seed);
    const sizes = [data.features.length, ...options.hidden, data.classes.length];
    const start = createNetwork(sizes, options.activation, random);
    const settled = runs.filter(run => run.verdict.kind !== 'diverged');
    const best = (settled.length > 0 ? settled : runs).reduce((low, run) =>
      run.losses.at(-1)! < low.losses.at(-1)! ? run : low,
    );
    const { optimizer, learningRate } = best;
    const end = train(data, { ...options, optimizer, learningRate }).model.network;
    const curvature = {
      start: trainingCurvature(data, options, start, random),
      end: trainingCurvature(data, options, end, random),
    };
    const suggestions = Object.fromEntries(
      optimizers.map(name => [name, rangeTestOf(data, { ...options, optimizer: name }).suggestion] as const),
    );

    const title = `${kind} on ${data.labels.length} beats: loss after ${options.epochs} epochs`;
    const bound = curvature.end.largestStableRate;
    const chart = rateChart(
      runs,
      bound === undefined
        ? { title }
        : { title: `${title}; 2/λmax where the best run ended`, largestStableRate: bound },
    );
    await writeOut(values.out, chart);

    const records = [...new Set(data.groups)].sort();
    if (values.json) {
      const table = runs.map(({ losses, verdict, ...run }) => ({
        ...run,
        startLoss: losses[0],
        endLoss: losses.at(-1),
        verdict: verdict.kind,
        words: verdict.words,
      }));
      console.log(
        JSON.stringify({
          best: { optimizer, learningRate },
          ...{ model: kind, records, rows: data.labels.length, epochs: options.epochs, out: values.out },
          ...{ curvature, rangeTest: suggestions, runs: table },
        }),
      );
      return;
    }
    const cell = (name: OptimizerName, rate: number): string => {
      const run = runs.find(other => other.optimizer === name && other.learningRate === rate)!;
      return run.verdict.kind === 'diverged'
        ? 'diverged'
        : `${run.losses.at(-1)!.toFixed(4)} ${run.verdict.kind}`;
    };
    console.log(`${title}; before training it is ${runs[0]!.losses[0]!.toFixed(4)}`);
    console.log(`records: ${records.join(' ')}\n`);
    console.log(
      formatTable([
        ['rate', ...optimizers],
        ...rates.map(rate => [String(rate), ...optimizers.map(name => cell(name, rate))]),
      ]),
    );
    console.log(
      `\nlowest loss: ${best.losses.at(-1)!.toFixed(4)} by ${optimizer} at learning rate ${learningRate}`,
    );
    for (const [when, found] of Object.entries(curvature)) {
      console.log(`largest curvature at its ${when}: ${describeCurvature(found)}`);
    }
    for (const [name, rate] of Object.entries(suggestions)) {
      console.log(`range test for ${name}: the loss falls fastest near ${rate?.toPrecision(2) ?? 'no rate'}`);
    }
    console.log(`\nwrote ${values.out}\nResearch use only, not for diagnosis.`);
  },
});

function ratesOption(text: string): number[] {
  const [from, to, count, ...rest] = text.split(':').map(word => numberOption('rates', word));
  const fits = from! > 0 && to! > from! && Number.isInteger(count) && count! >= 2;
  if (!fits || count === undefined || rest.length > 0) {
    throw new UsageError(`--rates is A:B:N with 0 < A < B and N from 2, not '${text}'`);
  }
  return logRates(from!, to!, count);
}

async function readTask(db: string | undefined, records: string | undefined, lead: string): Promise<Dataset> {
  const source =
    db === undefined
      ? fileSource([fileURLToPath(new URL('../samples/', import.meta.url))])
      : searchPathSource();
  const usual = db === undefined ? 's01,s02,s03,s04,s05' : '106,119,208,215,223';
  return readBeatDataset(source, db ?? 'synth', (records ?? usual).split(','), { lead });
}
