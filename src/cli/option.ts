/** What an option of a command is: how it is written, what it says in the help, and how its text becomes a value. */

/** The person running a command asked for something that does not make sense: ends it with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** One option; a flag has no `value`. `T` is what the command gets. */
export interface Option<T> {
  /** Its placeholder in the help: `NAME`, `HZ`. Absent for a flag. */
  readonly value?: string;
  /** What it does, in a few words, for the help. */
  readonly says: string;
  /** What the command gets when the option is not given. */
  readonly absent: T;
  /** The value of a text; throws `UsageError` that names the option. Not called for a flag. */
  read(text: string, name: string): T;
}

/** Options by their names in code: `windowMs` is `--window-ms` on the command line. */
export type Options = Readonly<Record<string, Option<unknown>>>;

/** The values a command gets for its options. */
export type Values<O extends Options> = { readonly [K in keyof O]: O[K]['absent'] };

/** `windowMs` as it is written on the command line: `window-ms`. */
export const optionName = (key: string): string =>
  key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);

/** An option that is there or not. */
export const flag = (says: string): Option<boolean> => ({ says, absent: false, read: () => true });

/** Any text. */
export const text = (value: string, says: string): Option<string | undefined> => ({
  value,
  says,
  absent: undefined,
  read: given => given,
});

function readNumber(given: string, name: string): number {
  const number = Number(given);
  if (given.trim() === '' || !Number.isFinite(number)) {
    throw new UsageError(`--${name} takes a number, not '${given}'`);
  }
  return number;
}

/** What a number must be, and the words for it. */
interface NumberRange {
  readonly least?: number;
  readonly above?: number;
  readonly most?: number;
  readonly whole?: boolean;
}

/** A number in a range. */
export const number = (value: string, says: string, range: NumberRange = {}): Option<number | undefined> => ({
  value,
  says,
  absent: undefined,
  read: (given, name) => inRange(readNumber(given, name), name, range),
});

function inRange(number: number, name: string, { least, above, most, whole = false }: NumberRange): number {
  const fits =
    (least === undefined || number >= least) &&
    (above === undefined || number > above) &&
    (most === undefined || number <= most) &&
    (!whole || Number.isSafeInteger(number));
  if (fits) return number;
  const bounds = [
    ...(least === undefined ? [] : [`at least ${least}`]),
    ...(above === undefined ? [] : [`more than ${above}`]),
    ...(most === undefined ? [] : [`at most ${most}`]),
  ].join(' and ');
  const of = bounds === '' ? '' : ` of ${bounds}`;
  throw new UsageError(`--${name} takes a ${whole ? 'whole ' : ''}number${of}, not ${number}`);
}

/** One of the allowed words. */
export const choice = <const T extends string>(words: readonly T[], says: string): Option<T | undefined> => ({
  value: words.join('|'),
  says,
  absent: undefined,
  read: (given, name) => oneOf(given, name, words),
});

/** One of the allowed words; throws `UsageError` that lists them. */
export function oneOf<T extends string>(given: string, name: string, words: readonly T[]): T {
  const word = words.find(allowed => allowed === given);
  if (word === undefined) throw new UsageError(`--${name} is one of ${words.join(', ')}, not '${given}'`);
  return word;
}

/** Values separated by commas, each read as `item` reads one. */
export const list = <T>(item: Option<T | undefined>, value: string): Option<readonly T[] | undefined> => ({
  value,
  says: item.says,
  absent: undefined,
  read: (given, name) =>
    given.split(',').map(part => {
      const read = item.read(part.trim(), name);
      if (read === undefined || part.trim() === '') {
        throw new UsageError(`--${name} has an empty place in '${given}'`);
      }
      return read;
    }),
});

/** The option with what the command takes when it is not given; the help says so. */
export const defaultsTo = <T>(
  option: Option<T | undefined>,
  absent: T,
  words = String(absent),
): Option<T> => ({
  ...option,
  says: `${option.says}; default ${words}`,
  absent,
  read: (given, name) => option.read(given, name) as T,
});

/** The option, which must be given. */
export const required = <T>(option: Option<T | undefined>): Option<T> => ({
  ...option,
  // Never seen by a command: a call without the option is refused before.
  absent: missing as T,
  read: (given, name) => option.read(given, name) as T,
});

/** Marks an option that must be given. */
export const missing: unique symbol = Symbol('missing');
