/** The recordings and the model that come with the project. */
import { fileURLToPath } from 'node:url';

// `src/node/` and `dist/node/` both lie two folders below the package's root: one relative address serves both.

/**
 * The folder of the recordings and the trained model that come with the package.
 *
 * @example (await readRecord(fileSource([samplesFolder]), 'synth/twelve')).signals.length // => 12
 */
export const samplesFolder = fileURLToPath(new URL('../../samples/', import.meta.url));
