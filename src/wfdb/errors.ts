/**
 * The error for a malformed file: file, position, expectation and finding. A mistake of the caller (an empty window, a
 * negative sampling frequency) is a `RangeError` or `TypeError` instead.
 */
import { printable, withoutCredentials } from '../printable.ts';

/** Kind of error, for programs to branch on. */
export type WfdbErrorCode =
  | 'not-found' // no such file
  | 'not-writable' // a file that cannot be written
  | 'outside' // a name outside its folder
  | 'syntax' // text that does not follow the grammar
  | 'unsupported' // well formed, but a format or layout not read here
  | 'truncated' // less data than announced
  | 'checksum' // samples that do not match the checksum in the header
  | 'inconsistent' // parts that contradict each other
  | 'too-large' // more than the limit that guards memory
  | 'network'; // a transfer that failed

/** Position and cause. `line` counts from 1; `byte` is the offset from the start of the file. */
export interface WfdbErrorDetail {
  readonly code: WfdbErrorCode;
  readonly file: string;
  readonly line?: number;
  readonly byte?: number;
  readonly expected: string;
  readonly found: string;
  /** A possible remedy, appended to the message in parentheses. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * A malformed, missing or unsupported file. `message` is one line with file, position, expectation and finding; it
 * never contains control characters or credentials. `file` is the name as given.
 *
 * @example
 * parseHeader('100 x 360', '100.hea') // throws WfdbError: 100.hea, line 1: expected a number of signals (an integer), found 'x'
 */
export class WfdbError extends Error {
  override readonly name = 'WfdbError';
  readonly code: WfdbErrorCode;
  readonly file: string;
  readonly line: number | undefined;
  readonly byte: number | undefined;
  readonly expected: string;
  readonly found: string;

  constructor(detail: WfdbErrorDetail) {
    const place =
      detail.line !== undefined
        ? `, line ${detail.line}`
        : detail.byte !== undefined
          ? `, byte ${detail.byte}`
          : '';
    const file = printable(withoutCredentials(detail.file));
    const expected = printable(withoutCredentials(detail.expected));
    const found = printable(withoutCredentials(detail.found));
    const hint = detail.hint === undefined ? '' : ` (${printable(detail.hint)})`;
    super(`${file}${place}: expected ${expected}, found ${found}${hint}`, { cause: detail.cause });
    this.code = detail.code;
    this.file = detail.file;
    this.line = detail.line;
    this.byte = detail.byte;
    this.expected = expected;
    this.found = found;
  }
}
