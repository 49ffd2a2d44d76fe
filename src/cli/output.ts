/** What commands print. Everything goes through here, so that no text from a file can steer the terminal. */
import { printableJson, printableLines } from '../printable.ts';

/** Said under every result that a person could take for a finding. */
export const researchNotice = 'Research use only, not for diagnosis.';

/** Prints lines on standard output. */
export function print(text: string): void {
  process.stdout.write(`${printableLines(text)}\n`);
}

/** Prints a result as JSON on standard output, on one line or, with `indent`, laid out. */
export function printJson(value: unknown, indent?: number): void {
  process.stdout.write(`${printableJson(value, indent)}\n`);
}

/** Prints lines on standard error: what is said beside the result. */
export function printError(text: string): void {
  process.stderr.write(`${printableLines(text)}\n`);
}
