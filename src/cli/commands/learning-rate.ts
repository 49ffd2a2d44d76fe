/** `learning-rate`: compares learning rates and optimisers on a beat-classification task. */
import { readBeatDataset } from '../../analysis/dataset.ts';
import { describeCurvature } from '../../learn/diagnose/curvature.ts';
import { rateChart } from '../../learn/diagnose/rate-chart.ts';
import {
  logRates,
  rangeTestOf,
  someRows,
  sweepLearningRates,
  trainingCurvature,
} from '../../learn/diagnose/rate-sweep.ts';
import { createNetwork } from '../../learn/model/network.ts';
import { recordSet } from '../../learn/protocol.ts';
import { inverseFrequencyWeights } from '../../learn/train/dataset.ts';
import { type OptimizerName, optimizerNames } from '../../learn/train/optimizers.ts';
import { type Dataset, type TrainOptions, train } from '../../learn/train/train.ts';
import type { RunFiles } from '../../node/run-files.ts';
import { samplesFolder } from '../../node/samples-folder.ts';
import { createRandom } from '../../random.ts';
import { defineCommand } from '../command.ts';
import { defaultsTo, list, number, type Option, UsageError } from '../option.ts';
import { shared } from '../options.ts';
import { print, printJson, researchNotice } from '../output.ts';
import { startProgress } from '../progress.ts';
import { formatTable } from '../table.ts';

const usualRates = '1e-5:100:15';

const rates: Option<readonly number[]> = {
  value: 'A:B:N',
  says: `N rates from A to B, evenly spaced on a logarithmic scale; default ${usualRates}`,
  absent: ratesOf(usualRates),
  read: ratesOf,
};

function ratesOf(given: string): readonly number[] {
  const [from = Number.NaN, to = Number.NaN, count = Number.NaN, ...rest] = given.split(':').map(Number);
  const fits = from > 0 && to > from && Number.isFinite(to) && Number.isInteger(count) && count >= 2;
  if (!fits || rest.length > 0) {
    throw new UsageError(`--rates is A:B:N with 0 < A < B and N from 2, not '${given}'`);
  }
  return logRates(from, to, count);
}

export const command = defineCommand({
  name: 'learning-rate',
  takes: [],
  summary: 'Effect of the learning rate on training, for each optimiser.',
  options: {
    db: {
      ...shared.db,
      says: `${shared.db.says}, e.g. mitdb; default: the included synthetic records`,
    },
    records: {
      ...shared.records,
      says: `${shared.records.says}; default 106,119,208,215,223 of mitdb, s01 to s05 of the samples`,
    },
    lead: defaultsTo({ ...shared.lead, says: 'the lead' }, 'MLII'),
    kind: defaultsTo(shared.kind, 'softmax', 'softmax, whose loss has one minimum'),
    rows: defaultsTo(number('N', 'number of rows sampled from the records', { least: 1, whole: true }), 3000),
    epochs: defaultsTo({ ...shared.epochs, says: 'epochs per training run' }, 8),
    rates,
    optimizers: defaultsTo(
      list(shared.optimizer, 'NAMES') as Option<readonly OptimizerName[] | undefined>,
      optimizerNames,
      'all',
    ),
    seed: defaultsTo(shared.seed, 1),
    out: defaultsTo(
      { ...shared.out, says: 'file for the plot, a self-contained HTML page' },
      'out/learning-rate.html',
    ),
    overwrite: shared.overwrite,
    json: shared.json,
  },
  notes: [
    'If the learning rate is too small, training stalls; if it is too large, training diverges: for gradient descent above 2/λmax, where λmax is the largest curvature of the loss, estimated by power iteration. All rows are used for training, none for testing.',
    researchNotice,
  ],
  async run(values, _positionals, files) {
    const { kind, optimizers, seed, rates } = values;
    await files.check(values.out);
    const all = await readTask(files, values.db, values.records, values.lead);
    const data = someRows(all, values.rows, seed);
    const options: TrainOptions = {
      ...{ hidden: kind === 'mlp' ? [24] : [], activation: 'tanh', optimizer: 'sgd', learningRate: 1 },
      ...{ epochs: values.epochs, batchSize: 128, l2: 1e-3, seed },
      classWeights: inverseFrequencyWeights(data.labels, data.classes.length, 0.35),
    };

    const progress = startProgress('training', optimizers.length * rates.length);
    const runs = sweepLearningRates(data, options, optimizers, rates, (done, { optimizer, learningRate }) =>
      progress.update(done, `${optimizer} at ${learningRate}`),
    );
    progress.stop();

    const best = lowestLoss(runs);
    const curvature = curvatures(data, options, best, seed);
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
    await files.write(values.out, chart);
    await files.commit();

    const sweep: Sweep = {
      title,
      kind,
      data,
      epochs: options.epochs,
      rates,
      runs,
      best,
      curvature,
      suggestions,
    };
    if (values.json) printJson(sweepAsJson(sweep, values.out));
    else {
      printSweep(sweep);
      print(`\nwrote ${values.out}\n${researchNotice}`);
    }
    return 0;
  },
});

