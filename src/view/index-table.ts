/** The table of QRS indices: each lead, the mean over the leads, and each type of beat relative to the usual one. */
import type { IndexTable } from '../analysis/qrs-index-summary.ts';
import { element, section } from './element.ts';
import { decimals } from './number-format.ts';

export function showIndexTable(page: HTMLElement, { columns, leads, mean, usual, types }: IndexTable): void {
  const heading = (first: string, names: readonly string[]): HTMLElement =>
    element('tr', {}, ...[first, ...names].map(name => element('th', { scope: 'col' }, name)));
  const row = (name: string, values: readonly string[]): HTMLElement =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      ...values.map(value => element('td', {}, value)),
    );
  const shown = (values: readonly (number | null)[]): string[] =>
    values.map((value, k) => decimals(value, columns[k]!.decimals));
  const ratios = columns.flatMap(({ isRatio }, k) => (isRatio ? [k] : []));
  const table = (head: HTMLElement, rows: readonly HTMLElement[]): HTMLElement =>
    element(
      'div',
      { class: 'wide' },
      element('table', { class: 'indices' }, element('thead', {}, head), element('tbody', {}, ...rows)),
    );
  page.append(
    section(
      'indices',
      'QRS indices',
      element(
        'p',
        { class: 'setting' },
        `Median over the beats${leads.length > 1 ? '; mean of the sizes over the leads' : ''}.`,
      ),
      table(
        heading(
          'lead',
          columns.map(({ name, unit }) => (unit === '' ? name : `${name}, ${unit}`)),
        ),
        [
          ...leads.map(({ lead, medians }) => row(lead, shown(medians))),
          ...(leads.length > 1 ? [row('mean', shown(mean))] : []),
        ],
      ),
      element(
        'p',
        { class: 'setting' },
        `Relative to the record’s usual beat${usual === '' ? '' : ` (${usual})`}, whose median is 1: median [5–95 %]${leads.length > 1 ? ', mean over the leads' : ''}.`,
      ),
      table(
        heading('type', ['beats', ...ratios.map(k => columns[k]!.name)]),
        types.map(({ symbol, beats, relative }) =>
          row(symbol === '' ? '·' : symbol, [
            beats.toLocaleString('en'),
            ...ratios.map(k => {
              const spread = relative[k];
              return spread
                ? `${spread.median.toFixed(2)} [${spread.p5.toFixed(2)} ${spread.p95.toFixed(2)}]`
                : '–';
            }),
          ]),
        ),
      ),
    ),
  );
}
