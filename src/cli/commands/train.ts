/** `train`: trains a beat classifier on annotated records and tests it on others. */
import { rm } from 'node:fs/promises';
import { type BeatRowOptions, readBeatDataset } from '../../analysis/dataset.ts';
import { beatRecipe, decisionFor, modelInputs } from '../../analysis/recipe.ts';
import { type Curvature, describeCurvature } from '../../learn/diagnose/curvature.ts';
import { trainingCurvature } from '../../learn/diagnose/rate-sweep.ts';
import { evaluateClassifier } from '../../learn/evaluation.ts';
import type { Classifier } from '../../learn/model/classifier.ts';
import { formatModel } from '../../learn/model/model-json.ts';
import { withoutTestPatients } from '../../learn/patients.ts';
import { recordSet } from '../../learn/protocol.ts';
import { type RecordName, recordText } from '../../learn/record-name.ts';
import { startTraining } from '../../learn/train/train.ts';
import { completeOptions } from '../../learn/train/train-options.ts';
import { withGradientWorkers } from '../../node/gradient-workers/gradient-workers.ts';
import { trainInterruptibly } from '../../node/interruptible-training.ts';
import type { RunFiles } from '../../node/run-files.ts';
import { createRandom } from '../../random.ts';
import { classificationText } from '../classification-text.ts';
import { defineCommand } from '../command.ts';
import { defaultsTo, fileEndingIn, list, number, required, text, UsageError } from '../option.ts';
import { shared } from '../options.ts';
import { counted, print, printError, printJson, researchNotice } from '../output.ts';
import { startProgress } from '../progress.ts';
import { runFromBatch } from './train/run-from-batch.ts';
import { lossText, requireValidation, usualPatience } from './train/validation.ts';

const { records } = shared;

export const command = defineCommand({
  name: 'train',
  formerOptions: [{ former: 'columns', present: 'features' }],
  takes: [],
  summary: 'Trains a beat classifier on annotated records and tests it on others.',
  options: {
    train: defaultsTo({ ...records, says: `training records: ${records.says}` }, 'DS1'),
    test: defaultsTo(
      { ...records, says: 'test records, in the same form; their patients are excluded from training' },
      'DS2',
    ),
    without: defaultsTo(
      { ...records, says: 'further records whose patients are excluded from training' },
      '',
      'none',
    ),
    validate: defaultsTo(
      {
        ...records,
        says: 'validation records: excluded from training, which stops when their loss has not improved for --patience epochs',
      },
      '',
      'none',
    ),
    patience: number('N', 'with --validate: epochs without improvement before training stops; default 3', {
      least: 1,
      whole: true,
    }),
    data: text(
      'DIR',
      'train on the result of the batch command, which may be larger than memory; --train all uses all its records',
    ),
    features: list(text('NAME', 'with --data: columns to train on; default: the beat features'), 'NAMES'),
    db: defaultsTo(shared.db, 'mitdb'),
    lead: defaultsTo({ ...shared.lead, says: 'lead by name' }, 'MLII'),
    kind: defaultsTo(shared.kind, 'mlp'),
    optimizer: defaultsTo(shared.optimizer, 'adam'),
    lr: number('RATE', 'learning rate; default 0.01', { above: 0 }),
    epochs: { ...shared.epochs, says: `${shared.epochs.says}; default 10` },
    seed: defaultsTo(shared.seed, 1),
    workers: number('N', 'threads that share each minibatch; default none, the training has its own alone', {
      least: 1,
      most: 1024,
      whole: true,
    }),
    checkpoint: text(
      'FILE',
      'checkpoint file, written every 30 s and on Ctrl-C; default OUT.checkpoint, deleted at the end',
    ),
    resume: text(
      'FILE',
      'resume from a checkpoint of the same data and options; the result is bit-identical',
    ),
    out: required(
      fileEndingIn(
        ['json'],
        'model file to write, as JSON; if training diverges, none is written and the exit code is 1',
      ),
    ),
    overwrite: shared.overwrite,
    json: shared.json,
  },
  notes: [
    'Beats are those of the annotations. Classes follow ANSI/AAMI EC57: N, S, V, F, Q. The checkpoint given to --resume is the only input file that a run may replace.',
    researchNotice,
  ],
  async run(values, _positionals, files) {
    const { kind, optimizer, seed } = values;
    await files.check(values.out);
    const checkpoint = values.checkpoint ?? `${values.out}.checkpoint`;
    if (checkpoint !== values.resume) await files.check(checkpoint);
    const changed = {
      ...(values.lr === undefined ? {} : { learningRate: values.lr }),
      ...(values.epochs === undefined ? {} : { epochs: values.epochs }),
    };
    if (values.data !== undefined)
      return runFromBatch({ ...values, data: values.data }, changed, checkpoint, files);
    if (values.features !== undefined) throw new UsageError('--features needs --data');
    const sets = recordSets(values);
    const { training, validation, test } = sets;

    const rowOptions = { lead: values.lead, inputs: modelInputs(kind) };
    const read = await readRows(files, training, rowOptions, 'reading training records');
    const recipe = beatRecipe(kind, read, seed);
    const options = {
      ...completeOptions(recipe.options, recipe.rows.classes.length),
      optimizer,
      ...changed,
      ...(validation.length === 0
        ? {}
        : {
            validation: await readRows(files, validation, rowOptions, 'reading validation records'),
            patience: values.patience ?? usualPatience,
          }),
    };
    // Read before the training, so that a missing test record costs no training.
    const testRows = await readRows(files, test, rowOptions, 'reading test records');
    const progress = startProgress('training', options.epochs);
    const onEpoch = (epoch: number, loss: number, held: number | undefined): void =>
      progress.update(epoch, lossText(loss, held));
    const trained = await withGradientWorkers(values.workers, parallel =>
      trainInterruptibly(from => startTraining(recipe.rows, { ...options, ...parallel, onEpoch }, from), {
        checkpoint,
        ...(values.resume === undefined ? {} : { resume: values.resume }),
      }),
    );
    const { losses, verdict, interrupted } = trained;
    const model = { ...trained.model, decision: decisionFor(trained.model.features) };
    progress.stop();
    if (interrupted) {
      printError(
        `interrupted after ${counted(losses.length - 1, 'epoch')}; resume with --resume ${checkpoint}`,
      );
      return 130;
    }
    if (values.checkpoint === undefined) await rm(checkpoint, { force: true });
    const isKept = verdict.kind !== 'diverged';
    if (isKept) await files.write(values.out, formatModel(model));
    await files.commit();

    const curvature = trainingCurvature(recipe.rows, options, model.network, createRandom(seed));
    const evaluation = evaluateClassifier(model, testRows);
    const tested: TrainedAndTested = {
      trained,
      model,
      sets,
      evaluation,
      curvature,
      out: isKept ? values.out : undefined,
    };
    if (values.json) printJson(trainingAsJson(tested));
    else printTraining(tested);
    return isKept ? 0 : 1;
  },
});