type Runs = ReturnType<typeof sweepLearningRates>;

/** What was trained, and what came out. */
interface Sweep {
  readonly title: string;
  readonly kind: string;
  readonly data: Dataset;
  readonly epochs: number;
  readonly rates: readonly number[];
  readonly runs: Runs;
  readonly best: Runs[number];
  /** Curvature of the loss where training starts, and where the best run ended. */
  readonly curvature: ReturnType<typeof curvatures>;
  /** Learning rate that the range test suggests for each optimiser. */
  readonly suggestions: Readonly<Record<string, number | undefined>>;
}

const recordsOf = ({ data }: Sweep): string[] => [...new Set(data.groups)].sort();

/** The run with the lowest final loss, of those that did not diverge if there are any. */
function lowestLoss(runs: Runs): Runs[number] {
  const settled = runs.filter(run => run.verdict.kind !== 'diverged');
  return (settled.length > 0 ? settled : runs).reduce((low, run) =>
    run.losses.at(-1)! < low.losses.at(-1)! ? run : low,
  );
}

function curvatures(data: Dataset, options: TrainOptions, best: Runs[number], seed: number) {
  const random = createRandom(seed);
  const sizes = [data.features.length, ...options.hidden, data.classes.length];
  const start = createNetwork(sizes, options.activation, random);
  const { optimizer, learningRate } = best;
  const end = train(data, { ...options, optimizer, learningRate }).model.network;
  return {
    start: trainingCurvature(data, options, start, random),
    end: trainingCurvature(data, options, end, random),
  };
}

function sweepAsJson(sweep: Sweep, out: string): unknown {
  const { kind, data, epochs, runs, best, curvature, suggestions } = sweep;
  const { optimizer, learningRate } = best;
  const table = runs.map(({ losses, verdict, ...run }) => ({
    ...run,
    startLoss: losses[0],
    endLoss: losses.at(-1),
    verdict: verdict.kind,
    words: verdict.words,
  }));
  return {
    best: { optimizer, learningRate },
    ...{ model: kind, records: recordsOf(sweep), rows: data.labels.length, epochs, out },
    ...{ curvature, rangeTest: suggestions, runs: table },
  };
}

function printSweep(sweep: Sweep): void {
  const { title, rates, runs, best, curvature, suggestions } = sweep;
  const optimizers = [...new Set(runs.map(run => run.optimizer))];
  const cell = (name: string, rate: number): string => {
    const run = runs.find(other => other.optimizer === name && other.learningRate === rate)!;
    return run.verdict.kind === 'diverged'
      ? 'diverged'
      : `${run.losses.at(-1)!.toFixed(4)} ${run.verdict.kind}`;
  };
  print(`${title}; before training it is ${runs[0]!.losses[0]!.toFixed(4)}`);
  print(`records: ${recordsOf(sweep).join(' ')}\n`);
  print(
    formatTable([
      ['rate', ...optimizers],
      ...rates.map(rate => [String(rate), ...optimizers.map(name => cell(name, rate))]),
    ]),
  );
  const lowest = best.losses.at(-1)!.toFixed(4);
  print(`\nlowest loss: ${lowest} by ${best.optimizer} at learning rate ${best.learningRate}`);
  for (const [when, found] of Object.entries(curvature)) {
    print(`largest curvature at its ${when}: ${describeCurvature(found)}`);
  }
  for (const [name, rate] of Object.entries(suggestions)) {
    print(`range test for ${name}: the loss falls fastest near ${rate?.toPrecision(2) ?? 'no rate'}`);
  }
}

async function readTask(
  files: RunFiles,
  db: string | undefined,
  records: string | undefined,
  lead: string,
): Promise<Dataset> {
  const source = db === undefined ? files.source([samplesFolder]) : files.source();
  const usual = db === undefined ? 's01,s02,s03,s04,s05' : '106,119,208,215,223';
  return readBeatDataset(source, recordSet(records ?? usual, db ?? 'synth'), { lead });
}
