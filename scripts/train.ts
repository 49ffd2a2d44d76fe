/** Trains a beat classifier on annotated records and tests it on others. */
import { rm } from 'node:fs/promises';
import { readBeatDataset } from '../src/analysis/dataset.ts';
import { beatRecipe } from '../src/analysis/recipe.ts';
import { classificationText } from '../src/cli/classification-text.ts';
import { choiceOption, numberOption, runCommand, UsageError, wholeOption } from '../src/cli/command.ts';
import { startProgress } from '../src/cli/progress.ts';
import { describeCurvature } from '../src/learn/diagnose/curvature.ts';
import { trainingCurvature } from '../src/learn/diagnose/rate-sweep.ts';
import { evaluateClassifier } from '../src/learn/evaluation.ts';
import { recordSet, withoutTestPatients } from '../src/learn/protocol.ts';
import { optimizerNames } from '../src/learn/train/optimizers.ts';
import { startTraining, type TrainOptions } from '../src/learn/train/train.ts';
import { trainInterruptibly } from '../src/node/interruptible-training.ts';
import { writeModel } from '../src/node/model-file.ts';
import { searchPathSource } from '../src/node/search-path.ts';
import { createRandom } from '../src/random.ts';

const help = `
train --out MODEL.json [options]: train a beat classifier on annotated records, test it on others

  --train SET        DS1, DS2 or records separated by commas; default DS1
  --test SET         the same; default DS2. Records of a test patient are left out of training
  --without RECORDS  further records to leave out of training
  --validate RECORDS hold these back from training, follow their loss, and stop when it has not fallen for --patience
  --patience N       epochs; default 3, with --validate
  --db NAME          folder of the records on the WFDB search path; default mitdb
  --lead NAME        lead; default MLII
  --model KIND       mlp or softmax; default mlp
  --optimizer NAME   ${optimizerNames.join(', ')}; default adam
  --lr RATE          learning rate; default 0.01
  --epochs N         default 10
  --seed N           default 1
  --checkpoint FILE  where the state goes every half minute and on Ctrl-C; default OUT.checkpoint, gone when done
  --resume FILE      go on from a checkpoint of the same data and options, to the bit
  --out FILE         where the model goes, as JSON; a training that diverges writes none and ends with exit code 1
  --json             everything as JSON on standard output

Beats are taken where the annotations are. Classes after ANSI/AAMI EC57: N, S, V, F, Q.
Research use only, not for diagnosis.
`;

await runCommand({
  help,
  options: {
    train: { type: 'string', default: 'DS1' },
    test: { type: 'string', default: 'DS2' },
    without: { type: 'string', default: '' },
    validate: { type: 'string', default: '' },
    patience: { type: 'string' },
    checkpoint: { type: 'string' },
    resume: { type: 'string' },
    db: { type: 'string', default: 'mitdb' },
    lead: { type: 'string', default: 'MLII' },
    model: { type: 'string', default: 'mlp' },
    optimizer: { type: 'string', default: 'adam' },
    lr: { type: 'string' },
    epochs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  async run(values, positionals) {
    if (positionals.length > 0) throw new UsageError(`train takes options only, not '${positionals[0]}'`);
    if (values.out === undefined) throw new UsageError('--out says where the model goes');
    const kind = choiceOption('model', values.model, ['mlp', 'softmax']);
    const optimizer = choiceOption('optimizer', values.optimizer, optimizerNames);
    const seed = wholeOption('seed', values.seed, 0);
    const changed = {
      ...(values.lr === undefined ? {} : { learningRate: rateOption(values.lr) }),
      ...(values.epochs === undefined ? {} : { epochs: wholeOption('epochs', values.epochs, 1) }),
    };
    const test = recordSet(values.test);
    const asked = recordSet(values.train);
    const leftOut = recordSet(values.without);
    const validation = recordSet(values.validate);
    const training = withoutTestPatients(withoutTestPatients(asked, test), validation).filter(
      record => !leftOut.includes(record),
    );
    if (training.length === 0 || test.length === 0) {
      throw new UsageError('--train and --test each need records, of different patients');
    }

    if (values.patience !== undefined && validation.length === 0) {
      throw new UsageError('--patience needs --validate');
    }
    const patience = wholeOption('patience', values.patience ?? '3', 1);
    const overlap = validation.filter(record => !withoutTestPatients([record], test).includes(record));
    if (overlap.length > 0)
      throw new UsageError(`--validate names patients of the test set: ${overlap.join(', ')}`);

    const read = await readRows(values.db, training, values.lead, 'reading training records');
    const recipe = beatRecipe(kind, read, seed);
    const options: TrainOptions = {
      ...recipe.options,
      optimizer,
      ...changed,
      ...(validation.length === 0
        ? {}
        : {
            validation: await readRows(values.db, validation, values.lead, 'reading validation records'),
            patience,
          }),
    };
    const checkpoint = values.checkpoint ?? `${values.out}.checkpoint`;
    const progress = startProgress('training', options.epochs);
    const told = (loss: number, held: number | undefined): string =>
      `loss ${loss.toFixed(4)}${held === undefined ? '' : `, validation ${held.toFixed(4)}`}`;
    const { model, losses, validationLosses, verdict, health, interrupted } = await trainInterruptibly(
      from =>
        startTraining(
          recipe.rows,
          { ...options, onEpoch: (epoch, loss, held) => progress.update(epoch, told(loss, held)) },
          from,
        ),
      { checkpoint, ...(values.resume === undefined ? {} : { resume: values.resume }) },
    );
    progress.stop();
    if (interrupted) {
      process.exitCode = 130;
      console.error(`interrupted after ${losses.length - 1} epochs; go on with --resume ${checkpoint}`);
      return;
    }
    if (values.checkpoint === undefined) await rm(checkpoint, { force: true });
    const isKept = verdict.kind !== 'diverged';
    if (isKept) await writeModel(values.out, model);
    else process.exitCode = 1;

    const curvature = trainingCurvature(recipe.rows, options, model.network, createRandom(seed));
    const evaluation = evaluateClassifier(
      model,
      await readRows(values.db, test, values.lead, 'reading test records'),
    );
    const left = asked.filter(record => !training.includes(record));
    if (values.json) {
      console.log(
        JSON.stringify({
          out: isKept ? values.out : null,
          training: model.training,
          leftOut: left,
          losses,
          validationLosses,
          verdict,
          health: health.findings,
          curvature,
          ...evaluation,
        }),
      );
      return;
    }
    console.log(
      `trained on ${training.length} records, ${model.training.rows} beats: ${training.join(' ')}` +
        (left.length > 0 ? `\nleft out: ${left.join(' ')}` : ''),
    );
    console.log([verdict.words, ...health.findings].join('\n'));
    const { learningRate } = options;
    console.log(`learning rate in use ${learningRate} (${optimizer}); ${describeCurvature(curvature)}`);
    console.log(`\ntested on ${test.length} records of other patients:`);
    console.log(classificationText(evaluation));
    console.log(isKept ? `\nwrote ${values.out}` : '\nnot kept: a diverged model is no model');
    console.log('Research use only, not for diagnosis.');
  },
});

async function readRows(database: string, records: readonly string[], lead: string, title: string) {
  const progress = startProgress(title, records.length);
  const rows = await readBeatDataset(searchPathSource(), database, records, {
    lead,
    onRecord: (done, record) => progress.update(done, record),
  });
  progress.stop();
  return rows;
}

function rateOption(text: string): number {
  const rate = numberOption('lr', text);
  if (rate <= 0) throw new UsageError(`--lr is positive, not ${rate}`);
  return rate;
}
