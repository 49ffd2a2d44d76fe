/**
 * The last files again after a reload, in headless Chromium. A picker of the system can't be operated there, so it is
 * replaced by one that gives handles from the page's own file system; storing, permission and reading are the browser's.
 */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeWorkbench, measured, shortest, textOf, type WorkbenchServer } from './workbench-page.ts';

const names = ['s01.hea', 's01.dat', 's01.atr'];

/** A folder `records` with the record s01 and a copy of its header under another name. */
async function withFolder(page: Page): Promise<void> {
  const files = await Promise.all(
    names.map(async name => [name, (await readFile(`samples/synth/${name}`)).toString('base64')] as const),
  );
  await page.evaluate(async given => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('records', { create: true });
    const write = async (name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
      const writing = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await writing.write(bytes);
      await writing.close();
    };
    for (const [name, base64] of given) {
      const bytes = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
      await write(name, bytes);
      const other = new TextDecoder().decode(bytes).replace('s01 ', 'other ');
      if (name.endsWith('.hea')) await write('other.hea', new TextEncoder().encode(other));
    }
  }, files);
}

/** Gives the page pickers, and drops, that yield handles of the folder. */
const handles = (): void => {
  const folder = async () => (await navigator.storage.getDirectory()).getDirectoryHandle('records');
  const files = async () => {
    const within = await folder();
    return Promise.all(['s01.hea', 's01.dat', 's01.atr'].map(name => within.getFileHandle(name)));
  };
  Object.assign(globalThis, { showDirectoryPicker: folder, showOpenFilePicker: files });
  Object.assign(DataTransferItem.prototype, {
    getAsFileSystemHandle(this: DataTransferItem) {
      const name = this.getAsFile()?.name;
      return folder().then(within => within.getFileHandle(name!));
    },
  });
};

async function start(
  workbench: WorkbenchServer,
): Promise<{ page: Page; complaints: string[]; close: () => Promise<void> }> {
  const { page, complaints, close } = await workbench.open(shortest, { serviceWorkers: 'allow' });
  await withFolder(page);
  await page.addInitScript(handles);
  await page.reload();
  await measured(page);
  return { page, complaints, close };
}

/** The record and the window are what they were before the reload. */
async function isBackAfterReload(page: Page): Promise<void> {
  await expect.poll(() => textOf(page, 'h1')).toBe('s01');
  await expect.poll(() => page.evaluate(() => location.hash)).toContain('s01');
  await page.evaluate(() => {
    location.hash = `${location.hash.replace(/&?(from|to)=[^&]*/g, '')}&from=12&to=15`;
  });
  await expect.poll(() => page.evaluate(() => location.hash)).toContain('from=12');
  await page.waitForTimeout(500);
  await page.reload();
  await measured(page);
  expect(await textOf(page, 'h1')).toBe('s01');
  expect(await textOf(page, '#time-span')).toBe('12.0 s – 15.0 s');
  expect(await page.locator('dialog[open]').count()).toBe(0);
}

describeWorkbench('the last files in the workbench', workbench => {
  test('chosen files', async () => {
    const { page, complaints, close } = await start(workbench);
    await page.getByRole('button', { name: 'Open…' }).click();
    await page.getByRole('button', { name: 'Choose files' }).click();
    await isBackAfterReload(page);
    expect(complaints).toEqual([]);
    await close();
  });

  test('a chosen folder with several records: the one that was open', async () => {
    const { page, complaints, close } = await start(workbench);
    await page.getByRole('button', { name: 'Open…' }).click();
    await page.getByRole('button', { name: 'Choose a folder' }).click();
    await page.getByRole('button', { name: 's01', exact: true }).click();
    await isBackAfterReload(page);
    expect(complaints).toEqual([]);
    await close();
  });

  test('dropped files', async () => {
    const { page, complaints, close } = await start(workbench);
    await page.evaluate(async wanted => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('records');
      const transfer = new DataTransfer();
      for (const name of wanted) {
        const bytes = await (await (await folder.getFileHandle(name)).getFile()).arrayBuffer();
        transfer.items.add(new File([bytes], name));
      }
      dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }, names);
    await isBackAfterReload(page);
    expect(complaints).toEqual([]);
    await close();
  });

  test('where the browser keeps none, the page says what to do, and choosing restores the window', async () => {
    const { page, close } = await start(workbench);
    await page.addInitScript(() => {
      Object.assign(globalThis, { showOpenFilePicker: undefined, showDirectoryPicker: undefined });
    });
    await page.evaluate(() => {
      location.hash = 'record=file:s01&from=12&to=15';
    });
    await page.reload();
    await expect.poll(() => textOf(page, '.message')).toContain('s01 must be chosen or dropped again');
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose files' }).click();
    await (await choosing).setFiles(names.map(name => `samples/synth/${name}`));
    await expect.poll(() => textOf(page, 'h1')).toBe('s01');
    await expect.poll(() => textOf(page, '#time-span')).toBe('12.0 s – 15.0 s');
    await close();
  });
});
