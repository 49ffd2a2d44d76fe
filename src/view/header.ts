/** The top of the page: what was recorded, what was measured and how. */

import type { ReportData } from '../analysis/report/report-data.ts';
import { element } from './element.ts';
import { decimals, duration, significant } from './number-format.ts';
import { type ClassMark, countsByClass, markIcon } from './palette.ts';

export function showHeader(
  page: HTMLElement,
  data: ReportData,
  marks: ReadonlyMap<string, ClassMark>,
  seconds: number | undefined,
): void {
  const { lead, beats, provenance } = data;
  const facts = element('dl', { class: 'facts' });
  const fact = (name: string, ...value: (Node | string)[]): void => {
    facts.append(element('div', {}, element('dt', {}, name), element('dd', {}, ...value)));
  };
  if (lead) {
    fact('Lead', lead.name);
    fact('Sampling frequency', `${significant(lead.samplingFrequency)} Hz`);
  }
  if (lead && seconds !== undefined) {
    const from = lead.startSeconds === 0 ? '' : `, from ${decimals(lead.startSeconds, 1)} s`;
    fact('Duration', duration(seconds) + from);
  }
  if (beats.length > 0) {
    const counts = countsByClass(beats).map(([name, count]) =>
      element('span', { class: 'count' }, markIcon(marks.get(name)!), `${name} ${count}`),
    );
    fact(`Beats (${beats.length})`, ...counts);
  }
  if (provenance !== undefined) fact('Slopes', provenance);

  page.append(
    element(
      'header',
      {},
      element(
        'div',
        { class: 'title' },
        element('h1', {}, data.record),
        element('p', { class: 'notice' }, 'Research use only. Not for diagnosis.'),
      ),
      facts,
    ),
  );
}
