/** Options of a command: name, help text, and conversion of the given text to a value. */

/** A mistake in the arguments of a command, which then exits with code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An option with values of type `T`; a flag has no `value`. */
export interface Option<T> {
  /** Placeholder in the help, e.g. `NAME` or `HZ`; absent for a flag. */
  readonly value?: string;
  /** Description for the help. */
  readonly says: string;
  /** Value if the option is not given. */
  readonly absent: T;
  /** Parses the text given for option `name`. Throws `UsageError` that names the option. Not called for a flag. */
  read(text: string, name: string): T;
}

/** Options by their names in code; `windowMs` is `--window-ms` on the command line. */
export type Options = Readonly<Record<string, Option<unknown>>>;

/** The values of a command's options. */
export type Values<O extends Options> = { readonly [K in keyof O]: O[K]['absent'] };

/** The name of an option on the command line: `window-ms` for `windowMs`. */
export const optionName = (key: string): string =>
  key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);

/** A flag: true if given. */
export const flag = (says: string): Option<boolean> => ({ says, absent: false, read: () => true });

/** An option that takes any text. */
export const text = (value: string, says: string): Option<string | undefined> => ({
  value,
  says,
  absent: undefined,
  read: given => given,
});

/**
 * An option that takes the path of a file to write, in the format that the ending of its name states: one of
 * `endings`, without the point. A device, such as /dev/stdout, has no ending and gets the first format.
 */
export const fileEndingIn = (
  endings: readonly [string, ...string[]],
  says: string,
): Option<string | undefined> => ({
  value: 'FILE',
  says,
  absent: undefined,
  read: (given, name) => {
    const isKnown = endings.some(ending => given.toLowerCase().endsWith(`.${ending}`));
    if (isKnown || given.startsWith('/dev/')) return given;
    throw new UsageError(
      `--${name} takes a path that ends in ${endings.map(ending => `.${ending}`).join(' or ')}, not '${given}'`,
    );
  },
});

function readNumber(given: string, name: string): number {
  const number = Number(given);
  if (given.trim() === '' || !Number.isFinite(number)) {
    throw new UsageError(`--${name} takes a number, not '${given}'`);
  }
  return number;
}

/** Range of permitted numbers. */
interface NumberRange {
  readonly least?: number;
  readonly above?: number;
  readonly most?: number;
  readonly whole?: boolean;
}

/** An option that takes a number within a range. */
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

/** An option that takes one of several words. */
export const choice = <const T extends string>(words: readonly T[], says: string): Option<T | undefined> => ({
  value: words.join('|'),
  says,
  absent: undefined,
  read: (given, name) => oneOf(given, name, words),
});

/** Returns the given word if it is allowed. Throws `UsageError` that lists the allowed words otherwise. */
function oneOf<T extends string>(given: string, name: string, words: readonly T[]): T {
  const word = words.find(allowed => allowed === given);
  if (word === undefined) throw new UsageError(`--${name} is one of ${words.join(', ')}, not '${given}'`);
  return word;
}

/** An option that takes comma-separated values, each parsed like `item`. */
export const list = <T>(item: Option<T | undefined>, value: string): Option<readonly T[] | undefined> => ({
  value,
  says: item.says,
  absent: undefined,
  read: (given, name) =>
    given.split(',').map(part => {
      const read = item.read(part.trim(), name);
      if (read === undefined || part.trim() === '') {
        throw new UsageError(`--${name} has an empty item in '${given}'`);
      }
      return read;
    }),
});

/** The option with a default value, which is stated in the help. */
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

/** The option, made mandatory. */
export const required = <T>(option: Option<T | undefined>): Option<T> => ({
  ...option,
  // Never passed to a command: parsing fails if the option is missing.
  absent: missing as T,
  read: (given, name) => option.read(given, name) as T,
});

/** Default of a mandatory option. */
export const missing: unique symbol = Symbol('missing');
