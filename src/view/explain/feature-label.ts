/** Readable names of features; a feature without a translation keeps its name in the model. */
import { isWord, word } from '../translations.ts';

export function featureLabel(name: string): string {
  const key = `feature_${name}`;
  return isWord(key) ? word(key) : name;
}
