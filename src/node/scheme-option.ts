/** The `--scheme` option. */
import { parseScheme, type Scheme } from '../diff/scheme.ts';
import { UsageError } from './command.ts';

/** A scheme from its text; throws `UsageError` that lists the forms. */
export function parseSchemeOption(text: string): Scheme {
  try {
    return parseScheme(text);
  } catch (error) {
    throw new UsageError(`--scheme: ${(error as RangeError).message}`);
  }
}
