/** Computes the numbers and figures of the lessons from `samples/` and writes them as one page. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lessonFiles, readLessonInputs } from '../../src/analysis/lessons/lesson-inputs.ts';
import { type LessonName, lessonFigures, lessonNames } from '../../src/analysis/lessons/lessons.ts';
import { fileSource } from '../../src/node/files.ts';
import { samplesFolder } from '../../src/node/samples-folder.ts';
import { sayIn } from '../../src/view/lessons/lesson-view.ts';
import { lessonView } from '../../src/view/lessons/lesson-views.ts';
import { svgPicture } from '../../src/view/lessons/svg-picture.ts';
import { languages, type TextLanguage, withFigures } from './lesson-texts.ts';
import { type LessonsPageParts, lessonsPage } from './lessons-page.ts';
import { lightColours } from './light-colours.ts';

export interface LessonsRun {
  /** Path of the page. */
  readonly out: string;
  /** Writes the computed numbers into the texts, and the figures; without it, a text with other numbers is an error. */
  readonly update: boolean;
  readonly onLesson: (name: LessonName, numbers: number) => void;
}

/** Texts and pictures of the lessons. */
export type Lessons = Pick<LessonsPageParts, 'texts' | 'pictures'>;

const folder = fileURLToPath(new URL('../../docs/lessons/', import.meta.url));

/** Reads the texts and pictures in docs/lessons. */
export async function keptLessons(): Promise<Lessons> {
  const read = async (language: TextLanguage, ending: string) =>
    Object.fromEntries(
      await Promise.all(
        lessonNames.map(async name => [name, await readFile(join(folder, language, name + ending), 'utf8')]),
      ),
    ) as Record<LessonName, string>;
  const inBoth = async (ending: string) => ({ en: await read('en', ending), ja: await read('ja', ending) });
  return { texts: await inBoth('.md'), pictures: await inBoth('.svg') };
}

/** Runs all nine lessons: the texts with the computed numbers, and the pictures. */
export async function makeLessons(
  { texts: kept }: Lessons,
  onLesson: LessonsRun['onLesson'],
): Promise<Lessons> {
  const inputs = await readLessonInputs(fileSource([samplesFolder]));
  const colours = lightColours();
  const texts: Record<TextLanguage, Record<string, string>> = { en: {}, ja: {} };
  const pictures: Record<TextLanguage, Record<string, string>> = { en: {}, ja: {} };
  for (const name of lessonNames) {
    const figures = lessonFigures(name, inputs);
    for (const language of languages) {
      texts[language][name] = withFigures(kept[language][name], figures);
      pictures[language][name] = lessonView(name, inputs, sayIn(language)).use(view =>
        svgPicture(view, colours),
      );
    }
    onLesson(name, Object.keys(figures).length);
  }
  return { texts, pictures } as Lessons;
}

/** Runs all nine lessons. Throws if a text has other numbers than computed, unless `update` is set. */
export async function runLessons({ out, update, onLesson }: LessonsRun): Promise<void> {
  const kept = await keptLessons();
  const { texts, pictures } = await makeLessons(kept, onLesson);
  for (const language of languages) {
    for (const name of lessonNames) {
      const path = join(folder, language, `${name}.md`);
      if (update) {
        await writeFile(path, texts[language][name]);
        await writeFile(join(folder, language, `${name}.svg`), pictures[language][name]);
      } else if (texts[language][name] !== kept.texts[language][name]) {
        throw new Error(`${path} differs from the computed numbers: run with --update`);
      }
    }
  }
  await writePage(out, { texts, pictures });
}

/** Writes the lessons and the samples that they read as one page. */
export async function writePage(out: string, lessons: Lessons): Promise<void> {
  const source = fileSource([samplesFolder]);
  const names = [
    `${lessonFiles.record}.hea`,
    `${lessonFiles.record}.dat`,
    lessonFiles.model,
    lessonFiles.table,
  ];
  const files = Object.fromEntries(
    await Promise.all(names.map(async name => [name, await source.read(name)] as const)),
  );
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, await lessonsPage({ ...lessons, files }));
}
