/** The buttons at the top right: open, export, keys, theme and language. */
import { element } from '../element.ts';
import { exportMenu } from '../export/export-menu.ts';
import { chooseTheme, type ThemeChoice } from '../palette.ts';
import { type Language, language, word } from '../translations.ts';
import { textButton } from './controls.ts';
import type { Workbench } from './workbench.ts';

const themeKey = 'upstroke.theme';
const languageKey = 'upstroke.language';

export function keptTheme(): ThemeChoice {
  const kept = localStorage.getItem(themeKey);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

/** The stored language; otherwise Japanese if the browser prefers it, or English. */
export function keptLanguage(): Language {
  const kept = localStorage.getItem(languageKey) ?? navigator.language;
  return kept.startsWith('ja') ? 'ja' : 'en';
}

export function headerButtons(workbench: Workbench, onOpen: () => void, onKeys: () => void): HTMLElement[] {
  const theme = element('select', { 'aria-label': word('theme'), title: word('theme') });
  for (const [value, label] of [
    ['system', word('themeSystem')],
    ['light', word('themeLight')],
    ['dark', word('themeDark')],
  ] as const) {
    theme.append(element('option', { value }, label));
  }
  theme.value = keptTheme();
  theme.addEventListener('change', () => {
    localStorage.setItem(themeKey, theme.value);
    chooseTheme(theme.value as ThemeChoice);
  });
  const languages = element('select', {
    'aria-label': word('language'),
    title: word('language'),
    id: 'language',
  });
  languages.append(
    element('option', { value: 'en', lang: 'en' }, 'English'),
    element('option', { value: 'ja', lang: 'ja' }, '日本語'),
  );
  languages.value = language();
  languages.addEventListener('change', () => {
    localStorage.setItem(languageKey, languages.value);
    dispatchEvent(new Event('upstroke-language'));
  });
  const keys = textButton(word('help'), onKeys, `${word('help')} (?)`);
  return [textButton(word('open'), onOpen), exportMenu(workbench), keys, theme, languages];
}
