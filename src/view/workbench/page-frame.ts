/** The frame of the page: the header with its tabs, the containers of the trace and the panel, and the footer. */

import { element } from '../element.ts';
import { duration, significant } from '../number-format.ts';
import type { LeadSummary, RecordingSummary } from '../open/open-recording.ts';
import { word } from '../translations.ts';
import { textButton } from './controls.ts';
import { type ViewName, viewNames } from './settings.ts';

export interface PageFrame {
  /** Holds the trace area and the side panel. */
  readonly work: HTMLElement;
  readonly side: HTMLElement;
  readonly tools: HTMLElement;
  /** Lists the faults of the files. */
  readonly faults: HTMLElement;
  /** Writes the texts in the current language. */
  translate(): void;
  /**
   * Shows the name of the open record and its leads, sampling frequency and duration; for a table with a button that
   * calls `onTable`, to read it otherwise.
   */
  describe(summary: RecordingSummary, onTable: () => void): void;
  /** Highlights the tab of the current view. */
  markTab(view: ViewName): void;
}

export function createPageFrame(
  page: HTMLElement,
  statusHost: HTMLElement,
  onView: (view: ViewName) => void,
): PageFrame {
  const title = element('h1', {});
  const facts = element('p', { class: 'record-facts' });
  const tabs = element('nav', {});
  const tools = element('div', { class: 'tools' });
  const notice = element('p', { class: 'notice' });
  const faults = element('div', { class: 'file-faults', role: 'status' });
  const side = element('aside', { class: 'side', id: 'side' });
  const work = element('main', { class: 'work' }, side);
  page.replaceChildren(
    element('header', { class: 'top-bar' }, element('div', { class: 'names' }, title, facts), tabs, tools),
    faults,
    work,
    element('footer', { class: 'foot' }, notice, statusHost),
  );
  const translate = (): void => {
    notice.textContent = word('researchOnly');
    tabs.setAttribute('aria-label', word('views'));
    tabs.replaceChildren(...viewNames.map(name => viewTab(name, () => onView(name))));
  };
  translate();
  return {
    work,
    side,
    tools,
    faults,
    translate,
    describe(summary, onTable) {
      title.textContent = summary.record;
      document.title = `${summary.record} · upstroke`;
      facts.replaceChildren(factsOf(summary));
      if (summary.isTable) facts.append(' ', textButton(word('tableHow'), onTable));
    },
    markTab(view) {
      work.dataset.view = view;
      side.setAttribute('aria-label', word(view));
      for (const tab of tabs.querySelectorAll('button')) {
        if (tab.dataset.view === view) tab.setAttribute('aria-current', 'page');
        else tab.removeAttribute('aria-current');
      }
    },
  };
}

function viewTab(name: ViewName, onPress: () => void): HTMLButtonElement {
  const tab = textButton(word(name), onPress);
  tab.dataset.view = name;
  return tab;
}

const factsOf = ({ leads, samplingFrequency, length }: RecordingSummary): string =>
  [
    leads.map(({ name }) => name).join(' '),
    `${significant(samplingFrequency)} Hz`,
    duration(length / samplingFrequency),
    ...assumptions(leads),
  ].join(' · ');

/** Gains and units that the file does not state, and that every value in mV rests on. */
function assumptions(leads: readonly LeadSummary[]): string[] {
  const named = (some: readonly LeadSummary[]): string => some.map(({ name }) => name).join(' ');
  const uncalibrated = leads.filter(({ isCalibrated }) => !isCalibrated);
  const unnamed = leads.filter(({ areUnitsAssumed }) => areUnitsAssumed);
  return [
    ...(uncalibrated.length > 0 ? [word('gainAssumed', { leads: named(uncalibrated) })] : []),
    ...(unnamed.length > 0
      ? [word('unitsAssumed', { leads: named(unnamed), units: unnamed[0]!.units })]
      : []),
  ];
}
