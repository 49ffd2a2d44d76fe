/** The version of this package. */
import { readFileSync } from 'node:fs';

/** The `version` field of `package.json`. */
export const packageVersion: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
