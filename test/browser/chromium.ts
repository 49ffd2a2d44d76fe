/** A headless Chromium for the tests of the report page. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Chromium is: the CHROMIUM variable, or Debian's place; `undefined` when there is none. */
export const chromiumPath: string | undefined = [process.env.CHROMIUM, '/usr/bin/chromium'].find(
  path => path !== undefined && existsSync(path),
);

/** What the tests are called where there is no Chromium, so that the skip explains itself. */
export const whenSkipped = chromiumPath ? '' : ' (skipped: install chromium or set CHROMIUM)';

/** Starts Chromium such that it asks nothing of any network of its own accord. */
export const startChromium = (): Promise<Browser> =>
  chromium.launch({
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
    ],
  });
