/** The texts of the workbench in the language that was chosen. */
import { translationTable } from './translation-table.ts';

/** The name of a text. */
export type Word = keyof typeof translationTable;
export type Language = 'en' | 'ja';

const place = { en: 0, ja: 1 } as const;
let current: Language = 'en';

/** Sets the language of all texts returned from now on. */
export function setLanguage(language: Language): void {
  current = language;
}

export const language = (): Language => current;

/** The text of this name in the current language, with `{key}` replaced by `values[key]`. */
export function word(name: Word, values: Readonly<Record<string, string | number>> = {}): string {
  return translationTable[name][place[current]].replace(/\{(\w+)\}/g, (_all, key: string) =>
    String(values[key] ?? ''),
  );
}

/** Whether the table has a text of this name. */
export const isWord = (name: string): name is Word => Object.hasOwn(translationTable, name);

/** All texts in both languages, for the test that none is missing. */
export const allWords: Readonly<Record<Word, readonly [en: string, ja: string]>> = translationTable;
