/** The record that the page's address names. */

import type { RecordingInput } from '../open/recording-input.ts';
import { sampleInput } from './open-dialog.ts';
import type { Address } from './settings.ts';

/** The span that an address asks for, s. */
export const spanOf = ({ from, to }: Address): { readonly from?: number; readonly to?: number } => ({
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
});

/** The record named by an address: a URL, or a bundled sample. */
export function inputOf(record: string | undefined): RecordingInput {
  if (record === undefined || record.startsWith('file:')) return sampleInput('mitdb-208-excerpt');
  if (!/^https?:/.test(record)) return sampleInput(record.replace(/^samples\//, ''));
  const base = record.slice(0, record.lastIndexOf('/') + 1);
  return { kind: 'url', base, record: record.slice(base.length) };
}

/** The name of chosen files that an address names, which cannot be opened again without the person. */
export const fileNameOf = (record: string | undefined): string | undefined =>
  record?.startsWith('file:') ? record.slice('file:'.length) : undefined;

/** The name of a record in an address; for files only their name is available. */
export function recordAddress(input: RecordingInput): string {
  if (input.kind === 'files') return `file:${input.record}`;
  const samples = new URL('samples/', document.baseURI).href;
  const whole = input.base + input.record;
  return whole.startsWith(samples) ? whole.slice(samples.length) : whole;
}
