/** Classifiers on disk. */
import { readFile } from 'node:fs/promises';
import { InputError } from '../input-error.ts';
import type { Classifier } from '../learn/model/classifier.ts';
import { formatModel, ModelError, parseModel } from '../learn/model/model-json.ts';
import { writeOut } from './write-file.ts';

/** Reads a classifier. Throws `InputError` that names the file and the place in it. */
export async function readModel(path: string): Promise<Classifier> {
  const text = await readFile(path, 'utf8');
  try {
    return parseModel(text);
  } catch (error) {
    if (error instanceof ModelError) throw new InputError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Writes a classifier, whole or not at all. */
export async function writeModel(path: string, model: Classifier): Promise<void> {
  await writeOut(path, formatModel(model));
}
