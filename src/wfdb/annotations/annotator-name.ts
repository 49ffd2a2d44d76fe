/** Annotator names: the suffixes of annotation files. */

/** Reference annotators and the suffixes of a record's other files: never overwritten. */
const taken = new Set(['atr', 'ari', 'hea', 'dat', 'mat', 'edf', 'csv']);

/**
 * Whether a user's annotations may have this name: a letter followed by letters and digits, at most 20 characters, and
 * not the suffix of a reference annotation or signal file.
 *
 * @example isNewAnnotatorName('jk2') // => true
 */
export const isNewAnnotatorName = (name: string): boolean =>
  /^[A-Za-z][A-Za-z0-9]{0,19}$/.test(name) && !taken.has(name.toLowerCase());
