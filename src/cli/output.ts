/** Output of commands. All of it passes through here, so that text from files cannot control the terminal. */
import { beatCount } from '../analysis/artefact-marks.ts';
import type { RecordingBeats } from '../analysis/lead-beats.ts';
import { printableJson, printableLines } from '../printable.ts';

/** Notice printed below every result that could be mistaken for a clinical finding. */
export const researchNotice = 'Research use only, not for diagnosis.';

/** A number of things: `1 beat`, `2 beats`. */
export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** The number of beats, and of what was detected where there are no QRS complexes (`|`), if there is any. */
export function countedBeats({ symbols }: Pick<RecordingBeats, 'symbols'>): string {
  const beats = beatCount({ symbols });
  const others = symbols.length - beats;
  return counted(beats, 'beat') + (others === 0 ? '' : ` and ${counted(others, 'other mark')}`);
}

/** Prints lines on standard output. */
export function print(text: string): void {
  process.stdout.write(`${printableLines(text)}\n`);
}

/** Prints the end of a result: the files written, some of which may not have been requested, and the notice. */
export const printEnd = (written: readonly (string | undefined)[]): void =>
  print(
    ['', ...written.filter(path => path !== undefined).map(path => `wrote ${path}`), researchNotice].join(
      '\n',
    ),
  );

/** Prints a result as JSON on standard output, on one line or indented. */
export function printJson(value: unknown, indent?: number): void {
  process.stdout.write(`${printableJson(value, indent)}\n`);
}

/** Prints lines on standard error: messages that are not part of the result. */
export function printError(text: string): void {
  process.stderr.write(`${printableLines(text)}\n`);
}
