/** Location of the included recordings and model. */
import { fileURLToPath } from 'node:url';

// `src/node/`, `dist/node/` and `dist/cli/` are two folders below the package root, so one relative URL works in all.

/**
 * Path of the folder with the included recordings and the trained model.
 *
 * @example (await readRecord(fileSource([samplesFolder]), 'synth/twelve')).signals.length // => 12
 */
export const samplesFolder = fileURLToPath(new URL('../../samples/', import.meta.url));
