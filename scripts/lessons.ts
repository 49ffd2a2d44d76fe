/**
 * The lessons of docs/lessons: computes their numbers and pictures from `samples/` and writes them as one HTML page that
 * opens offline. `--update` puts today's numbers into the texts and writes the pictures beside them; without it a text
 * with other numbers is an error.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { lessonFiles, readLessonInputs } from '../src/analysis/lessons/lesson-inputs.ts';
import { type LessonName, lessonFigures, lessonNames } from '../src/analysis/lessons/lessons.ts';
import { fileSource } from '../src/node/files.ts';
import { samplesFolder } from '../src/node/samples-folder.ts';
import { sayIn } from '../src/view/lessons/lesson-view.ts';
import { lessonView } from '../src/view/lessons/lesson-views.ts';
import { svgPicture } from '../src/view/lessons/svg-picture.ts';
import { languages, type TextLanguage, withFigures } from './lessons/lesson-texts.ts';
import { lessonsPage } from './lessons/lessons-page.ts';
import { lightColours } from './lessons/light-colours.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'out/lessons.html' },
    update: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) {
  console.log(`usage: npm run lessons -- [--out FILE] [--update]

Runs the nine lessons on samples/ and writes one self-contained page.

  --out FILE  where the page goes; default out/lessons.html, replaced if it is there
  --update    put today's numbers into docs/lessons/*/*.md and write the pictures beside them`);
} else await run(values.out, values.update);

async function run(out: string, update: boolean): Promise<void> {
  const folder = fileURLToPath(new URL('../docs/lessons/', import.meta.url));
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
      if (text !== today && !update) throw new Error(`${path} has other numbers than today's: --update`);
      const picture = lessonView(name, inputs, sayIn(language)).use(view => svgPicture(view, colours));
      if (update) {
        await writeFile(path, today);
        await writeFile(join(folder, language, `${name}.svg`), picture);
      }
      texts[language][name] = today;
      pictures[language][name] = picture;
    }
    console.log(`${name}: ${Object.keys(figures).length} numbers`);
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
  console.log(`wrote ${out}\nResearch use only, not for diagnosis.`);
}