/** Records to train on, to validate on and to test on. */
interface RecordSets {
  readonly training: readonly RecordName[];
  readonly validation: readonly RecordName[];
  readonly test: readonly RecordName[];
  /** Requested for training, but their patients are in another set. */
  readonly leftOut: readonly RecordName[];
}

/** Throws `UsageError` if the options leave no records, or validate on patients of the test set. */
function recordSets(
  values: {
    readonly [K in 'train' | 'test' | 'without' | 'validate' | 'db']: string;
  } & { readonly patience: number | undefined },
): RecordSets {
  const test = recordSet(values.test, values.db);
  const requested = recordSet(values.train, values.db);
  const without = recordSet(values.without, values.db);
  const validation = recordSet(values.validate, values.db);
  const training = withoutTestPatients(requested, [...test, ...validation, ...without]);
  if (training.length === 0 || test.length === 0) {
    throw new UsageError('--train and --test each need records, of different patients');
  }
  requireValidation(validation, test, values.patience);
  const leftOut = requested.filter(record => !training.includes(record));
  return { training, validation, test, leftOut };
}

interface TrainedAndTested {
  readonly trained: Awaited<ReturnType<typeof trainInterruptibly>>;
  readonly model: Classifier;
  readonly sets: RecordSets;
  readonly evaluation: ReturnType<typeof evaluateClassifier>;
  readonly curvature: Curvature;
  /** Path of the model file; undefined if training diverged. */
  readonly out: string | undefined;
}

const trainingAsJson = ({ trained, model, sets, evaluation, curvature, out }: TrainedAndTested): unknown => ({
  out: out ?? null,
  training: model.training,
  leftOut: sets.leftOut.map(recordText),
  losses: trained.losses,
  validationLosses: trained.validationLosses,
  verdict: trained.verdict,
  health: trained.health.findings,
  curvature,
  ...evaluation,
});

function printTraining({ trained, model, sets, evaluation, curvature, out }: TrainedAndTested): void {
  const { training, leftOut, test } = sets;
  const left = leftOut.length > 0 ? `\nleft out: ${leftOut.map(recordText).join(' ')}` : '';
  const names = training.map(recordText).join(' ');
  print(
    `trained on ${counted(training.length, 'record')}, ${counted(model.training.rows, 'beat')}: ${names}${left}`,
  );
  print([trained.verdict.text, ...trained.health.findings].join('\n'));
  const { learningRate, optimizer } = model.training;
  print(`learning rate in use ${learningRate} (${optimizer}); ${describeCurvature(curvature)}`);
  print(`\ntested on ${counted(test.length, 'record')} of other patients:`);
  print(classificationText(evaluation));
  print(out === undefined ? '\nnot written: the training diverged' : `\nwrote ${out}`);
  print(researchNotice);
}

async function readRows(files: RunFiles, records: readonly RecordName[], of: BeatRowOptions, title: string) {
  const progress = startProgress(title, records.length);
  const rows = await readBeatDataset(files.source(), records, {
    ...of,
    onRecord: (done, record) => progress.update(done, record),
  });
  progress.stop();
  return rows;
}
