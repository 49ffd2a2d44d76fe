/** The lessons page in a real browser: it opens from disk, its explorables answer, and it has no serious fault. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quotedIn } from '../../scripts/lessons/lesson-texts.ts';
import { keptLessons, writePage } from '../../scripts/lessons/run-lessons.ts';
import { lessonNames } from '../../src/analysis/lessons/lessons.ts';
import { faultsOf } from './accessibility-faults.ts';
import { chromiumPath, sharedChromium, whenSkipped } from './chromium.ts';

let folder: string;
let browser: Browser;

interface Opened {
  readonly page: Page;
  /** Errors and warnings of the console, exceptions, and addresses asked for. */
  readonly complaints: string[];
}

const pages = new Map<string, Promise<Opened>>();

/** The page in a language, opened once for all tests, in these colours and at this width. */
async function open(
  language: 'en' | 'ja',
  { colorScheme = 'light', width = 1000 }: { colorScheme?: 'light' | 'dark'; width?: number } = {},
): Promise<Opened> {
  if (!pages.has(language)) pages.set(language, openNew(language));
  const opened = await pages.get(language)!;
  await opened.page.setViewportSize({ width, height: 800 });
  await opened.page.emulateMedia({ colorScheme });
  return opened;
}

async function openNew(language: 'en' | 'ja'): Promise<Opened> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(String(error)));
  const address = pathToFileURL(join(folder, 'lessons.html')).href;
  page.on('request', request => {
    if (!request.url().startsWith(address) && !request.url().startsWith('data:'))
      complaints.push(request.url());
  });
  await page.goto(`${address}#${language}`);
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'true', null, {
    timeout: 50_000,
  });
  return { page, complaints };
}

/** Brings a lesson into view and waits for its explorable. */
async function showLesson(page: Page, name: string, language: string): Promise<void> {
  const place = page.locator(`section[id="${name}"] article[lang="${language}"] .explorable`);
  await place.scrollIntoViewIfNeeded();
  await place.locator('.question').waitFor({ timeout: 30_000 });
}

const says = (page: Page, name: string, language = 'en'): Promise<string> =>
  page.locator(`section[id="${name}"] article[lang="${language}"] .says-now`).innerText();

/** A number as the lesson's text quotes it. */
const quoted = (name: string, figure: string): string =>
  quotedIn(readFileSync(join('docs/lessons/en', `${name}.md`), 'utf8')).find(each => each.name === figure)!
    .value;

/** Moves a slider as a person does with the keyboard's end keys, or to a value. */
async function slide(page: Page, name: string, index: number, value: number): Promise<void> {
  await page
    .locator(`section[id="${name}"] article[lang="en"] .explorable input[type="range"]`)
    .nth(index)
    .evaluate((input: HTMLInputElement, to) => {
      input.value = String(to);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }, value);
}

