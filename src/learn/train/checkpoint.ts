/**
 * Checkpoints from which training resumes exactly: the parameters, the state of the optimiser, the losses so far and
 * the best parameters of early stopping. The order of the rows is not stored: it follows from the seed.
 */
import { documentOf, listAt, ModelError, objectAt, stringAt, wholeAt } from '../model/json-validation.ts';

/** Several arrays, in the order of `parametersOf`. */
export type Arrays = readonly Float64Array[];

export interface Checkpoint {
  /** A fingerprint of data and options: training resumes only with those it was started with. */
  readonly fingerprint: string;
  readonly parameters: Arrays;
  /**
   * The number of steps, and the state arrays of the optimiser by slot (for L-BFGS: the gradient, then the pairs s and
   * y).
   */
  readonly steps: number;
  readonly slots: readonly Arrays[];
  readonly losses: readonly number[];
  readonly validationLosses: readonly number[];
  /** With early stopping: the epoch with the lowest validation loss, and the parameters after it. */
  readonly best?: { readonly epoch: number; readonly parameters: Arrays };
}

const format = 'upstroke-checkpoint';
const version = 2;
const what = 'checkpoint';

/**
 * Formats a checkpoint as JSON text, from which `parseCheckpoint` restores it bit for bit: arrays are stored as base64
 * of their bytes, since decimal digits would not preserve −0 and NaN.
 *
 * @example
 * const { rows, options } = beatRecipe('softmax', data, 1);
 * const training = startTraining(rows, options);
 * training.runEpoch();
 * const kept = parseCheckpoint(formatCheckpoint(training.checkpoint()));
 * startTraining(rows, options, kept).epochs // => 1
 */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const texts = (arrays: Arrays): string[] => arrays.map(textOf);
  const { fingerprint, parameters, steps, slots, losses, validationLosses, best } = checkpoint;
  return `${JSON.stringify({
    ...{ format, version, fingerprint, steps },
    losses: textOf(Float64Array.from(losses)),
    validationLosses: textOf(Float64Array.from(validationLosses)),
    parameters: texts(parameters),
    slots: slots.map(texts),
    ...(best === undefined ? {} : { best: { epoch: best.epoch, parameters: texts(best.parameters) } }),
  })}\n`;
}

/**
 * Parses a checkpoint from JSON text. Throws `ModelError` with the path of an invalid value and what was expected
 * there.
 *
 * @example
 * parseCheckpoint('{}') // throws ModelError: checkpoint.format: expected 'upstroke-checkpoint', found nothing
 */
export function parseCheckpoint(text: string): Checkpoint {
  const root = documentOf(text, what, format, version);
  const arraysAt = (value: unknown, at: string): Arrays =>
    listAt(value, at).map((entry, k) => arrayAt(entry, `${at}[${k}]`));
  const checkpoint = {
    fingerprint: stringAt(root.fingerprint, `${what}.fingerprint`),
    parameters: arraysAt(root.parameters, `${what}.parameters`),
    steps: wholeAt(root.steps, 0, `${what}.steps`),
    slots: listAt(root.slots, `${what}.slots`).map((slot, k) => arraysAt(slot, `${what}.slots[${k}]`)),
    losses: [...arrayAt(root.losses, `${what}.losses`)],
    validationLosses: [...arrayAt(root.validationLosses, `${what}.validationLosses`)],
  };
  if (checkpoint.losses.length === 0) throw new ModelError(`${what}.losses: expected one or more`);
  if (root.best === undefined) return checkpoint;
  const best = objectAt(root.best, `${what}.best`);
  return {
    ...checkpoint,
    best: {
      epoch: wholeAt(best.epoch, 0, `${what}.best.epoch`),
      parameters: arraysAt(best.parameters, `${what}.best.parameters`),
    },
  };
}

/** The bytes of an array in base64. */
function textOf(array: Float64Array): string {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  let binary = '';
  for (let from = 0; from < bytes.length; from += 8192) {
    binary += String.fromCharCode(...bytes.subarray(from, from + 8192));
  }
  return btoa(binary);
}

function arrayAt(value: unknown, at: string): Float64Array {
  const text = stringAt(value, at);
  let binary: string;
  try {
    binary = atob(text);
  } catch (cause) {
    throw new ModelError(`${at}: expected base64`, { cause });
  }
  if (binary.length % 8 !== 0) {
    throw new ModelError(`${at}: expected numbers of 8 bytes, found ${binary.length} bytes`);
  }
  return new Float64Array(Uint8Array.from(binary, character => character.charCodeAt(0)).buffer);
}

/** What a fingerprint is computed from. */
type Part = string | Float64Array | Int32Array;

/** An incremental 64-bit hash: two halves of 32 bits, word by word (after FNV-1a, with mixing). */
export function createFingerprint() {
  let [low, high] = [0x811c9dc5 | 0, 0x050c5d1f];
  return {
    add(...parts: readonly Part[]): void {
      for (const part of parts) {
        const words =
          typeof part === 'string'
            ? Int32Array.from(part, character => character.codePointAt(0)!)
            : new Int32Array(part.buffer, part.byteOffset, part.byteLength / 4);
        for (let i = 0; i < words.length; i++) {
          low = Math.imul(low ^ words[i]!, 0x01000193);
          low ^= low >>> 15;
          high = Math.imul(high ^ words[i]!, 0x5bd1e995);
          high ^= high >>> 13;
        }
      }
    },
    text: (): string => [low, high].map(half => (half >>> 0).toString(16).padStart(8, '0')).join(''),
  };
}

/** The fingerprint of all of these. */
export function fingerprintOf(...parts: readonly Part[]): string {
  const fingerprint = createFingerprint();
  fingerprint.add(...parts);
  return fingerprint.text();
}
