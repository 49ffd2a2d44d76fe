/** Each view of the workbench has the same landmarks, headings and plots at every width and in both themes. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeWorkbench, measured, settled } from './workbench-page.ts';

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

/** The eight views: their address, what is pressed then, and their structure in the order of the page. */
const views: readonly {
  readonly hash: string;
  readonly open?: (page: Page) => Promise<void>;
  readonly structure: readonly string[];
}[] = [
  { hash: 'view=trace', structure: [...trace, ...end] },
  {
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
    hash: 'view=marks',
    structure: [
      ...trace,
      'complementary "Marks"',
      ...['Marks', 'Review', 'Search symbol or text', 'Own types', 'Save'].flatMap(part),
      ...end,
    ],
  },
  {
    hash: 'view=why',
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
    hash: 'view=learn',
    structure: [
      ...trace,
      'complementary "Learn"',
      ...['Train on the beats labelled here', 'Loss surface', 'Which beat to label next'].flatMap(part),
      ...end,
    ],
  },
  {
    hash: 'view=trace',
    open: page => page.keyboard.press('?'),
    structure: [...trace, ...end, 'dialog "Keys"', 'heading "Keys"'],
  },
  {
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
    hash: 'record=synth/twelve&view=trace&layout=3x4&speed=25&gain=10',
    structure: [...trace.map(line => line.replace('mitdb-208-excerpt', 'twelve')), ...end],
  },
];

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

describeWorkbench('the structure of the workbench', workbench => {
  test.each(
    ([360, 1280, 2560] as const).flatMap(width =>
      (['light', 'dark'] as const).map(colorScheme => ({ width, colorScheme })),
    ),
  )('is the same at $width px in $colorScheme', async ({ width, colorScheme }) => {
    const { page, complaints, close } = await workbench.open('', {
      viewport: { width, height: 800 },
      colorScheme,
    });
    for (const { hash, open, structure } of views) {
      await page.evaluate(address => {
        if (address.includes('record=')) performance.clearMarks();
        location.hash = address;
      }, hash);
      if (hash.includes('record=')) await measured(page);
      await settled(page);
      await open?.(page);
      await expect.poll(() => structureOf(page), { message: hash, timeout: 15_000 }).toEqual(structure);
      await page.keyboard.press('Escape');
    }
    expect(complaints).toEqual([]);
    await close();
  });
});
