/** Reads the built script and style of the report, in a checkout and in the installed package. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { InputError } from '../input-error.ts';

/** Script and style of the report, each with its base64 SHA-256 digest for the content security policy. */
export interface BuiltReportBundle {
  readonly script: string;
  readonly style: string;
  readonly scriptSha256: string;
  readonly styleSha256: string;
}

/** `src/node/`, `dist/node/` and `dist/cli/` are two folders below the package root, so one relative URL works in all. */
const builtFolder = new URL('../../dist/report/', import.meta.url);

/**
 * Reads `report.js` and `report.css` from the output folder of `npm run build`, or from another folder. Throws
 * `InputError`, with the advice to run `npm run build`, if they are missing.
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
