/** The record that the page's address names. */

import type { RecordingInput } from '../open/recording-input.ts';
import { sampleInput } from './open-dialog.ts';
import type { Address, Settings } from './settings.ts';

/** What an address specifies beside the record: a span, s, a lead, and how it is shown. */
export interface Wanted {
  readonly from?: number;
  readonly to?: number;
  readonly lead?: number;
  readonly settings?: Settings;
}

export const wantedOf = ({ from, to, settings, isLeadGiven }: Address): Wanted => ({
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
  ...(isLeadGiven && { lead: settings.lead }),
});

/** The record named by an address: a URL, or a bundled sample. */
export function inputOf(record: string | undefined): RecordingInput {
  if (record === undefined || record.startsWith('file:')) return sampleInput('mitdb-208-excerpt');
  if (!/^https?:/.test(record)) return sampleInput(record.replace(/^samples\//, ''));
  const base = record.slice(0, record.lastIndexOf('/') + 1);
  return { kind: 'url', base, record: decoded(record.slice(base.length)) };
}

/** The name of chosen files that an address names, which cannot be opened again without the user. */
export const fileNameOf = (record: string | undefined): string | undefined =>
  record?.startsWith('file:') ? record.slice('file:'.length) : undefined;

/** The name of a record in an address; for files only their name is available. */
export function recordAddress(input: RecordingInput): string {
  if (input.kind === 'files') return `file:${input.record}`;
  const samples = new URL('samples/', document.baseURI).href;
  const whole = input.base + encodeURIComponent(input.record);
  return whole.startsWith(samples) ? whole.slice(samples.length) : whole;
}

/** A part of a URL without percent signs for other characters; as it is where that is impossible. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}
