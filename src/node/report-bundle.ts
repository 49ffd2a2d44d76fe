/** Finds the built code and style of the report, from a checkout and from the installed package alike. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { DataError } from './command.ts';

/** The report's script and style, each with the base64 SHA-256 that the page's security policy names it by. */
export interface BuiltReportBundle {
  readonly script: string;
  readonly style: string;
  readonly scriptSha256: string;
  readonly styleSha256: string;
}

/**
 * Reads `dist/report/report.js` and `report.css`. Both `src/node/` and `dist/node/` lie two folders below the
 * package's root, so one relative address serves both. Throws `DataError` that says to run `npm run build` when
 * they are not there.
 */
export async function readReportBundle(): Promise<BuiltReportBundle> {
  const folder = new URL('../../dist/report/', import.meta.url);
  try {
    const [script, style] = await Promise.all(
      ['report.js', 'report.css'].map(name => readFile(new URL(name, folder), 'utf8')),
    );
    return { script: script!, style: style!, scriptSha256: sha256(script!), styleSha256: sha256(style!) };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new DataError('the report page is not built: run `npm run build` first', { cause });
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('base64');
