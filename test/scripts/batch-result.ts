/** The result of a batch as a test compares it. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The digest of every file of the result, but not of the state beside it; nor of the manifest what names the source. */
export function filesOf(out: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' }).sort()) {
    if (name.startsWith('.batch') || !statSync(join(out, name)).isFile()) continue;
    files.set(
      name,
      createHash('sha256')
        .update(readFileSync(join(out, name)))
        .digest('hex'),
    );
  }
  return files;
}
