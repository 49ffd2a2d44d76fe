/** The confusion matrix as a table with sensitivity and positive predictivity. */

import type { ReportConfusion } from '../analysis/report/report-data.ts';
import { classMetrics } from '../learn/metrics.ts';
import { element, section } from './element.ts';
import { percent } from './number-format.ts';
import { subjectIn } from './report-language.ts';
import { word } from './translations.ts';

export function showConfusion(page: HTMLElement, confusion: ReportConfusion): void {
  const { classes, counts } = confusion;
  const rates = confusion.classes.map((_, k) => classMetrics(confusion, k));
  const head = element(
    'tr',
    {},
    element('th', { scope: 'col', class: 'corner' }, word('r_truthCalled')),
    ...classes.map(name => element('th', { scope: 'col' }, name)),
    element('th', { scope: 'col', class: 'rate', title: word('r_sensitivity') }, 'Se'),
    element('th', { scope: 'col', class: 'rate', title: word('r_predictivity') }, '+P'),
  );
  const rows = classes.map((name, i) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      ...counts[i]!.map((count, j) => {
        const cell = element('td', { class: i === j ? 'right' : 'wrong' }, count.toLocaleString('en'));
        const share = rates[i]!.support === 0 ? 0 : count / rates[i]!.support;
        // Square root, so that misclassifications of a few percent are visible.
        cell.style.setProperty('--share', String(Math.sqrt(share)));
        return cell;
      }),
      element('td', { class: 'rate' }, percent(rates[i]!.sensitivity)),
      element('td', { class: 'rate' }, percent(rates[i]!.positivePredictivity)),
    ),
  );
  const total = rates.reduce((sum, rate) => sum + rate.support, 0);
  const right = classes.reduce((sum, _name, i) => sum + counts[i]![i]!, 0);
  page.append(
    section(
      'confusion',
      word('r_confusion'),
      element(
        'p',
        { class: 'setting' },
        ...(confusion.subject === undefined ? [] : [`${subjectIn(confusion.subject)}: `]),
        word('r_calledRightly', {
          total: total.toLocaleString('en'),
          share: percent(total === 0 ? undefined : right / total),
        }),
      ),
      element(
        'div',
        { class: 'wide' },
        element('table', { class: 'matrix' }, element('thead', {}, head), element('tbody', {}, ...rows)),
      ),
    ),
  );
}
