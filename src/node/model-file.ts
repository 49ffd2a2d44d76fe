/** Reads and writes classifiers. */
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { InputError } from '../input-error.ts';
import type { Classifier } from '../learn/model/classifier.ts';
import { ModelError } from '../learn/model/json-validation.ts';
import { formatModel, parseModel } from '../learn/model/model-json.ts';
import { folderSink } from './folder-sink.ts';

/** Parses the text of a model file. Throws `InputError` with the path and the position of the error. */
export function parseModelFile(path: string, text: string): Classifier {
  try {
    return parseModel(text);
  } catch (error) {
    if (error instanceof ModelError) throw new InputError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

/**
 * Reads a classifier. Throws `InputError` with the path and the position of the error.
 *
 * @example
 * (await readModel(`${samplesFolder}/model-ds1-without-208.json`)).classes // => ['N', 'S', 'V', 'F', 'Q']
 */
export async function readModel(path: string): Promise<Classifier> {
  return parseModelFile(path, await readFile(path, 'utf8'));
}

/**
 * Writes a classifier atomically. Throws `InputError` if the file exists and `overwrite` is not set.
 *
 * @example
 * await writeModel(`${folder}/model.json`, model);
 * (await readModel(`${folder}/model.json`)).classes // => ['N', 'S', 'V', 'F', 'Q']
 */
export async function writeModel(
  path: string,
  model: Classifier,
  options: { readonly overwrite?: boolean } = {},
): Promise<void> {
  await folderSink(dirname(path), options).write(
    basename(path),
    new TextEncoder().encode(formatModel(model)),
  );
}
