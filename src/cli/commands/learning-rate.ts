/** `learning-rate`: compares learning rates and optimisers on a table of patients or on beats. */
import { type RateTask, readRateTask } from '../../analysis/rate-task.ts';
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
import { type OptimizerName, optimizerNames } from '../../learn/train/optimizers.ts';
import { type Dataset, train } from '../../learn/train/train.ts';
import type { CompleteTrainOptions } from '../../learn/train/train-options.ts';
import { samplesFolder } from '../../node/samples-folder.ts';
import { createRandom } from '../../random.ts';
import { defineCommand } from '../command.ts';
import { choice, defaultsTo, list, number, type Option, UsageError } from '../option.ts';
import { shared } from '../options.ts';
import { print, printJson, researchNotice } from '../output.ts';
import { startProgress } from '../progress.ts';
import { formatTable } from '../table.ts';

const rates: Option<readonly number[] | undefined> = {
  value: 'A:B:N',
  says: 'N rates from A to B, evenly spaced on a logarithmic scale; default: 1e-6:10:15 for patients, 1e-5:100:15 for beats',
  absent: undefined,
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
  summary: 'Shows the effect of the learning rate on training, for each optimiser.',
  options: {
    db: {
      ...shared.db,
      says: `${shared.db.says}, e.g. mitdb: train on beats of its records`,
    },
    records: {
      ...shared.records,
      says: `${shared.records.says}: train on their beats; without --db, of the included synthetic records`,
    },
    lead: defaultsTo({ ...shared.lead, says: 'lead by name' }, 'MLII'),
    kind: defaultsTo(
      choice(['mlp', 'softmax'], 'kind of classifier'),
      'softmax',
      'softmax, whose loss has one minimum',
    ),
    rows: defaultsTo(number('N', 'number of rows sampled from the records', { least: 1, whole: true }), 3000),
    epochs: { ...shared.epochs, says: 'epochs per training run; default: 60 for patients, 8 for beats' },
    scaling: choice(
      ['raw', 'standardized'],
      'use features in their original units or standardised; default: raw for patients, standardized for beats',
    ),
    rates,
    optimizers: defaultsTo(
      list({ ...shared.optimizer, says: 'optimisers to compare' }, 'NAMES') as Option<
        readonly OptimizerName[] | undefined
      >,
      optimizerNames,
      'all',
    ),
    seed: defaultsTo(shared.seed, 1),
    out: defaultsTo(
      { ...shared.out.page, says: `${shared.out.page.says}, with the plot` },
      'out/learning-rate.html',
    ),
    overwrite: shared.overwrite,
    json: shared.json,
  },
  notes: [
    'Without --db and --records the task is death after heart failure from ejection fraction, creatinine, sodium and age, in the units of the included table. Its columns differ in scale, as in most real tables: plain gradient descent has a narrow range of usable rates, adaptive optimisers a wide one. --scaling standardized shows the remedy.',
    'If the learning rate is too small, training stalls; if it is too large, training diverges: for gradient descent above 2/λmax, where λmax is the largest curvature of the loss, estimated by power iteration. All rows are used for training, none for testing.',
    researchNotice,
  ],
  async run(values, _positionals, files) {
    const { kind, optimizers, seed } = values;
    await files.check(values.out);
    const task = await readRateTask(
      { samples: files.source([samplesFolder]), databases: files.source() },
      { db: values.db, records: values.records, lead: values.lead },
    );
    const data = someRows(task.data, values.rows, seed);
    const rates = values.rates ?? ratesOf(task.rates);
    const units = values.scaling ?? task.units;
    const options: CompleteTrainOptions = {
      ...{ hidden: kind === 'mlp' ? [24] : [], activation: 'tanh', optimizer: 'sgd', learningRate: 1 },
      ...{ epochs: values.epochs ?? task.epochs, batchSize: task.batchSize, l2: 1e-3, seed },
      rawFeatures: units === 'raw',
      classWeights: task.classWeights,
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

    const title = `${kind} on ${data.labels.length} ${task.rows}, ${units} features: loss after ${options.epochs} epochs`;
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
      task: task.rows,
      units,
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

/** The training task and its results. */
interface Sweep {
  readonly title: string;
  readonly task: RateTask['rows'];
  readonly units: RateTask['units'];
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

/** The records that the beats are from; of a table of patients there are none. */
const recordsOf = ({ data, task }: Sweep): string[] =>
  task === 'beats' ? [...new Set(data.groups)].sort() : [];

/** The run with the lowest final loss, of those that did not diverge if there are any. */
function lowestLoss(runs: Runs): Runs[number] {
  const settled = runs.filter(run => run.verdict.kind !== 'diverged');
  return (settled.length > 0 ? settled : runs).reduce((low, run) =>
    run.losses.at(-1)! < low.losses.at(-1)! ? run : low,
  );
}

function curvatures(data: Dataset, options: CompleteTrainOptions, best: Runs[number], seed: number) {
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
  const { task, units, kind, data, epochs, runs, best, curvature, suggestions } = sweep;
  const { optimizer, learningRate } = best;
  const table = runs.map(({ losses, verdict, ...run }) => ({
    ...run,
    startLoss: losses[0],
    endLoss: losses.at(-1),
    verdict: verdict.kind,
    losses,
    text: verdict.text,
  }));
  return {
    best: { optimizer, learningRate },
    ...{ task, units, model: kind, records: recordsOf(sweep), rows: data.labels.length, epochs, out },
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
  if (sweep.task === 'beats') print(`records: ${recordsOf(sweep).join(' ')}`);
  print('');
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
