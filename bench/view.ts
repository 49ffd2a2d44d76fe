/**
 * The workbench on a day of two leads: how soon it is open, how it pans, and what memory it takes. Needs a Chromium and
 * `npm run build:view`. The record is made up: ten minutes of synthetic ECG, over and over, at 250 Hz in format 16.
 */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CDPSession, Page } from 'playwright-core';
import { fileSource } from '../src/node/files.ts';
import { folderSink } from '../src/node/folder-sink.ts';
import { startViewServer } from '../src/node/view-server.ts';
import { standardLead } from '../src/synth/leads.ts';
import { levelsForSnr, withNoise } from '../src/synth/noise.ts';
import { synthesize } from '../src/synth/synthesize.ts';
import { beatAnnotations } from '../src/synth/wfdb-record.ts';
import { writeAnnotations } from '../src/wfdb/annotations/annotation-file.ts';
import { writeRecord } from '../src/wfdb/write.ts';
import { chromiumPath, startChromium } from '../test/browser/chromium.ts';

const samplingFrequency = 250;
const partSeconds = 600;
const parts = 144;

await main();

async function main(): Promise<void> {
  if (chromiumPath === undefined) {
    console.log('no Chromium: install chromium or set CHROMIUM');
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'bench-view-'));
  try {
    await writeDay(folder);
    await measure(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** `day`: 24 hours, two leads, with its beats as reference annotations. */
async function writeDay(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const clean = synthesize({
    samplingFrequency,
    seconds: partSeconds,
    seed: 1,
    leads: [standardLead('II'), standardLead('V1')],
    premature: { ventricular: 0.05, supraventricular: 0.02 },
  });
  const part = withNoise(clean, levelsForSnr(clean, { muscle: 1, baselineWander: 1 }, 20, 2), 2);
  const length = partSeconds * samplingFrequency;
  const signals = part.leads.map(({ name, voltage }) => {
    const adc = new Int32Array(parts * length);
    for (let k = 0; k < length; k++) adc[k] = Math.round(voltage[k]! * 200);
    for (let filled = length; filled < adc.length; filled *= 2) {
      adc.copyWithin(filled, 0, Math.min(filled, adc.length - filled));
    }
    return { name, units: 'mV', adcGain: 200, baseline: 0, adc };
  });
  const sink = folderSink(folder);
  await writeRecord(sink, { name: 'day', samplingFrequency, signals }, { format: 16 });
  const marks = beatAnnotations(part);
  await writeAnnotations(
    sink,
    'day',
    'atr',
    Array.from({ length: parts }, (_, k) =>
      marks.map(mark => ({ ...mark, sample: mark.sample + k * length })),
    ).flat(),
  );
}

async function measure(folder: string): Promise<void> {
  const server = await startViewServer({
    folder: fileURLToPath(new URL('../dist/workbench', import.meta.url)),
    source: fileSource([folder]),
    recordFolders: [],
  });
  const browser = await startChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const started = performance.now();
    await page.goto(`${server.url}#${new URLSearchParams({ record: server.recordUrl('day') })}`);
    await page.waitForFunction(hasTrace);
    const opened = performance.now() - started;
    await page.waitForFunction(
      () =>
        document.querySelector('progress[aria-label="Reading the whole recording"]') === null &&
        performance.now() > 3000,
    );
    const surveyed = performance.now() - started;
    console.log(
      `open: ${(opened / 1000).toFixed(2)} s until the trace is drawn (navigation included); overview whole after ${(surveyed / 1000).toFixed(1)} s`,
    );
    console.log(`load average of the machine: ${loadavg()[0]!.toFixed(1)}`);
    // One session: the counts begin when it is enabled.
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    for (const seconds of [10, 60, 3600]) {
      const before = await scriptSeconds(session);
      const { p50, p95, frames } = await panFrames(page, seconds);
      const own = (1000 * ((await scriptSeconds(session)) - before)) / frames;
      console.log(
        `pan over ${seconds} s in view: frame time p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms (${frames} frames); the page's own code ${own.toFixed(1)} ms a frame`,
      );
    }
    console.log(`memory of the page's process: ${await residentMegabytes(page)} MB (proportional set size)`);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Is there ink of the trace in the picture? */
function hasTrace(): boolean {
  const canvas = document.querySelector<HTMLCanvasElement>('.trace-picture');
  if (canvas === null || canvas.width < 200) return false;
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  const context = copy.getContext('2d')!;
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(60, 0, canvas.width - 60, canvas.height);
  let dark = 0;
  for (let k = 0; k < data.length; k += 4)
    if (data[k]! < 60 && data[k + 1]! < 60 && data[k + 2]! < 70) dark++;
  return dark > 3000;
}

/** Frame times while the wheel pans without a pause for four seconds. */
async function panFrames(page: Page, seconds: number) {
  // As text: tsx gives functions names by a helper that the page does not have.
  const times = await page.evaluate<number[]>(`(async () => {
    const hash = new URLSearchParams(location.hash.slice(1));
    hash.set('from', '40000');
    hash.set('to', String(40000 + ${seconds}));
    location.hash = hash.toString();
    await new Promise(resolve => setTimeout(resolve, 1500));
    const area = document.querySelector('.trace-overlay');
    const frames = [];
    let last = performance.now();
    const end = last + 4000;
    while (last < end) {
      area.dispatchEvent(new WheelEvent('wheel', { deltaX: 24, bubbles: true, cancelable: true }));
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      frames.push(now - last);
      last = now;
    }
    return frames.slice(2);
  })()`);
  const sorted = Float64Array.from(times).sort();
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))]!;
  return { p50: at(0.5), p95: at(0.95), frames: sorted.length };
}

/** What the page's code has taken so far: a machine that is busy, or without a graphics card, changes it little. */
async function scriptSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN;
}

/** Of the renderer that shows the page, its workers included: the largest, beside the spare one that Chromium keeps. */
async function residentMegabytes(page: Page): Promise<string> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const kilobytes: number[] = [];
  for (const { type, id } of processInfo) {
    if (type !== 'renderer') continue;
    const text = await readFile(`/proc/${id}/smaps_rollup`, 'utf8');
    kilobytes.push(Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0));
  }
  return (Math.max(...kilobytes) / 1024).toFixed(0);
}
