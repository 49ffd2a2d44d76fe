/**
 * A walk through the views of the workbench at a width and in a theme, which notes what there is to be seen in each.
 * `SCREENSHOTS=1` also saves a picture of every view in out/screens.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { faultsOf } from './accessibility-faults.ts';
import { measured, settled, type WorkbenchServer } from './workbench-page.ts';

const trace = [
  'banner',
  'heading "mitdb-208-excerpt"',
  'navigation "Views"',
  'main',
  'region "Trace"',
  'toolbar "Trace"',
  'application "ECG trace of mitdb-208-excerpt with dV/dt below. Arrow keys move in time, plus and minus zoom."',
  'img "The whole recording with heart rate and quality. Press or drag to move the window."',
];
const end = ['contentinfo'];

/** A part of a panel, which its heading names. */
const part = (name: string): string[] => [`region "${name}"`, `heading "${name}"`];

/**
 * Eight views: the five of the workbench, the sheet of keys, the dialog to open, twelve leads on paper. Their address,
 * what is pressed then, and their structure in the order of the page.
 */
export const views: readonly {
  readonly name: string;
  readonly hash: string;
  readonly open?: (page: Page) => Promise<void>;
  readonly structure: readonly string[];
}[] = [
  {
    name: 'trace',
    hash: 'view=trace',
    structure: [...trace, ...end],
  },
  {
    name: 'beats',
    hash: 'view=beats',
    structure: [
      ...trace,
      'complementary "Beats"',
      ...part('Beats'),
      ...part('Beats of a class on their R peaks'),
      'heading "V, mV"',
      'img "Beats of a class on their R peaks: median and interquartile range, mV"',
      'heading "dV/dt, mV/s"',
      'img "Beats of a class on their R peaks: median and interquartile range, mV/s"',
      ...part('Scatter'),
      'img "Upstroke (mV/s), Time (s)"',
      'heading "Histogram"',
      'img "Histogram: Time (s)"',
      ...part('Table of beats'),
      'region "Table of beats"',
      'table',
      ...end,
    ],
  },
  {
    name: 'marks',
    hash: 'view=marks',
    structure: [
      ...trace,
      'complementary "Marks"',
      ...['Marks', 'Review', 'Search symbol or text', 'Own types', 'Save'].flatMap(part),
      ...end,
    ],
  },
  {
    name: 'why',
    hash: 'view=why&from=60&to=66',
    // The reasons that take a second are part of the picture.
    open: page => page.locator('#shading-meaning').waitFor(),
    structure: [
      ...trace,
      'complementary "Why"',
      ...part('Why this class?'),
      'heading "Class probability"',
      'heading "Voltage of the beat, mV"',
      'img "Voltage, shaded by ∂p(N)/∂V"',
      'heading "The smallest change that gives another class"',
      'heading "Reshape the upstroke"',
      'heading "∂p(N)/∂feature"',
      'table',
      ...end,
    ],
  },
  {
    name: 'learn',
    hash: 'view=learn',
    structure: [
      ...trace,
      'complementary "Learn"',
      ...['Train on the beats labelled here', 'Loss surface', 'Which beat to label next'].flatMap(part),
      ...end,
    ],
  },
  {
    name: 'keys',
    hash: 'view=trace',
    open: page => page.keyboard.press('?'),
    structure: [...trace, ...end, 'dialog "Keys"', 'heading "Keys"'],
  },
  {
    name: 'open',
    hash: 'view=trace',
    open: page => page.getByRole('button', { name: 'Open…' }).click(),
    structure: [
      ...trace,
      ...end,
      'dialog "Open a recording"',
      'heading "Open a recording"',
      'heading "Samples"',
    ],
  },
  {
    name: 'twelve',
    hash: 'record=synth/twelve&view=trace&layout=3x4&speed=25&gain=10',
    structure: [...trace.map(line => line.replace('mitdb-208-excerpt', 'twelve')), ...end],
  },
];

export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly colorScheme: 'light' | 'dark';
}

/** What a view was seen to be. */
export interface SeenView {
  readonly name: string;
  /** Whether the page is at most as wide as the screen. */
  readonly fits: boolean;
  /** Size of the trace, CSS px. */
  readonly trace: { readonly width: number; readonly height: number };
  /** Labels of the lists whose longest entry is wider than they are. */
  readonly clippedLists: readonly string[];
  /** Serious faults of accessibility. Those at the middle width stand for all: the rules do not depend on it. */
  readonly faults: readonly string[];
  readonly structure: readonly string[];
}

export interface Walk {
  readonly seen: readonly SeenView[];
  readonly complaints: readonly string[];
  /** Addresses asked for beyond the page's own server. */
  readonly strangers: readonly string[];
}

/** Opens the workbench on a screen and looks at every view. */
export async function walkThrough(workbench: WorkbenchServer, screen: Screen): Promise<Walk> {
  const { width, height, colorScheme } = screen;
  const { page, complaints, strangers, close } = await workbench.open('', {
    viewport: { width, height },
    colorScheme,
    hasTouch: width === 360,
  });
  const seen: SeenView[] = [];
  for (const view of views) {
    await show(page, view);
    const structure = await structureWhen(page, view.structure);
    if (process.env.SCREENSHOTS === '1') {
      const folder = join('out', 'screens');
      await mkdir(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `${view.name}-${width}-${colorScheme}.png`) });
    }
    seen.push({
      name: view.name,
      structure,
      fits: await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
      trace: (await page.locator('.trace-picture').boundingBox())!,
      clippedLists: await clippedLists(page),
      faults: width === 1280 ? await faultsOf(page) : [],
    });
    await page.keyboard.press('Escape');
  }
  await close();
  return { seen, complaints, strangers };
}

async function show(page: Page, { name, hash, open }: (typeof views)[number]): Promise<void> {
  await page.evaluate(address => {
    if (address.includes('record=')) performance.clearMarks();
    location.hash = address;
  }, hash);
  if (hash.includes('record=')) await measured(page);
  await settled(page);
  await open?.(page);
  await page.waitForTimeout(name === 'beats' ? 700 : 250);
  await settled(page);
}

const roles =
  /^(banner|navigation|main|complementary|contentinfo|region|dialog|toolbar|application|img|heading|table)\b/;

/** The landmarks, headings and plots of the page with their names, in order, as assistive technology sees them. */
async function structureOf(page: Page): Promise<string[]> {
  const lines = (await page.locator('body').ariaSnapshot()).split('\n');
  return lines
    .map(line => line.replace(/^\s*- '?/, ''))
    .filter(line => roles.test(line))
    .map(line => /^\w+(?: "(?:[^"\\]|\\.)*")?/.exec(line)![0]);
}

/** The structure once it is the expected one, or what it is after 15 s. */
async function structureWhen(page: Page, expected: readonly string[]): Promise<string[]> {
  const end = performance.now() + 15_000;
  for (;;) {
    const found = await structureOf(page);
    if (found.join('\n') === expected.join('\n') || performance.now() > end) return found;
    await page.waitForTimeout(100);
  }
}

/** The lists whose longest entry is wider than they are, by their labels. */
const clippedLists = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('select')]
      .filter(list => {
        if (list.clientWidth === 0) return false;
        const pen = document.createElement('canvas').getContext('2d')!;
        pen.font = getComputedStyle(list).font;
        const widest = Math.max(...[...list.options].map(option => pen.measureText(option.text).width));
        // The arrow needs some 12 px more.
        return list.clientWidth < widest + 12;
      })
      .map(list => list.getAttribute('aria-label') ?? list.parentElement?.textContent ?? ''),
  );
