/** Readable names and descriptions of features; a feature without a translation keeps its name in the model. */
import { isWord, word } from '../translations.ts';

export function featureLabel(name: string): string {
  const key = `feature_${name}`;
  if (isWord(key)) return word(key);
  const [, channel, sign, ms] = /^(voltage|deviation) at (-?)([\d.]+) ms$/.exec(name) ?? [];
  const ofWaveform = `feature_${channel}${sign === '-' ? 'Before' : 'After'}`;
  return isWord(ofWaveform) ? word(ofWaveform, { ms: ms! }) : name;
}

/** The sentence of the glossary on a feature; undefined where there is none. */
export function featureSentence(name: string): string | undefined {
  const key = `meaning_${name}`;
  return isWord(key) ? word(key) : undefined;
}
