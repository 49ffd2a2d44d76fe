/** English words on a Japanese page, in its texts, labels, titles, placeholders and in the texts drawn on canvases. */
import type { Page } from 'playwright-core';
import { allWords } from '../../src/view/translations.ts';

/** Names and terms that are the same in Japanese, and names of the samples and their parts. */
const same =
  /^(ECG|QRS|MLII|MIT|BIH|WFDB|EDF|CSV|SVG|PNG|URL|JavaScript|Savitzky|Golay|Pan|Tompkins|Bazett|Fridericia|dV|mV|Hz|adam|adamw|sgd|momentum|nesterov|rmsprop|lbfgs|clipNorm|relu|English|Enter|Home|End|Page|Ctrl|Shift|Alt|Del|Cabrera|mitdb|excerpt|upstroke|synth|slowing|twelve|hea|dat|atr|https|edit|IUS|IDS|ITS|format|System|csv|txt|aVR|aVL|aVF|tail|filter|Down|Up|Tab|RMS|file)$/i;

/** The names of features as the library has them stand beside their Japanese ones. */
const isFeatureName = (text: string): boolean => /^[a-z]+([A-Z][a-z]+)*$/.test(text) && text in featureNames;
const featureNames = Object.fromEntries(
  Object.keys(allWords)
    .filter(name => name.startsWith('feature_'))
    .map(name => [name.slice('feature_'.length), true]),
);

/** The English words that a Japanese reader finds, with the text around each; without those that are no words of a language. */
export async function englishRemains(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found: string[] = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node instanceof Element) {
        if (node.closest('[lang=en], script, style, noscript')) continue;
        for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
          found.push(node.getAttribute(name) ?? '');
      } else if (!node.parentElement?.closest('[lang=en], script, style, noscript'))
        found.push(node.textContent ?? '');
    }
    return found;
  });
  return [...new Set(texts)].filter(
    text => !isFeatureName(text) && (text.match(/[A-Za-z]{3,}/g) ?? []).some(word => !same.test(word)),
  );
}
