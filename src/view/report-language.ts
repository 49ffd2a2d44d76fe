/** The language of the report: that of the address, else the browser's. */
import type { ReportText } from '../analysis/report/report-data.ts';
import { element } from './element.ts';
import { type Language, language, setLanguage, word } from './translations.ts';

const inAddress = /^#language=(en|ja)$/;

/** Sets the language of the page. A report is a file, whose storage is not its own, so its address holds the choice. */
export function chooseReportLanguage(): void {
  const asked = inAddress.exec(location.hash)?.[1] ?? navigator.language;
  setLanguage(asked.startsWith('ja') ? 'ja' : 'en');
  document.documentElement.lang = language();
}

/** The list of languages; another one shows the page anew. */
export function languageChoice(): HTMLElement {
  const list = element('select', { 'aria-label': word('language'), id: 'language' });
  list.append(
    element('option', { value: 'en', lang: 'en' }, 'English'),
    element('option', { value: 'ja', lang: 'ja' }, '日本語'),
  );
  list.value = language();
  list.addEventListener('change', () => {
    location.hash = `language=${list.value as Language}`;
    location.reload();
  });
  return list;
}

/** A text of the report's data in the language of the page. */
export const subjectIn = (text: ReportText): string => (typeof text === 'string' ? text : text[language()]);
