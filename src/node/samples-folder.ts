/** The recordings and the model that come with the project. */
import { fileURLToPath } from 'node:url';

/** `src/node/` and `dist/node/` both lie two folders below the package's root: one relative address serves both. */
export const samplesFolder = fileURLToPath(new URL('../../samples/', import.meta.url));
