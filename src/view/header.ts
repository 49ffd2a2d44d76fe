/** The top of the page: what was recorded, what was measured and how. */

import { artefactSymbol } from '../analysis/artefact-marks.ts';
import type { ReportData } from '../analysis/report/report-data.ts';
import { element } from './element.ts';
import { decimals, duration, significant } from './number-format.ts';
import { type ClassMark, countsByClass, markIcon } from './palette.ts';
import { provenanceIn } from './provenance-text.ts';
import { languageChoice } from './report-language.ts';
import { word } from './translations.ts';

export function showHeader(
  page: HTMLElement,
  data: ReportData,
  marks: ReadonlyMap<string, ClassMark>,
  seconds: number | undefined,
): void {
  const { lead, beats, provenance } = data;
  document.title = word('r_title', { record: data.record });
  const facts = element('dl', { class: 'facts' });
  const fact = (name: string, ...value: (Node | string)[]): void => {
    facts.append(element('div', {}, element('dt', {}, name), element('dd', {}, ...value)));
  };
  if (lead) {
    fact(word('lead'), lead.name);
    fact(word('samplingFrequency'), `${significant(lead.samplingFrequency)} Hz`);
  }
  if (lead && seconds !== undefined) {
    const from = lead.startSeconds === 0 ? '' : word('r_from', { time: decimals(lead.startSeconds, 1) });
    fact(word('r_duration'), duration(seconds) + from);
  }
  if (beats.length > 0) {
    const counts = countsByClass(beats).map(([name, count]) =>
      element('span', { class: 'count' }, markIcon(marks.get(name)!), `${name} ${count}`),
    );
    const count = beats.filter(({ symbol }) => symbol !== artefactSymbol).length;
    fact(word('r_beats', { count }), ...counts);
  }
  if (provenance !== undefined) fact(word('r_slopes'), provenanceIn(provenance));

  page.append(
    element(
      'header',
      {},
      element(
        'div',
        { class: 'title' },
        element('h1', {}, data.record),
        element('p', { class: 'notice' }, word('researchOnly')),
        languageChoice(),
      ),
      facts,
    ),
  );
}
