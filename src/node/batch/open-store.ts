/** A store by what a person calls it: a folder. */
import { folderStore, type Store } from './store.ts';

/** Opens a store. It is sent to other processes by its place. */
export async function openStore(place: string): Promise<Store> {
  return folderStore(place);
}
