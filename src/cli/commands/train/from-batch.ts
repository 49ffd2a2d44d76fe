/** Training on the result of a batch, which need not fit into memory. */
import { featureColumn } from '../../../analysis/batch/feature-measure.ts';
import { type ModelKind, modelInputs, recipeOptions } from '../../../analysis/recipe.ts';
import { beatFeatureNames } from '../../../beat/features/beat-features.ts';
import { featureDefinition, usualLeads } from '../../../beat/features/feature-definition.ts';
import { full } from '../../../diff/tensor.ts';
import { InputError } from '../../../input-error.ts';
import type { Classifier } from '../../../learn/model/classifier.ts';
import { isSamePatient } from '../../../learn/patients.ts';
import { aamiClass, aamiClasses } from '../../../learn/protocol.ts';
import { type RecordName, recordName, recordText } from '../../../learn/record-name.ts';
import type { OptimizerName } from '../../../learn/train/optimizers.ts';
import { startStreamedTraining } from '../../../learn/train/streamed-training.ts';
import type { Dataset } from '../../../learn/train/train.ts';
import { NoRowsError, openParquetRows, type ParquetRows } from '../../../node/batch/parquet-rows.ts';
import { withGradientWorkers } from '../../../node/gradient-workers/gradient-workers.ts';
import { trainInterruptibly } from '../../../node/interruptible-training.ts';
import { UsageError } from '../../option.ts';

export interface FromBatchOptions {
  /** Result of a batch. */
  readonly folder: string;
  /** Records to train on; undefined for all. None whose patient is in `excluded` is. */
  readonly training: readonly RecordName[] | undefined;
  readonly excluded: readonly RecordName[];
  /** Records whose loss ends the training once it has not improved for `patience` epochs; none if empty. */
  readonly validation: readonly RecordName[];
  readonly patience: number;
  readonly lead: string;
  /** Columns to learn from instead of the beat features. */
  readonly columns: readonly string[] | undefined;
  readonly kind: ModelKind;
  readonly optimizer: OptimizerName;
  readonly seed: number;
  readonly changed: { readonly learningRate?: number; readonly epochs?: number };
  /** Threads that share each minibatch; undefined for none. */
  readonly workers: number | undefined;
  readonly checkpoint: string;
  readonly resume: string | undefined;
  readonly onEpoch: (epoch: number, loss: number, validationLoss: number | undefined) => void;
}

/** Throws `UsageError` for a kind of classifier whose inputs a result does not have. */
export function requireFeatureKind(kind: ModelKind): void {
  if (modelInputs(kind) !== beatFeatureNames) {
    throw new UsageError(`--data has no waveforms, which --kind ${kind} needs`);
  }
}

/** Trains on the rows of the training records. Throws as `openParquetRows` does. */
export async function trainFromBatch(options: FromBatchOptions) {
  const { kind, optimizer, seed, changed, workers, checkpoint, resume, onEpoch } = options;
  const { training, excluded, validation, patience } = options;
  const isTraining = (name: RecordName): boolean =>
    (training === undefined || isIn(training, name)) && !excluded.some(other => isSamePatient(name, other));
  const stopping = validation.length > 0 && {
    validation: await datasetOf(options, validation, '--validate'),
    patience,
  };
  const rows = await openRows(options, isTraining, tableOf(options), '--train');
  try {
    const recipe = recipeOptions(kind, rows.labels, aamiClasses, seed);
    const settings = { ...recipe, optimizer, ...changed, ...stopping, onEpoch };
    const trained = await withGradientWorkers(workers, parallel =>
      trainInterruptibly(from => startStreamedTraining(rows.dataset, { ...settings, ...parallel }, from), {
        ...{ checkpoint, ...(resume === undefined ? {} : { resume }) },
      }),
    );
    const definition = options.columns === undefined ? definitionFor(options.lead) : undefined;
    const model: Classifier = { ...trained.model, ...(definition && { definition }) };
    return { trained, model, records: rows.dataset.groups };
  } finally {
    await rows.close();
  }
}

/** The rows of the records that an option chose, in memory. Throws as `openParquetRows` does. */
export async function datasetOf(
  options: FromBatchOptions,
  records: readonly RecordName[],
  option: string,
): Promise<Dataset> {
  const table = tableOf(options);
  const rows = await openRows(options, name => isIn(records, name), table, option);
  try {
    const x = full([rows.labels.length, table.columns.length], 0);
    x.data.set(await rows.readAll());
    const { classes, features } = table;
    return { classes, features, x, labels: rows.labels, groups: rows.groups() };
  } finally {
    await rows.close();
  }
}

/** The columns and what the model calls them; the unit of a requested column is part of its name. */
function tableOf({ columns }: FromBatchOptions) {
  const classes = aamiClasses;
  return columns === undefined
    ? {
        columns: beatFeatureNames.map(({ name }) => featureColumn(name)),
        features: beatFeatureNames,
        classes,
      }
    : { columns, features: columns.map(name => ({ name, unit: '' })), classes };
}

const definitionFor = (lead: string) => featureDefinition(usualLeads.includes(lead) ? usualLeads : [lead]);

const isIn = (list: readonly RecordName[], name: RecordName): boolean =>
  list.some(other => recordText(other).toLowerCase() === recordText(name).toLowerCase());

/** Number of records that a message lists. */
const mostListed = 8;

/**
 * Opens the rows of the lead in the records that an option chose. Throws `InputError` that lists the records of the result
 * if it has none of them, and otherwise as `openParquetRows` does.
 */
async function openRows(
  { folder, lead, seed }: FromBatchOptions,
  isChosen: (name: RecordName) => boolean,
  table: ReturnType<typeof tableOf>,
  option: string,
): Promise<ParquetRows> {
  const chosen = new Map<string, boolean>();
  const classOf = (row: { database: string; record: string; lead: string; symbol: string }) => {
    const key = `${row.database}/${row.record}`;
    const isWanted = chosen.get(key) ?? isChosen(recordName(key));
    chosen.set(key, isWanted);
    const name = isWanted && row.lead === lead ? aamiClass(row.symbol) : undefined;
    return name === undefined ? undefined : aamiClasses.indexOf(name);
  };
  try {
    return await openParquetRows(folder, { ...table, classOf, seed });
  } catch (cause) {
    if (!(cause instanceof NoRowsError) || chosen.size === 0 || [...chosen.values()].includes(true))
      throw cause;
    const listed = [...chosen.keys()].slice(0, mostListed);
    const others = chosen.size - listed.length;
    throw new InputError(
      `${folder} has none of the records that ${option} chooses: it has ${listed.join(', ')}${others > 0 ? ` and ${others} others` : ''}; --db names the database of records that are given without one`,
      { cause },
    );
  }
}
