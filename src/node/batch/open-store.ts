/** Opens a store from its location as given by the user: a folder, or a location in S3. */
import { resolve } from 'node:path';
import { InputError } from '../../input-error.ts';
import { withoutCredentials } from '../../printable.ts';
import { isS3, s3Store } from './s3-store.ts';
import { folderStore, type Store } from './store.ts';

/**
 * The location of a store as a user gives it, with the path of a folder in full. Throws `InputError` for a URL other than
 * `s3://…`, which would otherwise name a folder on this machine.
 */
export function storePlace(given: string): string {
  if (isS3(given)) return given;
  if (/^[a-z][a-z\d+.-]+:\//i.test(given))
    throw new InputError(`a result is a folder or s3://BUCKET/PREFIX, not ${withoutCredentials(given)}`);
  return resolve(given);
}

const stores = new Map<string, Promise<Store>>();

/**
 * Opens a store; worker processes receive its location and open it themselves. Throws `InputError` as `s3Store` does.
 */
export function openStore(place: string): Promise<Store> {
  const store = stores.get(place) ?? (isS3(place) ? s3Store(place) : Promise.resolve(folderStore(place)));
  stores.set(place, store);
  return store;
}
