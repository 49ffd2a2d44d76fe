/** Former spellings of options, which commands accept with a warning. */
import { printError } from './output.ts';

/** A former spelling, without dashes, and the present one. */
export interface FormerOption {
  readonly former: string;
  readonly present: string;
  /** Whether a value means the former option, where its name has another meaning now. */
  readonly isMeant?: (value: string) => boolean;
}

/** The arguments with every former option under its present name; prints a warning for each. */
export function withPresentOptions(args: readonly string[], known: readonly FormerOption[]): string[] {
  const end = args.indexOf('--');
  return args.map((word, k) => {
    if (!word.startsWith('--') || (end >= 0 && k >= end)) return word;
    const [name, value] = word.split(/=(.*)/s) as [string, string | undefined];
    const found = known.find(
      ({ former, isMeant }) => name === `--${former}` && (isMeant?.(value ?? args[k + 1] ?? '') ?? true),
    );
    if (found === undefined) return word;
    printError(`warning: --${found.former} is now --${found.present}`);
    return value === undefined ? `--${found.present}` : `--${found.present}=${value}`;
  });
}
