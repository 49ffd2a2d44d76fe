/**
 * Measures the workbench on a day of two leads: time to open, frame times while panning, and memory. Requires Chromium
 * and `npm run build:view`. The record is ten minutes of synthetic ECG, repeated, at 250 Hz in format 16.
 */
import { access, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { fileSource } from '../src/node/files.ts';
import { folderSink } from '../src/node/folder-sink.ts';
import { startViewServer } from '../src/node/view-server.ts';
import { standardLead } from '../src/synth/leads.ts';
import { levelsForSnr, withNoise } from '../src/synth/noise.ts';
import { synthesize } from '../src/synth/synthesize.ts';
import { beatAnnotations } from '../src/synth/wfdb-record.ts';
import { writeAnnotations } from '../src/wfdb/annotations/annotation-file.ts';
import { writeRecord } from '../src/wfdb/write.ts';
import { chromiumPath, sharedChromium } from '../test/browser/chromium.ts';

/** Where `npm run build:view` puts the workbench. */
const workbench = fileURLToPath(new URL('../dist/workbench', import.meta.url));

const samplingFrequency = 250;
const partSeconds = 600;
const parts = 144;

/** Whether the trace has been painted. Evaluated in the page as text, so it must not use anything from this file. */
const hasTrace = `function () {
  const canvas = document.querySelector('.trace-picture');
  if (canvas === null || canvas.width < 200) return false;
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  const context = copy.getContext('2d');
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(60, 0, canvas.width - 60, canvas.height);
  let dark = 0;
  for (let k = 0; k < data.length; k += 4)
    if (data[k] < 60 && data[k + 1] < 60 && data[k + 2] < 70) dark++;
  return dark > 3000;
}`;

await main();

async function main(): Promise<void> {
  if (chromiumPath === undefined) {
    console.log('no Chromium: install chromium or set CHROMIUM');
    return;
  }
  await access(workbench).catch(() => {
    throw new Error('no built workbench: run npm run build:view');
  });
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
    folder: workbench,
    source: fileSource([folder]),
    recordFolders: [],
  });
  const browser = await sharedChromium();
  try {
    const page = await openPlainPage(browser);
    const started = performance.now();
    await page.show(`${server.url}#${new URLSearchParams({ record: server.recordUrl('day') })}`);
    const seconds = (): string => ((performance.now() - started) / 1000).toFixed(1);
    await page.until(`(${hasTrace})()`);
    console.log(`open: trace drawn after ${seconds()} s, navigation included`);
    await printFrames(page, 'while beats are still being measured', 10);
    await page.until(`performance.getEntriesByName('upstroke-measured').length > 0`);
    console.log(`every beat measured and the overview whole after ${seconds()} s`);
    for (const span of [10, 60, 3600]) await printFrames(page, 'everything measured', span);
    console.log(
      `memory of the page's process: ${await residentMegabytes(browser)} MB (proportional set size)`,
    );
  } finally {
    await browser.close();
    await server.close();
  }
}

/** A page without the response recorder of a test driver, which keeps up to 200 MB of the fetched data. */
interface PlainPage {
  show(url: string): Promise<void>;
  evaluate<T>(expression: string): Promise<T>;
  /** Waits until an expression is true. */
  until(expression: string): Promise<void>;
  /** Processor time of the page's main thread so far, s. */
  mainThreadSeconds(): Promise<number>;
}

async function openPlainPage(browser: Browser): Promise<PlainPage> {
  const session = await browser.newBrowserCDPSession();
  const { browserContextId } = await session.send('Target.createBrowserContext');
  const { targetId } = await session.send('Target.createTarget', {
    url: 'about:blank',
    browserContextId,
    ...{ width: 1440, height: 900 },
  });
  const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false });
  const waiting = new Map<number, (answer: { result?: unknown; error?: { message: string } }) => void>();
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const answer = JSON.parse(message);
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  let next = 0;
  const send = async <T>(method: string, params: object = {}): Promise<T> => {
    const id = ++next;
    const answered = new Promise<{ result?: unknown; error?: { message: string } }>(resolve =>
      waiting.set(id, resolve),
    );
    await session.send('Target.sendMessageToTarget', {
      sessionId,
      message: JSON.stringify({ id, method, params }),
    });
    const { result, error } = await answered;
    if (error) throw new Error(error.message);
    return result as T;
  };
  const evaluate = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await send<{
      result: { value: T };
      exceptionDetails?: { text: string };
    }>('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return result.value;
  };
  await send('Performance.enable', { timeDomain: 'threadTicks' });
  return {
    evaluate,
    show: url => send('Page.navigate', { url }),
    async until(expression) {
      const end = performance.now() + 180_000;
      while (!(await evaluate<boolean>(expression))) {
        if (performance.now() > end) throw new Error(`never true: ${expression.slice(0, 80)}`);
        await new Promise(resolve => setTimeout(resolve, 20));
      }
    },
    async mainThreadSeconds() {
      const { metrics } = await send<{ metrics: { name: string; value: number }[] }>(
        'Performance.getMetrics',
      );
      return metrics.find(({ name }) => name === 'TaskDuration')!.value;
    },
  };
}

/** Prints frame times while the wheel pans with `seconds` in view, and those of the same page at rest. */
async function printFrames(page: PlainPage, when: string, seconds: number): Promise<void> {
  await page.evaluate(`(async () => {
    const hash = new URLSearchParams(location.hash.slice(1));
    hash.set('from', '40000');
    hash.set('to', String(40000 + ${seconds}));
    location.hash = hash.toString();
    await new Promise(resolve => setTimeout(resolve, 1500));
  })()`);
  const resting = await frames(page, 0);
  const panning = await frames(page, 24);
  console.log(
    `pan over ${seconds} s, ${when}: frame time p50 ${panning.p50} ms, p95 ${panning.p95} ms (${panning.count} frames, ` +
      `${panning.own} ms of the main thread each); the page at rest p50 ${resting.p50}, p95 ${resting.p95} ms; ` +
      `load average ${loadavg()[0]!.toFixed(1)}`,
  );
}

/** Frame times over four seconds, the wheel turned by `pixels` before each. */
async function frames(page: PlainPage, pixels: number) {
  const before = await page.mainThreadSeconds();
  const times = await page.evaluate<number[]>(`(async () => {
    const area = document.querySelector('.trace-overlay');
    const times = [];
    let last = performance.now();
    const end = last + 4000;
    while (last < end) {
      if (${pixels} !== 0)
        area.dispatchEvent(new WheelEvent('wheel', { deltaX: ${pixels}, bubbles: true, cancelable: true }));
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      times.push(now - last);
      last = now;
    }
    return times.slice(2);
  })()`);
  const own = (1000 * ((await page.mainThreadSeconds()) - before)) / times.length;
  const sorted = Float64Array.from(times).sort();
  const at = (share: number): string => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(1);
  return { p50: at(0.5), p95: at(0.95), own: own.toFixed(1), count: sorted.length };
}

/** Memory of the renderer process of the page, including its workers: the largest one, as Chromium keeps a spare one. */
async function residentMegabytes(browser: Browser): Promise<string> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const kilobytes: number[] = [];
  for (const { type, id } of processInfo) {
    if (type !== 'renderer') continue;
    const text = await readFile(`/proc/${id}/smaps_rollup`, 'utf8');
    kilobytes.push(Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0));
  }
  return (Math.max(...kilobytes) / 1024).toFixed(0);
}
