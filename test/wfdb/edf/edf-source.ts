/** EDF files made byte by byte, read from memory. */
import { readEdfAnnotations } from '../../../src/wfdb/edf/annotations.ts';
import { readEdf } from '../../../src/wfdb/edf/read-edf.ts';
import { memorySource, type Source } from '../../../src/wfdb/source.ts';
import { type EdfSpec, edfFile } from './edf-file.ts';

export const sourceOf = (bytes: Uint8Array): Source => memorySource({ 'x.edf': bytes });

export const read = (spec: EdfSpec | Uint8Array, options = {}) =>
  readEdf(sourceOf(spec instanceof Uint8Array ? spec : edfFile(spec)), 'x.edf', options);

export const events = (spec: EdfSpec | Uint8Array) =>
  readEdfAnnotations(sourceOf(spec instanceof Uint8Array ? spec : edfFile(spec)), 'x.edf');

export const ramp = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + i);

export const stamp = (onset: number, rest = ''): string => `+${onset}\x14\x14\0${rest}`;

export const gaps: EdfSpec = {
  reserved: 'EDF+D',
  signals: [
    { label: 'ECG', data: [ramp(0, 4), ramp(4, 4), ramp(8, 4)] },
    { label: 'EDF Annotations', data: [stamp(0.5), stamp(1.5, '+1.75\x14beat\x14\0'), stamp(4)] },
  ],
};
