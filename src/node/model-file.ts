/** Classifiers on disk. */
import { readFile } from 'node:fs/promises';
import type { Classifier } from '../learn/classifier.ts';
import { formatModel, ModelError, parseModel } from '../learn/persist.ts';
import { DataError } from './command.ts';
import { writeOut } from './out-file.ts';

/** Reads a classifier. Throws `DataError` that names the file and the place in it. */
export async function readModel(path: string): Promise<Classifier> {
  const text = await readFile(path, 'utf8');
  try {
    return parseModel(text);
  } catch (error) {
    if (error instanceof ModelError) throw new DataError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Writes a classifier, whole or not at all. */
export async function writeModel(path: string, model: Classifier): Promise<void> {
  await writeOut(path, formatModel(model));
}
