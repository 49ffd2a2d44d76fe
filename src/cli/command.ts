/** Definition of a command: name, arguments, options and implementation. */
import type { RunFiles } from '../node/run-files.ts';
import type { FormerOption } from './former-options.ts';
import type { Options, Values } from './option.ts';

/** A command of the program. */
export interface Command<O extends Options = Options> {
  /** Name as typed: `slopes`, `evaluate detection`. */
  readonly name: string;
  /** Positional arguments, one word each: `RECORD`; one that ends with `…` may be repeated or omitted. */
  readonly takes: readonly string[];
  /** One line. */
  readonly summary: string;
  /** Descriptions of the arguments, printed in the help before the options. */
  readonly arguments?: readonly (readonly [string, string])[];
  readonly options: O;
  /** Former spellings of options, accepted with a warning. */
  readonly formerOptions?: readonly FormerOption[];
  /** Paragraphs printed in the help after the options. */
  readonly notes?: readonly string[];
  /** Runs the command and returns its exit code, 0 by default. */
  run(values: Values<O>, positionals: readonly string[], files: RunFiles): Promise<number | undefined>;
}

/** Commands with a common first word (`evaluate detection`), each loaded on demand. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly commands: Readonly<Record<string, () => Promise<Command | CommandGroup>>>;
}

/** Defines a command; the types of its values are inferred from its options. */
export const defineCommand = <const O extends Options>(command: Command<O>): Command =>
  // `run` is only called with values that were read by the command's own options.
  command as unknown as Command;
