/**
 * Training put down and taken up again, to the bit: the parameters, the optimiser's running arrays, the course of the
 * loss so far and the best parameters of early stopping. The order of the rows needs no keeping: it follows from the
 * seed.
 */
import {
  documentOf,
  type Fields,
  listAt,
  ModelError,
  numberAt,
  numbersAt,
  objectAt,
  stringAt,
  wholeAt,
} from './fields.ts';

/** Numbers of several arrays, in the order of `parametersOf`. */
export type Arrays = readonly Float64Array[];

export interface Checkpoint {
  /** Tells data and options apart: training is resumed only on those it was started with. */
  readonly fingerprint: string;
  readonly parameters: Arrays;
  /** Steps taken, and the running arrays slot by slot (for L-BFGS: gradient, then pairs s and y). */
  readonly steps: number;
  readonly slots: readonly Arrays[];
  readonly losses: readonly number[];
  readonly validationLosses: readonly number[];
  /** With early stopping: after how many epochs the validation loss was lowest, and the parameters then. */
  readonly best?: { readonly epoch: number; readonly parameters: Arrays };
}

const format = 'upstroke-checkpoint';
const version = 1;
const what = 'checkpoint';

/** A checkpoint as JSON text. `parseCheckpoint` gives it back bit for bit. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const lists = (arrays: Arrays): number[][] => arrays.map(array => [...array]);
  const { fingerprint, parameters, steps, slots, losses, validationLosses, best } = checkpoint;
  return `${JSON.stringify({
    ...{ format, version, fingerprint, steps, losses, validationLosses },
    parameters: lists(parameters),
    slots: slots.map(lists),
    ...(best === undefined ? {} : { best: { epoch: best.epoch, parameters: lists(best.parameters) } }),
  })}\n`;
}

/** The checkpoint in a JSON text. Throws `ModelError` that names the place and what was expected there. */
export function parseCheckpoint(text: string): Checkpoint {
  const root = documentOf(text, what, format, version);
  const arraysAt = (value: unknown, at: string): Arrays =>
    listAt(value, at).map((entry, k) => numbersAt(entry, undefined, `${at}[${k}]`));
  const checkpoint = {
    fingerprint: stringAt(root.fingerprint, `${what}.fingerprint`),
    parameters: arraysAt(root.parameters, `${what}.parameters`),
    steps: wholeAt(root.steps, 0, `${what}.steps`),
    slots: listAt(root.slots, `${what}.slots`).map((slot, k) => arraysAt(slot, `${what}.slots[${k}]`)),
    losses: lossesAt(root, 'losses'),
    validationLosses: lossesAt(root, 'validationLosses'),
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

const lossesAt = (root: Fields, name: string): number[] =>
  listAt(root[name], `${what}.${name}`).map((loss, k) => numberAt(loss, `${what}.${name}[${k}]`));

/** A 64-bit FNV-1a hash of numbers and text, in hexadecimal: two halves of 32 bits with different offsets. */
export function fingerprintOf(text: string, ...arrays: readonly (Float64Array | Int32Array)[]): string {
  const bytes = [
    new TextEncoder().encode(text),
    ...arrays.map(array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)),
  ];
  const half = (offset: number): string => {
    let hash = offset | 0;
    for (const part of bytes) for (const byte of part) hash = Math.imul(hash ^ byte, 0x01000193);
    return (hash >>> 0).toString(16).padStart(8, '0');
  };
  return half(0x811c9dc5) + half(0x050c5d1f);
}
