/** Work that takes more than an instant has progress and can be cancelled, in headless Chromium. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeWorkbench, textOf } from './workbench-page.ts';

/** Presses a button the moment it is there: later the work may be done. */
const pressAtOnce = (page: Page, selector: string): Promise<void> =>
  page.evaluate(wanted => {
    const press = (): boolean => {
      const found = document.querySelector<HTMLElement>(wanted);
      found?.click();
      return found !== null;
    };
    if (press()) return;
    const watching = new MutationObserver(() => press() && watching.disconnect());
    watching.observe(document.body, { childList: true, subtree: true });
  }, selector);

/** Sets `data-noted` of the page once the element is there, for however short a time. */
const noteWhenThere = (page: Page, selector: string): Promise<void> =>
  page.evaluate(wanted => {
    const watching = new MutationObserver(() => {
      if (document.querySelector(wanted) === null) return;
      document.documentElement.dataset.noted = 'true';
      watching.disconnect();
    });
    watching.observe(document.body, { childList: true, subtree: true });
  }, selector);

describeWorkbench('long work in the workbench', workbench => {
  test('integrated gradients show progress, are cancelled, and computed when asked for again', async () => {
    const { page, complaints, close } = await workbench.open('view=trace');
    await pressAtOnce(page, '.deeper .task button');
    await page.getByRole('button', { name: 'Why' }).click();
    const again = page.getByRole('button', { name: 'Compute integrated gradients' });
    await again.waitFor();
    expect(await page.locator('#shading-meaning').count()).toBe(0);
    await noteWhenThere(page, '.deeper progress');
    await again.click();
    await page.waitForFunction(() => document.documentElement.dataset.noted === 'true');
    await page.locator('#shading-meaning').waitFor();
    expect(await textOf(page, '#counterfactual-voltage')).not.toBe('');
    expect(complaints).toEqual([]);
    await close();
  });

  test('the estimate of standard errors is cancelled in the middle, the page answers on, and it is resumed', async () => {
    const { page, complaints, close } = await workbench.open('view=trace');
    await pressAtOnce(page, '.tasks button[aria-label*="standard errors"]');
    await page.getByRole('button', { name: 'Beats' }).click();
    await expect.poll(() => page.locator('.tasks .task').count()).toBe(0);
    await page.locator('.beat-table .go').nth(2).click();
    expect(await page.locator('.beat-table tbody').innerText()).not.toContain('±');
    // Asked for again, they are estimated after all.
    await page.getByRole('button', { name: 'Estimate standard errors', exact: true }).click();
    await expect
      .poll(() => page.locator('.beat-table tbody').innerText(), { timeout: 60_000 })
      .toContain('±');
    expect(await page.locator('#beat-facts').innerText()).toContain('±');
    await expect
      .poll(() => page.getByRole('button', { name: 'Estimate standard errors', exact: true }).count())
      .toBe(0);
    // Measured anew with another scheme, the errors are estimated anew.
    await page.getByLabel('dV/dt by').selectOption('central2');
    const factsOfThird = async (): Promise<string> => {
      await page.locator('.beat-table .go').nth(2).click();
      return page.locator('#beat-facts').innerText();
    };
    await expect
      .poll(factsOfThird, { timeout: 30_000 })
      .toSatisfy((text: string) => text.includes('±') && text.includes('dV/dt central2'));
    expect(complaints).toEqual([]);
    await close();
  });
});
