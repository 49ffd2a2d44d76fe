/** The lessons say what the library computes: every number, every line of code, every picture. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { quotedIn } from '../../scripts/lessons/lesson-texts.ts';
import { keptLessons, type Lessons, makeLessons } from '../../scripts/lessons/run-lessons.ts';
import { descend } from '../../src/analysis/lessons/descent.ts';
import { type LessonInputs, readLessonInputs } from '../../src/analysis/lessons/lesson-inputs.ts';
import { lessonNames } from '../../src/analysis/lessons/lessons.ts';
import {
  createRaceLandscape,
  landscapes,
  raceRates,
  racers,
  raceSteps,
  stepsToArrive,
} from '../../src/analysis/lessons/optimizer-race.ts';
import { fileSource } from '../../src/node/files.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'docs/lessons');
const languages = ['en', 'ja'] as const;
const codeOf = (text: string): string =>
  [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(match => match[1]!).join('\n');

const kept = await keptLessons();
let made: Lessons;
let inputs: LessonInputs;
beforeAll(async () => {
  made = await makeLessons(kept, () => {});
  inputs = await readLessonInputs(fileSource([join(root, 'samples')]));
}, 300_000);

test('each lesson has a text and a picture in both languages, and nothing else is there', () => {
  const wanted = lessonNames.flatMap(name => [`${name}.md`, `${name}.svg`]).sort();
  for (const language of languages) expect(readdirSync(join(folder, language)).sort()).toEqual(wanted);
});

describe.each(lessonNames)('%s', name => {
  test('its numbers are today’s, in both languages the same ones', () => {
    for (const language of languages) {
      const text = kept.texts[language][name];
      expect(quotedIn(text).length).toBeGreaterThan(5);
      expect(made.texts[language][name]).toBe(text);
    }
    const names = (language: 'en' | 'ja'): string[] =>
      quotedIn(kept.texts[language][name])
        .map(each => each.name)
        .sort();
    expect(names('ja')).toEqual(names('en'));
  });

  test('both languages have the same parts and the same code', () => {
    const [en, ja] = languages.map(language => kept.texts[language][name]);
    expect(codeOf(ja!)).toBe(codeOf(en!));
    const parts = (text: string): string[] => text.match(/^(?:#+ |> |!\[|- |\| |```)/gm) ?? [];
    expect(parts(ja!)).toEqual(parts(en!));
  });

  test.each(languages)('its picture in %s is what the lesson paints', language => {
    const [picture, painted] = [kept, made].map(({ pictures }) => pictures[language][name]) as [
      string,
      string,
    ];
    const shape = (svg: string): string[] => svg.match(/<\w+|<text[^>]*>[^<]*/g) ?? [];
    expect(shape(painted).length).toBeGreaterThan(20);
    expect(shape(painted)).toEqual(shape(picture));
    const places = (svg: string): number[] => (svg.match(/-?\d+\.?\d*/g) ?? []).map(Number);
    const [now, then] = [places(painted), places(picture)];
    expect(now).toHaveLength(then.length);
    // Pixels; another machine may round otherwise.
    expect(Math.max(...now.map((value, k) => Math.abs(value - then[k]!)))).toBeLessThan(1);
  });
});

test('the race on the page runs at the best rates of those tried', () => {
  const found = Object.fromEntries(
    quotedIn(kept.texts.en['8-optimisers']).map(({ name, value }) => [name, value] as const),
  );
  for (const name of landscapes) {
    const landscape = createRaceLandscape(inputs.task, name);
    for (const racer of racers) {
      const { losses } = descend(landscape.loss, landscape.start, {
        ...{ optimizer: racer, rate: raceRates[name][racer], steps: raceSteps },
      });
      // The text has the fewest steps over all rates, which the numbers' test computes anew.
      expect(String(stepsToArrive(landscape, losses)), `${name} ${racer}`).toBe(found[`${name}-${racer}`]);
    }
  }
});

test('the code of every lesson runs and prints what it says', () => {
  const out = join(root, 'out/lessons-test');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const promised: string[] = [];
  const imports = lessonNames.map(name => {
    const code = codeOf(kept.texts.en[name]);
    promised.push(...[...code.matchAll(/\/\/ => (.*)$/gm)].map(match => match[1]!.trim()));
    const sources = code
      .replace(/from 'upstroke\/(\w+)'/g, (_, module) => `from '${join(root, 'src', `${module}.ts`)}'`)
      .replace(/from 'upstroke'/g, `from '${join(root, 'src/index.ts')}'`);
    writeFileSync(join(out, `${name}.ts`), sources);
    return `await import('./${name}.ts');`;
  });
  writeFileSync(join(out, 'all.ts'), `export {};\n${imports.join('\n')}`);
  const printed = execFileSync(process.execPath, ['--import', 'tsx', join(out, 'all.ts')], {
    cwd: root,
    encoding: 'utf8',
  });
  rmSync(out, { recursive: true });
  expect(existsSync(out)).toBe(false);
  expect(promised.length).toBeGreaterThanOrEqual(lessonNames.length);
  expect(printed.trim().split('\n')).toEqual(promised);
});
