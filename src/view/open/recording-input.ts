/** The chosen recording: files by name, or a record below a URL. */
import { InputError } from '../../input-error.ts';
import type { CsvOptions } from '../../wfdb/csv/csv-options.ts';

/** What a text table does not specify, as entered by the user. */
export type TableOptions = Pick<
  CsvOptions,
  'samplingFrequency' | 'units' | 'adcGain' | 'transpose' | 'delimiter' | 'decimal'
>;

/** A recording to open; can be passed to `postMessage`. */
export type RecordingInput =
  | {
      readonly kind: 'files';
      /** Files by the names under which headers refer to them. */
      readonly files: ReadonlyMap<string, Blob>;
      /** Record name without `.hea`, or the name of another file. */
      readonly record: string;
      readonly table?: TableOptions;
    }
  | {
      readonly kind: 'url';
      readonly base: string;
      readonly record: string;
      /** The annotators, where known; otherwise the reference annotator is tried. */
      readonly annotators?: readonly string[];
      readonly table?: TableOptions;
    };

/** Number of files whose content is examined at most: a whole database is found by its headers. */
const mostExamined = 200;

/**
 * The recordings among the chosen files: WFDB headers by their record name, and every other file that is a recording by its
 * content, whatever its ending, by its file name; in order of name. Files that belong to a header are none.
 *
 * @example await recordingsAmong(new Map([['100.hea', header], ['100.dat', bytes], ['watch.log', table]])) // => ['100', 'watch.log']
 */
export async function recordingsAmong(files: ReadonlyMap<string, Blob>): Promise<string[]> {
  const headers = [...files.keys()].filter(name => /\.hea$/i.test(name)).map(name => name.slice(0, -4));
  const found = [...headers];
  const records = new Set(headers);
  const others = [...files].filter(
    ([name]) => !/\.hea$/i.test(name) && !records.has(name.replace(/\.[^./]*$/, '')),
  );
  // Loaded on demand: a page that shows a sample needs no reader of tables.
  const { detectContainer, detectionBytes } = await import('../../wfdb/containers.ts');
  for (const [name, file] of others.slice(0, mostExamined)) {
    const bytes = new Uint8Array(await file.slice(0, detectionBytes).arrayBuffer());
    if (detectContainer(bytes) !== undefined) found.push(name);
  }
  return found.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** Whether the recording is a text table: by its content, or by its ending where the content is not available. */
export async function isTableInput(input: RecordingInput): Promise<boolean> {
  if (input.kind === 'url') return /\.(csv|tsv|txt)$/i.test(input.record);
  const file = input.files.get(input.record);
  if (file === undefined) return false;
  const { detectContainer, detectionBytes } = await import('../../wfdb/containers.ts');
  return detectContainer(new Uint8Array(await file.slice(0, detectionBytes).arrayBuffer()))?.name === 'table';
}

/** File endings that are never annotations. */
const noAnnotator = /^(hea|dat|mat|flac|csv|tsv|txt|log|edf|rec|bdf|json|md|html|xws)$/i;

/**
 * The annotators of a record among the chosen files: the extensions of `record.*` that are no signal or text file, the
 * reference first.
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
  return found.sort((a, b) => Number(b === 'atr') - Number(a === 'atr') || (a < b ? -1 : 1));
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
