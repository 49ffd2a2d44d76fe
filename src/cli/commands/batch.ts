/** `batch`: measures every beat of every record of a database, into Parquet. */

import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { measureNames } from '../../analysis/batch/measures.ts';
import { type BatchSettings, measureSetup } from '../../analysis/batch/settings.ts';
import { describeScheme } from '../../diff/scheme.ts';
import { InputError } from '../../input-error.ts';
import { sha256Of } from '../../node/batch/input-files.ts';
import { listRecords } from '../../node/batch/list-records.ts';
import { storePlace } from '../../node/batch/open-store.ts';
import { type BatchResult, runBatch } from '../../node/batch/run-batch.ts';
import { createBatchPool } from '../../node/batch/worker-pool.ts';
import { readModel } from '../../node/model-file.ts';
import { createQueuePool } from '../../node/queue/queue-pool.ts';
import { defineCommand } from '../command.ts';
import {
  choice,
  defaultsTo,
  list,
  number,
  type Option,
  required,
  UsageError,
  type Values,
} from '../option.ts';
import { beatsFrom, filterOf, filterOptions, shared } from '../options.ts';
import { counted, print, printError, printJson, researchNotice } from '../output.ts';
import { startProgress } from '../progress.ts';
import { batchLimits, batchQueue, queueOption } from '../queue-options.ts';
import { openOptions, recordingOptions } from '../table-options.ts';

const { annotator, detect, scheme, windowMs, model, dir, overwrite, json } = shared;

const shard: Option<{ readonly index: number; readonly count: number } | undefined> = {
  value: 'I/N',
  says: 'do only share I (from 0) of N shares of the work; a final run without --shard combines them',
  absent: undefined,
  read(given, name) {
    const match = /^(\d{1,6})\/(\d{1,6})$/.exec(given);
    const [index, count] = [Number(match?.[1]), Number(match?.[2])];
    if (match === null || index >= count)
      throw new UsageError(`--${name} takes I/N such as 0/8, not '${given}'`);
    return { index, count };
  },
};

/** Exit code of a process that SIGINT ends, as shells give it. */
const interrupted = 130;

/** Records in the queue at once: enough for any number of workers, and little for Redis to hold. */
const mostQueued = 5000;

const options = {
  measure: list(
    choice(
      measureNames,
      `what to measure: ${measureNames.join(', ')}; default: slopes,features, and classes with --model`,
    ),
    'NAMES',
  ),
  model: { ...model, says: 'classifier for --measure classes, written by the train command' },
  annotator,
  detect: { ...detect, says: 'beats from the detector, run on all leads of a record jointly' },
  scheme,
  windowMs,
  ...filterOptions,
  ...recordingOptions,
  ...batchLimits,
  recordsPerFile: defaultsTo(
    number('N', 'number of records per Parquet file', {
      least: 1,
      most: 1_000_000,
      whole: true,
    }),
    32,
  ),
  shard,
  queue: {
    ...queueOption,
    says: 'leave the measuring to the workers of this queue, on any machine: redis://… or rediss://…; default: the environment variable UPSTROKE_QUEUE, if it is set',
  },
  dir: required({
    ...dir,
    says: 'folder for the result, or s3://BUCKET/PREFIX; an interrupted run is resumed',
  }),
  overwrite: { ...overwrite, says: 'replace the result of another source in DIR' },
  json,
} as const;

export const command = defineCommand({
  name: 'batch',
  formerOptions: [{ former: 'out', present: 'dir' }],
  takes: ['SOURCE'],
  summary: 'Measures every beat of every record of a database and writes the result as Parquet.',
  arguments: [
    [
      'SOURCE',
      'a RECORDS file or other list, a folder, a recording or a URL, as a path or on the WFDB search path',
    ],
  ],
  options,
  notes: [
    'Writes to DIR: beats/database=NAME/part-….parquet with one row per beat and lead, records.parquet with one row per record, manifest.json and errors.jsonl. A record that fails is left out and reported, and the exit code is 1. Running the same command again resumes an interrupted run, measures records whose files have changed, and recomputes only the columns whose options have changed.',
    researchNotice,
  ],
  async run(values, [source = '']) {
    const settings = await settingsOf(values);
    const queue = batchQueue(values.queue);
    if (queue !== undefined && values.shard !== undefined) {
      throw new UsageError(
        `${values.queue === undefined ? 'UPSTROKE_QUEUE' : '--queue'} and --shard exclude each other`,
      );
    }
    const store = storePlace(values.dir);
    const leftOut: string[] = [];
    const records = await listRecords(source, { leaveOut: values.dir, onOther: file => leftOut.push(file) });
    const workers =
      queue === undefined ? Math.min(values.workers ?? availableParallelism(), records.length) : mostQueued;
    const pool =
      queue === undefined
        ? await createBatchPool(workers, { seconds: values.timeLimit, memoryMb: values.memoryMb })
        : await createQueuePool(queue, () =>
            printError('no worker is connected to the queue: the batch waits until one is started'),
          );
    let progress: ReturnType<typeof startProgress> | undefined;
    const interrupt = (): void => {
      progress?.stop();
      printError('interrupted: the same command resumes the batch');
      process.exit(interrupted);
    };
    process.once('SIGINT', interrupt);
    try {
      const result = await runBatch({
        records,
        source,
        isReplaced: values.overwrite,
        settings,
        store,
        recordsPerPart: values.recordsPerFile,
        ...(values.shard && { shard: values.shard }),
        pool,
        workers,
        onProgress(done, total, record) {
          progress ??= startProgress('measuring', total, { timeLeft: true });
          progress.update(done, record);
        },
      });
      progress?.stop();
      if (values.json) printJson({ ...result, notRecordings: leftOut });
      else printResult(result, values.dir, leftOut);
      return (result.summary?.failed ?? result.failed) > 0 ? 1 : 0;
    } finally {
      process.removeListener('SIGINT', interrupt);
      progress?.stop();
      await pool.close();
    }
  },
});

