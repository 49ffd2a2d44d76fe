/** Annotator names: the endings of annotation files. */

/** Reference annotators and the endings of a record's other files: never written over. */
const taken = new Set(['atr', 'ari', 'hea', 'dat', 'mat', 'edf', 'csv']);

/**
 * May a person's own annotations have this name? A letter, then letters and digits, 20 in all, and no reference
 * annotator's or signal file's.
 *
 * @example isNewAnnotatorName('jk2') // => true
 */
export const isNewAnnotatorName = (name: string): boolean =>
  /^[A-Za-z][A-Za-z0-9]{0,19}$/.test(name) && !taken.has(name.toLowerCase());
