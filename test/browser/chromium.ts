/** A headless Chromium for the tests of pages. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/**
 * Where Chromium is: the CHROMIUM variable, or Debian's places; `undefined` when there is none. The headless shell, which
 * has no window, opens a page in a fifth of the CPU time.
 */
export const chromiumPath: string | undefined = [
  process.env.CHROMIUM,
  '/usr/lib/chromium/chromium-headless-shell',
  '/usr/bin/chromium',
].find(path => path !== undefined && existsSync(path));

/** What the tests are called where there is no Chromium, so that the skip explains itself. */
export const whenSkipped = chromiumPath
  ? ''
  : ' (skipped: install chromium-headless-shell or chromium, or set CHROMIUM)';

let shared: Promise<Browser> | undefined;

/**
 * A Chromium that makes no network requests of its own. All test files of a process share it, each with contexts of its
 * own, and it ends with the process.
 */
export const sharedChromium = (): Promise<Browser> => {
  shared ??= chromium.launch({
    executablePath: chromiumPath!,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // A page lives for a second or two: compiling and collecting garbage beside it takes more CPU time than it saves.
      '--js-flags=--single-threaded',
    ],
  });
  return shared;
};