async function settingsOf(values: Values<typeof options>): Promise<BatchSettings> {
  const { measure, scheme, windowMs, model } = values;
  const filter = filterOf(values);
  const measures = measure ?? ['slopes', 'features', ...(model === undefined ? [] : ['classes'])];
  if (model !== undefined && !measures.includes('classes'))
    throw new UsageError('--model is for --measure classes');
  const settings: BatchSettings = {
    measures: measureNames.filter(name => measures.includes(name)),
    beatsFrom: beatsFrom(values.annotator, values.detect),
    ...(scheme && { scheme: describeScheme(scheme) }),
    ...(windowMs !== undefined && { windowMs }),
    ...(filter && { filter }),
    ...readingOf(values),
    ...(model !== undefined && { model: { path: resolve(model), sha256: await sha256Of(model) } }),
  };
  try {
    measureSetup(settings, model === undefined ? undefined : await readModel(model));
  } catch (error) {
    if (error instanceof InputError && model === undefined) throw new UsageError(error.message);
    throw error;
  }
  return settings;
}

/** The reading options that were given; undefined if none, so that settings without them keep their fingerprint. */
function readingOf(values: Values<typeof recordingOptions>): Pick<BatchSettings, 'reading'> {
  const { lenient, table = {} } = openOptions(values);
  const said = Object.entries(table).filter(([, value]) => value !== false);
  if (!lenient && said.length === 0) return {};
  return {
    reading: {
      ...(lenient && { lenient }),
      ...(said.length > 0 && { table: Object.fromEntries(said) }),
    },
  };
}

/** Names of files that a note shows. */
const mostNamed = 5;

function printResult(
  { measured, kept, inPart, failed, removed, summary }: BatchResult,
  out: string,
  leftOut: readonly string[],
): void {
  if (removed > 0) {
    const verb = summary === undefined ? 'a run without --shard removes' : 'removed';
    print(
      `note: ${counted(removed, 'record')} of the earlier result ${removed === 1 ? 'is' : 'are'} no longer in the source: ${verb}`,
    );
  }
  if (leftOut.length > 0) {
    const some = [...leftOut.slice(0, mostNamed), ...(leftOut.length > mostNamed ? ['…'] : [])];
    const verb = leftOut.length === 1 ? 'is not a recording' : 'are not recordings';
    print(`note: ${counted(leftOut.length, 'file')} ${verb}: ${some.join(', ')}`);
  }
  const done = `${counted(measured - failed, 'record')} measured`;
  print(
    `${done}${failed === 0 ? '' : `, ${failed} failed`}${kept === 0 ? '' : `, ${kept} were done before`}`,
  );
  if (inPart > 0) print(`of ${inPart} of them the columns that no changed option touches are as before`);
  if (summary === undefined) {
    print('a run without --shard makes the tables over all records');
    return;
  }
  const hours = (summary.seconds / 3600).toFixed(1);
  print(
    `${counted(summary.records, 'record')}, ${hours} h of ECG, ${counted(summary.beats, 'beat')}, ${counted(summary.rows, 'row')} in ${counted(summary.files, 'file')}`,
  );
  if (summary.failed > 0)
    print(
      `${summary.failed} of ${counted(summary.records, 'record')} failed: ${out}/errors.jsonl gives the reasons`,
    );
  if (summary.withWarnings > 0)
    print(
      `${summary.withWarnings} of ${counted(summary.records, 'record')} ${summary.withWarnings === 1 ? 'has' : 'have'} warnings: column warnings of ${out}/records.parquet`,
    );
  print(`wrote ${out}`);
  print(researchNotice);
}
