/** A feature's name as a reader says it; features that the page doesn't know keep the name in the model. */
import { isWord, word } from '../translations.ts';

export function featureLabel(name: string): string {
  const key = `feature_${name}`;
  return isWord(key) ? word(key) : name;
}
