/** Loads optional packages, which are needed only by some commands. */
import { InputError } from '../input-error.ts';

/** Loads an optional package. Throws `InputError` with installation instructions if it is not installed. */
export async function optionalPackage<T>(load: () => Promise<T>, name: string): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new InputError(`this needs ${name}, which is not installed: npm install ${name}`, { cause: error });
  }
}
