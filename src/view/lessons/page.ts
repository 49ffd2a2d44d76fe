/**
 * The lessons page. It contains every text in both languages, of which one is shown, and the interactive figures in
 * that language.
 */
import { type LessonInputs, readLessonInputs } from '../../analysis/lessons/lesson-inputs.ts';
import type { LessonName } from '../../analysis/lessons/lessons.ts';
import { memorySource } from '../../wfdb/source.ts';
import { chooseTheme, type ThemeChoice } from '../palette.ts';
import { type Language, sayIn } from './lesson-view.ts';
import { lessonView } from './lesson-views.ts';
import { type MountedLesson, mountLesson } from './mount-lesson.ts';

/** The samples that the lessons read: base64 contents by file name. */
export type LessonFiles = Readonly<Record<string, string>>;

/** Starts the page in the document written by `scripts/lessons.ts`. */
export async function startLessons(files: LessonFiles): Promise<void> {
  const mounted = new Map<HTMLElement, MountedLesson>();
  let language: Language = navigator.language.startsWith('ja') ? 'ja' : 'en';
  if (location.hash === '#ja' || location.hash === '#en') language = location.hash.slice(1) as Language;
  showLanguage(language);
  followTools(next => {
    language = next;
    for (const [, lesson] of mounted) lesson.destroy();
    mounted.clear();
    showLanguage(language);
    watchPlaces();
  });
  // Lets the browser show the texts and static figures first; what follows takes about a second.
  await new Promise(done => setTimeout(done));
  const inputs = await readLessonInputs(memorySource(bytesOf(files)));
  const seen = new IntersectionObserver(
    entries => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) mount(target as HTMLElement);
    },
    { rootMargin: '600px' },
  );
  watchPlaces();
  document.documentElement.dataset.ready = 'true';

  function watchPlaces(): void {
    for (const place of placesOf(language)) seen.observe(place);
  }
  function mount(place: HTMLElement): void {
    seen.unobserve(place);
    if (mounted.has(place) || place.closest('[hidden]')) return;
    mounted.set(place, mountIn(place, inputs, language));
  }
}

const placesOf = (language: Language): NodeListOf<HTMLElement> =>
  document.querySelectorAll<HTMLElement>(`article[lang="${language}"] .explorable`);

function mountIn(place: HTMLElement, inputs: LessonInputs, language: Language): MountedLesson {
  const name = place.dataset.lesson as LessonName;
  const say = sayIn(language);
  const picture = [...place.childNodes];
  const live = lessonView(name, inputs, say).use(view =>
    mountLesson(place, `${name}-${language}`, view, say),
  );
  return {
    destroy() {
      live.destroy();
      place.replaceChildren(...picture);
    },
  };
}

function showLanguage(language: Language): void {
  document.documentElement.lang = language;
  document.title = document.querySelector(`[data-language="${language}"] h1`)!.textContent!;
  for (const part of document.querySelectorAll<HTMLElement>('[data-language]')) {
    part.hidden = part.dataset.language !== language;
  }
  for (const button of document.querySelectorAll<HTMLElement>('[data-show-language]')) {
    button.setAttribute('aria-pressed', String(button.dataset.showLanguage === language));
  }
}

function followTools(onLanguage: (language: Language) => void): void {
  for (const button of document.querySelectorAll<HTMLElement>('[data-show-language]')) {
    button.addEventListener('click', () => onLanguage(button.dataset.showLanguage as Language));
  }
  for (const select of document.querySelectorAll<HTMLSelectElement>('select[data-theme-choice]')) {
    select.addEventListener('change', () => chooseTheme(select.value as ThemeChoice));
  }
}

function bytesOf(files: LessonFiles): Record<string, Uint8Array> {
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [
      name,
      Uint8Array.from(atob(text), character => character.charCodeAt(0)),
    ]),
  );
}
