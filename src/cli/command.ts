/** What every script shares: arguments, `--help`, and how it ends: 0 done, 1 bad data, 2 bad arguments. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { InputError } from '../input-error.ts';
import { WfdbError } from '../wfdb/errors.ts';

/** The person running a script asked for something that does not make sense: ends it with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<O extends Options> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true; strict: true }>
>;

/** A script: its help text, its options as `node:util` `parseArgs` takes them, and what it does. */
export interface Command<O extends Options> {
  readonly help: string;
  readonly options: O;
  run(values: Parsed<O>['values'], positionals: readonly string[]): Promise<void>;
}

/**
 * Runs a script to its end and sets the exit code. `--help` prints the help and ends with 0; a mistake in the
 * arguments prints one line and ends with 2; bad data or a failing file prints one line and ends with 1. Anything
 * else is a defect of ours and keeps its stack.
 */
export async function runCommand<O extends Options>(command: Command<O>): Promise<void> {
  // A reader that closes the pipe early (`| head`) is no failure.
  process.stdout.on('error', error => {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(0);
    console.error(`error: ${error.message}`);
    process.exit(1);
  });
  if (process.argv.slice(2).some(word => word === '--help' || word === '-h')) {
    console.log(command.help.trim());
    return;
  }
  try {
    const { values, positionals } = parseArgs({
      options: command.options,
      allowPositionals: true,
      strict: true,
    });
    await command.run(values, positionals);
  } catch (error) {
    const ending = endingOf(error);
    if (ending === undefined) throw error;
    console.error(`error: ${ending.message}`);
    process.exitCode = ending.exitCode;
  }
}

function endingOf(error: unknown): { message: string; exitCode: number } | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = (error as NodeJS.ErrnoException).code;
  const message = error.message.split('\n')[0]!;
  if (error instanceof UsageError) return { message: `${message} (--help shows the options)`, exitCode: 2 };
  if (code?.startsWith('ERR_PARSE_ARGS')) {
    // Node goes on with advice that fits no option of ours.
    const told = message.split('. ')[0]!;
    return {
      message: `${told} (--help shows the options; --option=-1 gives a negative number)`,
      exitCode: 2,
    };
  }
  const isSystemError = typeof code === 'string' && /^E[A-Z0-9]+$/.test(code);
  if (
    error instanceof InputError ||
    error instanceof WfdbError ||
    error instanceof RangeError ||
    isSystemError
  ) {
    return { message, exitCode: 1 };
  }
  return undefined;
}

/** A finite number from an option's text; throws `UsageError` that names the option. */
export function numberOption(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new UsageError(`--${name} takes a number, not '${text}'`);
  }
  return value;
}

/** A whole number of at least `least`; throws `UsageError` that names the option. */
export function wholeOption(name: string, text: string, least: number): number {
  const value = numberOption(name, text);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`--${name} takes a whole number of at least ${least}, not '${text}'`);
  }
  return value;
}

/** One of the allowed words; throws `UsageError` that lists them. */
export function choiceOption<T extends string>(name: string, text: string, allowed: readonly T[]): T {
  const choice = allowed.find(word => word === text);
  if (choice === undefined) throw new UsageError(`--${name} is one of ${allowed.join(', ')}, not '${text}'`);
  return choice;
}
