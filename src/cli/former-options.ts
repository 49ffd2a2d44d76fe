/** Former spellings of options, which commands accept with a warning. */
import { printError } from './output.ts';

/** A former spelling, without dashes, and the present one. */
export interface FormerOption {
  readonly former: string;
  readonly present: string;
  /** Whether a value means the former option, where its name has another meaning now. */
  readonly isMeant?: (value: string) => boolean;
}

/**
 * The arguments with every former option under its present name; prints a warning for each. Where the present option is
 * given too, the former one stays, and is refused with the other arguments.
 */
export function withPresentOptions(args: readonly string[], known: readonly FormerOption[]): string[] {
  const end = args.indexOf('--');
  const words = args.map((word, k) => {
    const isOption = word.startsWith('--') && (end < 0 || k < end);
    const [name, value] = word.split(/=(.*)/s) as [string, string | undefined];
    const former = known.find(
      of => isOption && name === `--${of.former}` && (of.isMeant?.(value ?? args[k + 1] ?? '') ?? true),
    );
    return { word, name, value, former };
  });
  return words.map(({ word, value, former: of }) => {
    const isGivenToo = words.some(({ name, former }) => !former && name === `--${of?.present}`);
    if (of === undefined || isGivenToo) return word;
    printError(`warning: --${of.former} is now --${of.present}`);
    return value === undefined ? `--${of.present}` : `--${of.present}=${value}`;
  });
}
