/** What a command is: its name, arguments, options, and what it does. */
import type { RunFiles } from '../node/run-files.ts';
import type { Options, Values } from './option.ts';

/** A command: what it is called and takes, its options, and what it does. */
export interface Command<O extends Options = Options> {
  /** As it is called: `slopes`, `evaluate detection`. */
  readonly name: string;
  /** Its arguments beside the options, one word each: `RECORD`; one that ends with `…` may repeat or be left out. */
  readonly takes: readonly string[];
  /** One line. */
  readonly summary: string;
  /** What the arguments are, in the help before the options; pairs of argument and words. */
  readonly arguments?: readonly (readonly [string, string])[];
  readonly options: O;
  /** Paragraphs under the options. */
  readonly notes?: readonly string[];
  /** Does the work. A number is the exit code, 0 when there is none. */
  run(values: Values<O>, positionals: readonly string[], files: RunFiles): Promise<number | undefined>;
}

/** Commands under a common first word, each loaded when it is called: `evaluate detection`. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly commands: Readonly<Record<string, () => Promise<Command | CommandGroup>>>;
}

/** A command as a value: the types of its options are found from the table. */
export const defineCommand = <const O extends Options>(command: Command<O>): Command =>
  // The values that `run` is called with are read by the command's own options.
  command as unknown as Command;
