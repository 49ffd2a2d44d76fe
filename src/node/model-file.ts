/** Classifiers on disk. */
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { InputError } from '../input-error.ts';
import type { Classifier } from '../learn/model/classifier.ts';
import { ModelError } from '../learn/model/json-validation.ts';
import { formatModel, parseModel } from '../learn/model/model-json.ts';
import { folderSink } from './folder-sink.ts';

/** A classifier from the text of the file at `path`. Throws `InputError` that names the file and the place in it. */
export function parseModelFile(path: string, text: string): Classifier {
  try {
    return parseModel(text);
  } catch (error) {
    if (error instanceof ModelError) throw new InputError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

/**
 * Reads a classifier. Throws `InputError` that names the file and the place in it.
 *
 * @example
 * (await readModel(`${samplesFolder}/model-ds1-without-208.json`)).classes // => ['N', 'S', 'V', 'F', 'Q']
 */
export async function readModel(path: string): Promise<Classifier> {
  return parseModelFile(path, await readFile(path, 'utf8'));
}

/**
 * Writes a classifier, whole or not at all. Throws `InputError` for a file that is there, without `overwrite`.
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
