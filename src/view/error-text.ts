/** An error in the language of the page: what went wrong and what to do, with the library's message. */
import { InputError } from '../input-error.ts';
import { WfdbError } from '../wfdb/errors.ts';
import type { FileFault } from './open/file-faults.ts';
import type { RecordingInput } from './open/recording-input.ts';
import { isWord, word } from './translations.ts';
import { CallError } from './worker/remote-calls.ts';

/**
 * The text of an error from the library, whether thrown here or in a worker. The message itself, which names file, line
 * and finding, is in English; in Japanese a sentence by the kind of error precedes it.
 */
export function errorText(error: unknown): string {
  const message = withoutOptions(error instanceof Error ? error.message : String(error));
  const name = `fault_${kindOf(error)}`;
  return word(isWord(name) ? name : 'fault_other', { message });
}

/** The text of a fault that did not prevent reading. */
export function faultText({ code, message }: Pick<FileFault, 'code' | 'message'>): string {
  const name = `fault_${code}`;
  return word(isWord(name) ? name : 'fault_other', { message: withoutOptions(message) });
}

/** A message of the library without the options of commands, which the page does not have. */
const withoutOptions = (message: string): string => message.replace(/ ?\([^()]*--[^()]*\)/g, '');

/** The code of a `WfdbError`, `input` for an `InputError`, else `other`. */
function kindOf(error: unknown): string {
  if (error instanceof WfdbError) return error.code;
  if (error instanceof CallError) {
    return error.detail.code ?? (error.detail.name === 'InputError' ? 'input' : 'other');
  }
  return error instanceof InputError ? 'input' : 'other';
}

/** Why a recording could not be opened. */
export function openErrorText(error: unknown, { kind, record }: RecordingInput): string {
  if (error instanceof CallError && error.detail.code === 'not-found') {
    const file = error.detail.file ?? '';
    return word(kind === 'files' ? 'missingFile' : 'missingAtUrl', { file, record });
  }
  return word('cannotOpen', { record, reason: errorText(error) });
}
