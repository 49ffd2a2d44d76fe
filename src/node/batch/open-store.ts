/** Opens a store from its location as given by the user: a folder, or a location in S3. */
import { isS3, s3Store } from './s3-store.ts';
import { folderStore, type Store } from './store.ts';

const stores = new Map<string, Promise<Store>>();

/**
 * Opens a store; worker processes receive its location and open it themselves. Throws `InputError` as `s3Store` does.
 */
export function openStore(place: string): Promise<Store> {
  const store = stores.get(place) ?? (isS3(place) ? s3Store(place) : Promise.resolve(folderStore(place)));
  stores.set(place, store);
  return store;
}
