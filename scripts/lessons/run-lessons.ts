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
import { lessonsPage } from './lessons-page.ts';
import { lightColours } from './light-colours.ts';

export interface LessonsRun {
  /** Path of the page. */
  readonly out: string;
  /** Writes the computed numbers into the texts, and the figures; without it, a text with other numbers is an error. */
  readonly update: boolean;
  readonly onLesson: (name: LessonName, numbers: number) => void;
}

/** Runs all nine lessons. Throws if a text has other numbers than computed, unless `update` is set. */
export async function runLessons({ out, update, onLesson }: LessonsRun): Promise<void> {
  const folder = fileURLToPath(new URL('../../docs/lessons/', import.meta.url));
  const source = fileSource([samplesFolder]);
  const inputs = await readLessonInputs(source);
  const colours = lightColours();
  const texts: Record<TextLanguage, Record<string, string>> = { en: {}, ja: {} };
  const pictures: Record<TextLanguage, Record<string, string>> = { en: {}, ja: {} };
  for (const name of lessonNames) {
    const figures = lessonFigures(name, inputs);
    for (const language of languages) {
      const path = join(folder, language, `${name}.md`);
      const text = await readFile(path, 'utf8');
      const today = withFigures(text, figures);
      if (text !== today && !update)
        throw new Error(`${path} differs from the computed numbers: run with --update`);
      const picture = lessonView(name, inputs, sayIn(language)).use(view => svgPicture(view, colours));
      if (update) {
        await writeFile(path, today);
        await writeFile(join(folder, language, `${name}.svg`), picture);
      }
      texts[language][name] = today;
      pictures[language][name] = picture;
    }
    onLesson(name, Object.keys(figures).length);
  }
  const names = [
    `${lessonFiles.record}.hea`,
    `${lessonFiles.record}.dat`,
    lessonFiles.model,
    lessonFiles.table,
  ];
  const files = Object.fromEntries(
    await Promise.all(names.map(async name => [name, await source.read(name)] as const)),
  );
  type Both = Record<TextLanguage, Record<LessonName, string>>;
  const page = await lessonsPage({ texts: texts as Both, pictures: pictures as Both, files });
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, page);
}
