/** Finds the built code and style of the report, from a checkout and from the installed package alike. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { InputError } from '../input-error.ts';

/** The report's script and style, each with the base64 SHA-256 that the page's security policy names it by. */
export interface BuiltReportBundle {
  readonly script: string;
  readonly style: string;
  readonly scriptSha256: string;
  readonly styleSha256: string;
}

/** `src/node/` and `dist/node/` both lie two folders below the package's root: one relative address serves both. */
const builtFolder = new URL('../../dist/report/', import.meta.url);

/**
 * Reads `report.js` and `report.css` from the folder that `npm run build` writes them to, or from another. Throws
 * `InputError` that says to run `npm run build` when they are not there.
 *
 * @example (await readReportBundle()).style.includes('.uplot') // => true
 */
export async function readReportBundle(
  folder: { readonly href: string } = builtFolder,
): Promise<BuiltReportBundle> {
  try {
    const [script, style] = await Promise.all(
      ['report.js', 'report.css'].map(name => readFile(new URL(name, folder.href), 'utf8')),
    );
    return { script: script!, style: style!, scriptSha256: sha256(script!), styleSha256: sha256(style!) };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new InputError('the report page is not built: run `npm run build` first', { cause });
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('base64');
