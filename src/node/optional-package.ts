/** Packages that only some commands need, and that who doesn't use these need not install. */
import { InputError } from '../input-error.ts';

/** Loads a package. Throws `InputError` that says how to install it where it is not there. */
export async function optionalPackage<T>(load: () => Promise<T>, name: string): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new InputError(`this needs ${name}, which is not installed: npm install ${name}`, { cause: error });
  }
}
