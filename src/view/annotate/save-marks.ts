/**
 * Saving marks: as a download, to the local server under a new annotator name, and in browser storage during editing.
 */
import type { AnnotationDefinition } from '../../wfdb/annotations/notes.ts';
import { downloadFile } from '../export/download.ts';
import type { RecordingInput } from '../open/recording-input.ts';
import { annotationBytes, type MarkFileOptions } from './annotation-bytes.ts';
import type { Mark } from './mark-document.ts';

/** Whether the marks can be written next to the record, which only the page's own server supports. */
export const isWritable = (input: RecordingInput): input is Extract<RecordingInput, { kind: 'url' }> =>
  input.kind === 'url' && new RegExp(`^${location.origin}/files/`).test(input.base);

/** Where marks were saved, or why not: the server never replaces a file. */
export interface SavedMarks {
  readonly file: string;
  readonly outcome: 'written' | 'downloaded' | 'exists';
}

/**
 * Saves marks as `record.annotator`: next to the record or, when the record has no folder that can be written to, as a
 * download. Throws `RangeError` for marks that the format cannot represent, and `Error` with the server's message when
 * the server refuses.
 */
export async function saveMarks(
  input: RecordingInput,
  annotator: string,
  marks: readonly Mark[],
  options: MarkFileOptions,
): Promise<SavedMarks> {
  const bytes = annotationBytes(marks, options);
  const file = `${input.record}.${annotator}`;
  const blob = new Blob([bytes.slice()], { type: 'application/octet-stream' });
  const download = (): SavedMarks => {
    downloadFile(file.split('/').at(-1)!, blob);
    return { file, outcome: 'downloaded' };
  };
  if (!isWritable(input)) return download();
  const answer = await fetch(new URL(encodeURIComponent(file), input.base), { method: 'PUT', body: blob });
  // The server read the record from elsewhere, such as a URL, so there is no folder to write to.
  if (answer.status === 404) return download();
  if (answer.status === 409) return { file, outcome: 'exists' };
  if (!answer.ok) throw new Error(await answer.text());
  return { file, outcome: 'written' };
}

/** The storage key of a record's edits: its name and length identify it, and an annotator other than its first. */
export const autosaveKey = (record: string, length: number, annotator?: string): string =>
  `upstroke.marks.${record}.${length}${annotator === undefined ? '' : `.by.${annotator}`}`;

/** Stores marks in the browser. Returns the browser's error message when there is no space for them. */
export function keepMarks(key: string, marks: readonly Mark[]): string | undefined {
  const rows = marks.map(m => [m.sample, m.symbol, m.subtype, m.channel, m.num, m.aux, m.isProposed ? 1 : 0]);
  try {
    localStorage.setItem(key, JSON.stringify(rows));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The marks stored under a key; undefined when there are none or they are malformed. */
export function keptMarks(key: string): readonly Mark[] | undefined {
  const text = localStorage.getItem(key);
  if (text === null) return undefined;
  try {
    const rows: unknown = JSON.parse(text);
    return Array.isArray(rows) && rows.every(isRow) ? rows.map(markOf) : undefined;
  } catch {
    return undefined;
  }
}

const definitionsKey = (key: string): string => `${key}.types`;

/** Stores annotation types in the browser. Returns the browser's error message when there is no space for them. */
export function keepDefinitions(
  key: string,
  definitions: readonly AnnotationDefinition[],
): string | undefined {
  try {
    localStorage.setItem(definitionsKey(key), JSON.stringify(definitions));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The annotation types stored under a key; undefined when there are none or they are malformed. */
export function keptDefinitions(key: string): readonly AnnotationDefinition[] | undefined {
  const text = localStorage.getItem(definitionsKey(key));
  if (text === null) return undefined;
  try {
    const rows: unknown = JSON.parse(text);
    return Array.isArray(rows) && rows.every(isDefinition) ? rows : undefined;
  } catch {
    return undefined;
  }
}

/** Removes everything that is stored under a key. */
export function dropKept(key: string): void {
  localStorage.removeItem(key);
  localStorage.removeItem(definitionsKey(key));
}

const isDefinition = (row: unknown): row is AnnotationDefinition => {
  if (typeof row !== 'object' || row === null) return false;
  const { code, symbol, description } = row as Partial<AnnotationDefinition>;
  return Number.isInteger(code) && typeof symbol === 'string' && typeof description === 'string';
};

type Row = readonly [number, string, number, number, number, string, number];

const isRow = (row: unknown): row is Row =>
  Array.isArray(row) &&
  row.length === 7 &&
  [0, 2, 3, 4, 6].every(k => Number.isInteger(row[k])) &&
  row[0] >= 0 &&
  typeof row[1] === 'string' &&
  typeof row[5] === 'string';

const markOf = ([sample, symbol, subtype, channel, num, aux, proposed]: Row): Mark => ({
  ...{ sample, symbol, subtype, channel, num, aux },
  ...(proposed === 1 && { isProposed: true }),
});