describe.skipIf(chromiumPath === undefined)(`the lessons in Chromium${whenSkipped}`, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lessons-'));
    // That these are today's is for test/docs to say.
    await writePage(join(folder, 'lessons.html'), await keptLessons());
    browser = await sharedChromium();
  }, 120_000);
  afterAll(async () => {
    for (const { page } of await Promise.all(pages.values())) await page.close();
    if (folder) await rm(folder, { recursive: true });
  });

  test.each([
    { language: 'en', colorScheme: 'light', width: 1000 },
    { language: 'ja', colorScheme: 'dark', width: 1000 },
    { language: 'ja', colorScheme: 'light', width: 360 },
  ] as const)(
    'all nine in $language, $colorScheme, $width px: no complaint, nothing wider than the page, no serious fault',
    async ({ language, colorScheme, width }) => {
      const { page, complaints } = await open(language, { colorScheme, width });
      for (const name of lessonNames) await showLesson(page, name, language);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      const outside = await page.evaluate(() =>
        [...document.querySelectorAll('.explorable')].flatMap(frame => {
          const edge = frame.getBoundingClientRect().right;
          const parts = [...frame.querySelectorAll('label, input, select, button, .value')];
          return parts
            .filter(part => part.getBoundingClientRect().right > edge)
            .map(part => part.outerHTML.slice(0, 80));
        }),
      );
      expect(outside).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(language);
      expect(await faultsOf(page)).toEqual([]);
      expect(complaints).toEqual([]);
    },
    120_000,
  );

  test('every control changes its figure: marble, secant, patient, dial, dose, weight, rate, millivolts', async () => {
    const { page, complaints } = await open('en');
    for (const name of lessonNames) await showLesson(page, name, 'en');
    await slide(page, '1-valley', 0, 2.5);
    await slide(page, '1-valley', 1, 2);
    expect(await says(page, '1-valley')).toMatch(/It lies at \(−0\.67, 0\.78\)/);

    await slide(page, '2-slope', 0, -1);
    await slide(page, '2-slope', 1, 1);
    expect(await says(page, '2-slope')).toContain('Δy/Δx = 88.2 mV/s');

    const before = await says(page, '3-one-factor-at-a-time');
    await slide(page, '3-one-factor-at-a-time', 2, 60);
    const after = await says(page, '3-one-factor-at-a-time');
    const risk = (text: string): number => Number(/Risk ([\d.]+) %/.exec(text)![1]);
    expect(risk(after)).toBeLessThan(risk(before) - 20);

    await slide(page, '4-compass', 0, 323);
    expect(await says(page, '4-compass')).toContain('At 323° the loss changes by 0.383');
    await slide(page, '5-chain-rule', 0, 20);
    expect(await says(page, '5-chain-rule')).toMatch(/20\.0 mg: 135 mmHg, risk 6\.0 %/);
    await slide(page, '6-backpropagation', 0, 0.1);
    expect(await says(page, '6-backpropagation')).toContain(
      `promised ${quoted('6-backpropagation', 'promised')}, found ${quoted('6-backpropagation', 'happened')}`,
    );
    await slide(page, '7-step', 0, -2);
    expect(await says(page, '7-step')).toContain('Rate 0.01:');
    await slide(page, '9-millivolts', 0, 0);
    expect(await says(page, '9-millivolts')).toContain('the answer is V');
    await slide(page, '9-millivolts', 0, 1.2);
    expect(await says(page, '9-millivolts')).toContain('the answer is N');

    const race = page.locator('section[id="8-optimisers"] article[lang="en"] .explorable');
    const steps = await says(page, '8-optimisers');
    const area = (await race.locator('.u-over').nth(1).boundingBox())!;
    await race.locator('.u-over').nth(1).scrollIntoViewIfNeeded();
    const seen = (await race.locator('.u-over').nth(1).boundingBox())!;
    await page.mouse.click(seen.x + 0.9 * area.width, seen.y + 0.6 * area.height);
    const dragged = await says(page, '8-optimisers');
    expect(dragged).not.toBe(steps);
    await slide(page, '8-optimisers', 1, 20);
    expect(await says(page, '8-optimisers')).not.toBe(dragged);
    await race.getByRole('button', { name: 'Run' }).click();
    expect(complaints).toEqual([]);
  }, 120_000);

  test('the language switches, and with it the explorables', async () => {
    const { page } = await open('en');
    await showLesson(page, '1-valley', 'en');
    await page.getByRole('button', { name: '日本語' }).click();
    await showLesson(page, '1-valley', 'ja');
    expect(await says(page, '1-valley', 'ja')).toContain('谷底は (−0.67, 0.78)');
    expect(await page.locator('article[lang="en"]').first().isVisible()).toBe(false);
  }, 120_000);

  test('prints on paper with every picture', async () => {
    const { page } = await open('ja');
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.length).toBeGreaterThan(100_000);
    expect(
      await page.locator('article[lang="ja"] .explorable img, article[lang="ja"] .explorable canvas').count(),
    ).toBeGreaterThanOrEqual(9);
  }, 120_000);
});
