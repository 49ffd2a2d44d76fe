/** The table of QRS indices: each lead, the mean over the leads, and each type of beat relative to the usual one. */

import type { IndexTable } from '../analysis/qrs-index-summary.ts';
import { element, section } from './element.ts';
import { decimals } from './number-format.ts';
import { word } from './translations.ts';

/** The name of an index in the language of the page; abbreviations are the same in all. */
function nameIn(name: string): string {
  const words = {
    notches: 'r_notches',
    deflections: 'r_deflections',
    'slope-energy width': 'r_energyWidth',
    'R peak time': 'r_rPeakTime',
  } as const;
  return Object.hasOwn(words, name) ? word(words[name as keyof typeof words]) : name;
}

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
      word('r_indices'),
      element(
        'p',
        { class: 'setting' },
        word(leads.length > 1 ? 'r_indicesMeaningLeads' : 'r_indicesMeaning'),
      ),
      table(
        heading(
          word('r_leadColumn'),
          columns.map(({ name, unit }) => (unit === '' ? nameIn(name) : `${nameIn(name)}, ${unit}`)),
        ),
        [
          ...leads.map(({ lead, medians }) => row(lead, shown(medians))),
          ...(leads.length > 1 ? [row(word('r_mean'), shown(mean))] : []),
        ],
      ),
      element(
        'p',
        { class: 'setting' },
        word(leads.length > 1 ? 'r_relativeLeads' : 'r_relative', {
          usual: usual === '' ? '' : ` (${usual})`,
        }),
      ),
      table(
        heading(word('r_type'), [word('r_beatsColumn'), ...ratios.map(k => nameIn(columns[k]!.name))]),
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
