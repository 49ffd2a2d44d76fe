/** A store by what a person calls it: a folder, or a place in S3. */
import { isS3, s3Store } from './s3-store.ts';
import { folderStore, type Store } from './store.ts';

const stores = new Map<string, Promise<Store>>();

/** Opens a store; it goes to other processes by its place. Throws `InputError` as `s3Store` does. */
export function openStore(place: string): Promise<Store> {
  const store = stores.get(place) ?? (isS3(place) ? s3Store(place) : Promise.resolve(folderStore(place)));
  stores.set(place, store);
  return store;
}
