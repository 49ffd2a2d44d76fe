/** `learning-rate`: tries learning rates and optimisers on a table of patients or on beats, and shows what each does. */
import { join } from 'node:path';
import { readBeatDataset } from '../../analysis/dataset.ts';
import { lessonFiles } from '../../analysis/lessons/lesson-inputs.ts';
import { rawUnitDataset } from '../../analysis/lessons/step-length.ts';
import { parseClinicalTable } from '../../analysis/risk/clinical-table.ts';
import { riskTask } from '../../analysis/risk/risk-task.ts';
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
import { choice, defaultsTo, list, number, type Option, UsageError } from '../option.ts';
import { shared } from '../options.ts';
import { print, printJson, researchNotice } from '../output.ts';
import { startProgress } from '../progress.ts';
import { formatTable } from '../table.ts';

/** A task to learn at every rate, and what suits it where nothing else is asked for. */
interface Task {
  readonly data: Dataset;
  /** In words: what a row is. */
  readonly of: string;
  readonly epochs: number;
  readonly batchSize: number;
  readonly rates: string;
  readonly units: 'raw' | 'standardized';
  readonly classWeights: readonly number[];
}

const rates: Option<readonly number[] | undefined> = {
  value: 'A:B:N',
  says: 'N rates from A to B, evenly in log; default 1e-6:10:15, for beats 1e-5:100:15',
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
  summary: 'What the learning rate does to training, optimiser by optimiser.',
  options: {
    db: {
      ...shared.db,
      says: `${shared.db.says}, e.g. mitdb: learn beats of its records`,
    },
    records: {
      ...shared.records,
      says: `${shared.records.says}: learn their beats; without --db of the synthetic samples`,
    },
    lead: defaultsTo({ ...shared.lead, says: 'the lead' }, 'MLII'),
    kind: defaultsTo(shared.kind, 'softmax', 'softmax, whose loss has one minimum'),
    rows: defaultsTo(number('N', 'rows drawn from the records', { least: 1, whole: true }), 3000),
    epochs: { ...shared.epochs, says: 'epochs of each training; default 60, for beats 8' },
    units: choice(
      ['raw', 'standardized'],
      'features in their own units or in standard deviations; default raw, for beats standardized',
    ),
    rates,
    optimizers: defaultsTo(
      list(shared.optimizer, 'NAMES') as Option<readonly OptimizerName[] | undefined>,
      optimizerNames,
      'all',
    ),
    seed: defaultsTo(shared.seed, 1),
    out: defaultsTo(
      { ...shared.out, says: 'the plot, a self-contained HTML page' },
      'out/learning-rate.html',
    ),
    overwrite: shared.overwrite,
    json: shared.json,
  },
  notes: [
    'Without --db and --records the task is death after heart failure by ejection fraction, creatinine, sodium and age, in the units of the table that comes with upstroke: ill-scaled, as real tables are, so that plain gradient descent has a narrow range of rates and adaptive optimisers a wide one. --units standardized shows the remedy.',
    'Too small a rate stalls, too large a one diverges: for gradient descent above 2/λmax, λmax being the largest curvature of the loss, estimated by power iteration. Rows are learned from, none is tested on.',
    researchNotice,
  ],
  async run(values, _positionals, files) {
    const { kind, optimizers, seed } = values;
    await files.check(values.out);
    const task = await readTask(files, values.db, values.records, values.lead);
    const data = someRows(task.data, values.rows, seed);
    const rates = values.rates ?? ratesOf(task.rates);
    const units = values.units ?? task.units;
    const options: TrainOptions = {
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

    const title = `${kind} on ${data.labels.length} ${task.of}, features ${units === 'raw' ? 'in their own units' : 'standardised'}: loss after ${options.epochs} epochs`;
    const bound = curvature.end.largestStableRate;
    const chart = rateChart(
      runs,
      bound === undefined
        ? { title }
        : { title: `${title}; 2/λmax where the best run ended`, largestStableRate: bound },
    );
    await files.write(values.out, chart);
    await files.commit();

    // Each patient of a table is a group of its own: there is nothing to list.
    const records = task.of === 'beats' ? [...new Set(data.groups)].sort() : [];
    if (values.json) {
      const table = runs.map(({ losses, verdict, ...run }) => ({
        ...run,
        startLoss: losses[0],
        endLoss: losses.at(-1),
        verdict: verdict.kind,
        losses,
        words: verdict.words,
      }));
      printJson({
        best: { optimizer, learningRate },
        ...{
          model: kind,
          task: task.of,
          units,
          records,
          rows: data.labels.length,
          epochs: options.epochs,
          out: values.out,
        },
        ...{ curvature, rangeTest: suggestions, runs: table },
      });
      return 0;
    }
    const cell = (name: OptimizerName, rate: number): string => {
      const run = runs.find(other => other.optimizer === name && other.learningRate === rate)!;
      return run.verdict.kind === 'diverged'
        ? 'diverged'
        : `${run.losses.at(-1)!.toFixed(4)} ${run.verdict.kind}`;
    };
    print(`${title}; before training it is ${runs[0]!.losses[0]!.toFixed(4)}`);
    print(records.length > 0 ? `records: ${records.join(' ')}\n` : '');
    print(
      formatTable([
        ['rate', ...optimizers],
        ...rates.map(rate => [String(rate), ...optimizers.map(name => cell(name, rate))]),
      ]),
    );
    print(
      `\nlowest loss: ${best.losses.at(-1)!.toFixed(4)} by ${optimizer} at learning rate ${learningRate}`,
    );
    for (const [when, found] of Object.entries(curvature)) {
      print(`largest curvature at its ${when}: ${describeCurvature(found)}`);
    }
    for (const [name, rate] of Object.entries(suggestions)) {
      print(`range test for ${name}: the loss falls fastest near ${rate?.toPrecision(2) ?? 'no rate'}`);
    }
    print(`\nwrote ${values.out}\n${researchNotice}`);
    return 0;
  },
});

async function readTask(
  files: RunFiles,
  db: string | undefined,
  records: string | undefined,
  lead: string,
): Promise<Task> {
  if (db === undefined && records === undefined) return patientsTask(files);
  const source = db === undefined ? files.source([samplesFolder]) : files.source();
  const usual = db === undefined ? 's01,s02,s03,s04,s05' : '106,119,208,215,223';
  const data = await readBeatDataset(source, recordSet(records ?? usual, db ?? 'synth'), { lead });
  return {
    ...{ data, of: 'beats', epochs: 8, batchSize: 128, rates: '1e-5:100:15', units: 'standardized' },
    classWeights: inverseFrequencyWeights(data.labels, data.classes.length, 0.35),
  };
}

async function patientsTask(files: RunFiles): Promise<Task> {
  const file = join(samplesFolder, lessonFiles.table);
  const table = parseClinicalTable(await files.readText(file), { file });
  const data = rawUnitDataset(riskTask(table, { target: 'DEATH_EVENT' }));
  return {
    ...{ data, of: 'patients', epochs: 60, batchSize: 32, rates: '1e-6:10:15', units: 'raw' },
    classWeights: [1, 1],
  };
}
