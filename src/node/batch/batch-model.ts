/** The model of a batch, as each process that measures records reads it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { BatchSettings } from '../../analysis/batch/settings.ts';
import type { Classifier } from '../../learn/model/classifier.ts';
import { parseModelFile } from '../model-file.ts';

/** The file of a model is not the one with which the batch was started. */
export class OtherModelError extends Error {}

/** Each process reads a model once. */
const models = new Map<string, Promise<Classifier>>();

/**
 * Reads the model of a batch, if it has one. Throws `OtherModelError` if the file at its path is another: on another
 * machine, or since the batch began.
 */
export async function batchModel(model: BatchSettings['model']): Promise<Classifier | undefined> {
  if (model === undefined) return undefined;
  const read = models.get(model.sha256) ?? readVerified(model);
  models.set(model.sha256, read);
  try {
    return await read;
  } catch (error) {
    models.delete(model.sha256);
    throw error;
  }
}

async function readVerified({ path, sha256 }: NonNullable<BatchSettings['model']>): Promise<Classifier> {
  const bytes = await readFile(path);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw new OtherModelError(`${path} is not the model with which the batch was started`);
  return parseModelFile(path, bytes.toString('utf8'));
}
