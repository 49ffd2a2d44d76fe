/** Training that can be interrupted with Ctrl-C, checked between epochs, and resumed from a checkpoint. */
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { InputError } from '../input-error.ts';
import { ModelError } from '../learn/model/model-json.ts';
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from '../learn/train/checkpoint.ts';
import type { StreamedTraining } from '../learn/train/streamed-training.ts';
import type { Training, TrainingResult } from '../learn/train/train.ts';
import { folderSink } from './folder-sink.ts';

export interface InterruptibleOptions {
  /** Checkpoint file, written every 30 s and on interruption; none is written if absent. */
  readonly checkpoint?: string;
  /** A checkpoint to resume from; it must have been written for the same data and options. */
  readonly resume?: string;
}

const secondsBetweenCheckpoints = 30;

/** Starts training on rows in memory or streamed rows, optionally from a checkpoint. */
export type StartTraining = (from?: Checkpoint) => Training | Promise<StreamedTraining>;

/**
 * Trains until finished. On SIGINT it completes the epoch, writes the checkpoint and returns the current model with
 * `interrupted` true; a second SIGINT ends the process immediately. Throws `InputError` if the checkpoint to resume
 * from is malformed or belongs to other data or options.
 *
 * @example
 * const { rows, options } = beatRecipe('softmax', data, 1);
 * const start = from => startTraining(rows, options, from);
 * (await trainInterruptibly(start, { checkpoint: `${folder}/half.json` })).interrupted // => false
 */
export async function trainInterruptibly(
  start: StartTraining,
  { checkpoint, resume }: InterruptibleOptions,
): Promise<TrainingResult & { readonly interrupted: boolean }> {
  const training = await begin(start, resume);
  let interrupted = false;
  const stop = (): void => {
    interrupted = true;
  };
  process.once('SIGINT', stop);
  try {
    let saved = performance.now();
    // At least one epoch, so that there is a result.
    while (!training.finished && !(interrupted && training.epochs > 0)) {
      await training.runEpoch();
      await setImmediate(); // lets a pending signal be handled
      if (checkpoint !== undefined && performance.now() - saved > 1000 * secondsBetweenCheckpoints) {
        await save(training, checkpoint);
        saved = performance.now();
      }
    }
  } finally {
    process.removeListener('SIGINT', stop);
  }
  if (interrupted && checkpoint !== undefined) await save(training, checkpoint);
  return { ...training.result(), interrupted: interrupted && !training.finished };
}

async function begin(start: StartTraining, resume: string | undefined): Promise<Training | StreamedTraining> {
  if (resume === undefined) return start();
  const text = await readFile(resume, 'utf8');
  try {
    return await start(parseCheckpoint(text));
  } catch (error) {
    if (error instanceof ModelError) throw new InputError(`${resume}: ${error.message}`, { cause: error });
    throw error;
  }
}

async function save(training: Training | StreamedTraining, path: string): Promise<void> {
  const bytes = new TextEncoder().encode(formatCheckpoint(training.checkpoint()));
  await folderSink(dirname(path), { overwrite: true }).write(basename(path), bytes);
}
