/** The chosen recording: files by name, or a record below a URL. */
import { InputError } from '../../input-error.ts';

/** A recording to open; can be passed to `postMessage`. */
export type RecordingInput =
  | {
      readonly kind: 'files';
      /** Files by the names under which headers refer to them. */
      readonly files: ReadonlyMap<string, Blob>;
      /** Record name without `.hea`, or the name of a table or EDF file. */
      readonly record: string;
    }
  | {
      readonly kind: 'url';
      readonly base: string;
      readonly record: string;
      /** The annotators, where known; otherwise the reference annotator is tried. */
      readonly annotators?: readonly string[];
    };

/** The container format of a recording, by its file name. */
export type Container = 'wfdb' | 'csv' | 'edf';

export function containerOf(record: string): Container {
  if (/\.(csv|tsv|txt)$/i.test(record)) return 'csv';
  return /\.(edf|rec|bdf)$/i.test(record) ? 'edf' : 'wfdb';
}

/**
 * The recordings among the chosen files, in order of name: WFDB headers by record name, tables and EDF files by file
 * name.
 *
 * @example recordingsAmong(['100.dat', '100.hea', 'watch.csv']) // => ['100', 'watch.csv']
 */
export function recordingsAmong(names: Iterable<string>): string[] {
  const found: string[] = [];
  for (const name of names) {
    if (/\.hea$/i.test(name)) found.push(name.slice(0, -4));
    else if (containerOf(name) !== 'wfdb') found.push(name);
  }
  return found.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** File endings that are never annotations. */
const noAnnotator = /^(hea|dat|mat|flac|csv|tsv|txt|edf|rec|bdf|json|md|html|xws)$/i;

/**
 * The annotators of a record among the chosen files: the extensions of `record.*` that are no signal or text file.
 *
 * @example annotatorsAmong(['100.hea', '100.dat', '100.atr', '101.atr'], '100') // => ['atr']
 */
export function annotatorsAmong(names: Iterable<string>, record: string): string[] {
  const found: string[] = [];
  for (const name of names) {
    if (!name.startsWith(`${record}.`)) continue;
    const ending = name.slice(record.length + 1);
    if (/^[A-Za-z][A-Za-z0-9_-]*$/.test(ending) && !noAnnotator.test(ending)) found.push(ending);
  }
  return found.sort();
}

/**
 * Parses the URL of a recording into folder and record, with or without a file extension. Throws `RangeError` for any
 * other text.
 *
 * @example inputFromUrl('https://physionet.org/files/mitdb/1.0.0/100.hea') // => { kind: 'url', base: '…/1.0.0/', record: '100' }
 */
export function inputFromUrl(text: string): RecordingInput {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new InputError(`a URL that begins with http:// or https:// is needed, not ${text}`);
  }
  const parts = url.pathname.split('/');
  const last = decodeURIComponent(parts.pop()!);
  if (last === '') throw new InputError(`the URL of a record ends with its name, not with /: ${text}`);
  url.pathname = `${parts.join('/')}/`;
  url.search = '';
  url.hash = '';
  return { kind: 'url', base: url.href, record: last.replace(/\.(hea|dat|atr)$/i, '') };
}
