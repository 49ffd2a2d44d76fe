/**
 * Runs a command: parses arguments, prints `--help`, manages files, and determines the exit code: 0 success, 1 bad
 * data, 2 bad arguments.
 */
import { parseArgs } from 'node:util';
import { InputError } from '../input-error.ts';
import { GradientWorkerError } from '../node/gradient-workers/worker-error.ts';
import { packageVersion } from '../node/package-version.ts';
import { openRunFiles, type RunFiles } from '../node/run-files.ts';
import { WfdbError } from '../wfdb/errors.ts';
import type { Command, CommandGroup } from './command.ts';
import { withPresentOptions } from './former-options.ts';
import { groupHelpText, helpText } from './help.ts';
import { missing, type Options, optionName, UsageError, type Values } from './option.ts';
import { print, printError } from './output.ts';

/**
 * Runs a command and returns its exit code: 0 for `--help`, 2 and a one-line message for a mistake in the arguments, 1
 * and a one-line message for bad data or a failing file. Any other error is a bug and is rethrown with its stack.
 * `UPSTROKE_DEBUG=1` prints the stack of every error.
 */
export async function runCommand(
  command: Command | CommandGroup,
  args: readonly string[] = process.argv.slice(2),
): Promise<number> {
  if ('commands' in command) return runGroup(command, args);
  if (args.some(word => word === '--help' || word === '-h')) {
    print(helpText(command));
    return 0;
  }
  let files: RunFiles | undefined;
  try {
    const { values, positionals, overwrite } = argumentsOf(command, args);
    files = openRunFiles({ overwrite });
    return (await command.run(values, positionals, files)) ?? 0;
  } catch (error) {
    const ending = endingOf(error);
    if (process.env.UPSTROKE_DEBUG === '1') printError(stackOf(error));
    if (ending === undefined) throw error;
    printError(`error: ${ending.message}`);
    return ending.exitCode;
  } finally {
    await files?.abandon();
  }
}

async function runGroup(group: CommandGroup, args: readonly string[]): Promise<number> {
  const [word = '', ...rest] = args;
  if (Object.hasOwn(group.commands, word)) return runCommand(await group.commands[word]!(), rest);
  const names = Object.keys(group.commands);
  if (word === '--help' || word === '-h') {
    print(await groupHelpText(group));
    return 0;
  }
  if (word === '--version' && group.name === 'upstroke') {
    print(packageVersion);
    return 0;
  }
  const found = word === '' ? 'a command is missing' : `there is no command '${word}'`;
  printError(`error: ${found}: ${group.name} takes one of ${names.join(', ')} (--help explains them)`);
  return 2;
}

/** Runs a command as the main program: its exit code becomes that of the process. */
export async function runAsProcess(command: Command | CommandGroup, args?: string[]): Promise<void> {
  // A reader that closes the pipe early (`| head`) is not an error.
  process.stdout.on('error', error => {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(0);
    printError(`error: ${error.message}`);
    process.exit(1);
  });
  process.exitCode = await runCommand(command, args);
}

function argumentsOf(
  command: Command,
  args: readonly string[],
): { values: Values<Options>; positionals: readonly string[]; overwrite: boolean } {
  const { options, name } = command;
  const parsed = parseArgs({
    // Two hyphens before a blank are no option but SQL that begins with a comment: behind a blank, parseArgs takes it so.
    args: withPresentOptions(args, command.formerOptions ?? []).map(word =>
      /^--\s/.test(word) ? ` ${word}` : word,
    ),
    options: Object.fromEntries(
      Object.entries(options).map(([key, { value }]) => [
        optionName(key),
        { type: value === undefined ? ('boolean' as const) : ('string' as const) },
      ]),
    ),
    allowPositionals: true,
    strict: true,
  });
  checkCount(command, parsed.positionals);
  const values = Object.fromEntries(
    Object.entries(options).map(([key, option]) => {
      const given = parsed.values[optionName(key)];
      if (typeof given === 'string') return [key, option.read(given, optionName(key))];
      if (given === undefined && option.absent === missing) {
        throw new UsageError(`${name} needs --${optionName(key)} ${option.value ?? ''}`.trim());
      }
      return [key, given ?? option.absent];
    }),
  );
  const overwrite = (values as { overwrite?: unknown }).overwrite === true;
  return { values, positionals: parsed.positionals, overwrite };
}

function checkCount({ name, takes }: Command, positionals: readonly string[]): void {
  const repeats = takes.some(word => word.endsWith('…'));
  const least = takes.filter(word => !word.endsWith('…')).length;
  const fits = positionals.length >= least && (repeats || positionals.length === least);
  if (fits) return;
  if (takes.length === 0) throw new UsageError(`${name} takes options only, not '${positionals[0]}'`);
  const found = positionals.length === 0 ? 'nothing' : positionals.map(word => `'${word}'`).join(' ');
  throw new UsageError(`${name} takes ${takes.join(' ')}, not ${found}`);
}

/** Message and exit code of an expected error; undefined for a bug. */
function endingOf(error: unknown): { message: string; exitCode: number } | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = (error as NodeJS.ErrnoException).code;
  const message = error.message.split('\n')[0]!;
  if (error instanceof UsageError) return { message: `${message} (--help shows the options)`, exitCode: 2 };
  if (code?.startsWith('ERR_PARSE_ARGS')) {
    // Node.js appends advice that does not apply here.
    const told = message.split('. ')[0]!;
    return {
      message: `${told} (--help shows the options; --option=-1 gives a negative number)`,
      exitCode: 2,
    };
  }
  const isSystemError = typeof code === 'string' && /^E[A-Z0-9]+$/.test(code);
  const isExpected = [InputError, WfdbError, GradientWorkerError].some(kind => error instanceof kind);
  if (isExpected || isSystemError) {
    return { message, exitCode: 1 };
  }
  return undefined;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
