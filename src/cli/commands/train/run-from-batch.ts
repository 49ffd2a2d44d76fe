/** `train --data`: trains and tests on the result of a batch. */
import { rm } from 'node:fs/promises';
import type { ModelKind } from '../../../analysis/recipe.ts';
import { evaluateClassifier } from '../../../learn/evaluation.ts';
import { formatModel } from '../../../learn/model/model-json.ts';
import { recordSet } from '../../../learn/protocol.ts';
import type { OptimizerName } from '../../../learn/train/optimizers.ts';
import type { RunFiles } from '../../../node/run-files.ts';
import { classificationText } from '../../classification-text.ts';
import { counted, print, printError, printJson, researchNotice } from '../../output.ts';
import { startProgress } from '../../progress.ts';
import { datasetOf, requireFeatureKind, trainFromBatch } from './from-batch.ts';
import { lossText, requireValidation, usualPatience } from './validation.ts';

/** The values of the options that training on a batch takes. */
interface BatchValues {
  readonly [name: string]: unknown;
  readonly data: string;
  readonly features: readonly string[] | undefined;
  readonly train: string;
  readonly test: string;
  readonly without: string;
  readonly validate: string;
  readonly patience: number | undefined;
  readonly db: string;
  readonly lead: string;
  readonly kind: ModelKind;
  readonly optimizer: OptimizerName;
  readonly epochs: number | undefined;
  readonly seed: number;
  readonly workers: number | undefined;
  readonly checkpoint: string | undefined;
  readonly resume: string | undefined;
  readonly out: string;
  readonly json: boolean;
}

/** Trains on the rows of a result, writes the model and prints how it does on the test records. Returns the exit code. */
export async function runFromBatch(
  values: BatchValues,
  changed: { readonly learningRate?: number; readonly epochs?: number },
  checkpoint: string,
  files: RunFiles,
): Promise<number> {
  const { data: folder, kind, optimizer, seed, workers, lead, features, resume } = values;
  requireFeatureKind(kind);
  const test = recordSet(values.test, values.db);
  const validation = recordSet(values.validate, values.db);
  requireValidation(validation, test, values.patience);
  const progress = startProgress('training', changed.epochs ?? 10);
  const options = {
    ...{ folder, kind, optimizer, seed, workers, lead, columns: features, resume, changed, checkpoint },
    training: values.train === 'all' ? undefined : recordSet(values.train, values.db),
    excluded: [...test, ...validation, ...recordSet(values.without, values.db)],
    ...{ validation, patience: values.patience ?? usualPatience },
    onEpoch: (epoch: number, loss: number, held: number | undefined) =>
      progress.update(epoch, lossText(loss, held)),
  };
  // Read before the training, so that a missing test record costs no training.
  const testRows = await datasetOf(options, test, '--test');
  const { trained, model, records } = await trainFromBatch(options);
  progress.stop();
  if (trained.interrupted) {
    printError(
      `interrupted after ${counted(trained.losses.length - 1, 'epoch')}; resume with --resume ${checkpoint}`,
    );
    return 130;
  }
  if (values.checkpoint === undefined) await rm(checkpoint, { force: true });
  const isKept = trained.verdict.kind !== 'diverged';
  if (isKept) await files.write(values.out, formatModel(model));
  await files.commit();
  const { definition } = model;
  const evaluation = evaluateClassifier(model, { ...testRows, ...(definition && { definition }) });
  const out = isKept ? values.out : null;
  if (values.json) {
    const { losses, validationLosses, verdict, health } = trained;
    printJson({
      out,
      training: model.training,
      losses,
      validationLosses,
      verdict,
      health: health.findings,
      ...evaluation,
    });
  } else {
    print(
      `trained on ${counted(records.length, 'record')}, ${counted(model.training.rows, 'beat')}; ${trained.verdict.text}`,
    );
    print(
      `\ntested on ${counted(new Set(testRows.groups).size, 'record')} of other patients:\n${classificationText(evaluation)}`,
    );
    print(isKept ? `\nwrote ${values.out}` : '\nnot saved: training diverged');
    print(researchNotice);
  }
  return isKept ? 0 : 1;
}
