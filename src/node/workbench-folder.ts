/** Location of the built workbench. */
import { fileURLToPath } from 'node:url';

/** Path of the output folder of `npm run build:view`; this file and the bundled commands are two folders below the root. */
export const workbenchFolder = fileURLToPath(new URL('../../dist/workbench', import.meta.url));
