/** The panel of marks: edits the selected mark, steps, searches, reviews and saves. */

import { isBeat } from '../../wfdb/annotations/symbols.ts';
import { element, section } from '../element.ts';
import { word } from '../translations.ts';
import { select, textButton } from '../workbench/controls.ts';
import {
  acceptSelected,
  addAtCursor,
  deleteSelected,
  moveSelected,
  nextDisagreement,
  nextToReview,
  step,
  travel,
  typeSymbol,
} from '../workbench/keyboard-actions.ts';
import { timeTextOf } from '../workbench/time-format.ts';
import type { Panel, Workbench } from '../workbench/workbench.ts';
import { linkOf, showOwnTypes, symbolChoices } from './annotation-types.ts';
import { markUnusable, replace, retypeRange } from './mark-actions.ts';
import { type Mark, nearestMark } from './mark-document.ts';
import { shownClass } from './mark-style.ts';
import { reviewProgress } from './review.ts';
import { saving } from './save-section.ts';

/** Largest number of search results that are shown. */
const mostFound = 200;

export function showMarksPanel(host: HTMLElement, workbench: Workbench): Panel {
  const { recording, selection } = workbench;
  const selected = element('div', { class: 'selected-mark' });
  const count = element('p', { class: 'setting', id: 'mark-count' });
  const review = element('div', { class: 'review' });
  const types = element('div', {});
  const edited = element('div', { class: 'row' });
  const template = element('span', {});
  host.append(
    section(
      'marks',
      word('marks'),
      count,
      edited,
      stepping(workbench),
      selected,
      history(workbench, template),
    ),
    section('review', word('review'), review),
    section('search', word('searchMarks'), searching(workbench)),
    section('types', word('ownTypes'), types),
    section('save', word('save'), saving(workbench)),
  );
  const refresh = (): void => {
    const { marks } = recording.document;
    count.textContent = word('markCount', { count: marks.length });
    showEdited(edited, workbench);
    showTemplate(template, workbench);
    showSelected(selected, workbench);
    showReview(review, workbench);
    showOwnTypes(types, workbench);
  };
  refresh();
  const stop = selection.follow(refresh);
  return { destroy: stop };
}

function stepping(workbench: Workbench): HTMLElement {
  const beats = ({ symbol }: Mark): boolean => isBeat(symbol);
  const ofClass = (name: string) => (mark: Mark) => beats(mark) && shownClass(mark.symbol) === name;
  return element(
    'div',
    { class: 'row' },
    textButton(word('previousMark'), () => step(workbench, -1, beats), `${word('previousMark')} (,)`),
    textButton(word('nextMark'), () => step(workbench, 1, beats), `${word('nextMark')} (.)`),
    textButton(word('nextV'), () => step(workbench, 1, ofClass('V')), `${word('nextV')} (Shift+V)`),
    textButton(word('nextS'), () => step(workbench, 1, ofClass('S')), `${word('nextS')} (Shift+S)`),
    textButton(
      word('nextDisagreement'),
      () => nextDisagreement(workbench),
      `${word('nextDisagreement')} (Shift+D)`,
    ),
  );
}

/** The choice of the annotator whose marks are edited, where there are several. */
function showEdited(host: HTMLElement, { recording, selection }: Workbench): void {
  const names = [recording.annotator, ...recording.others.keys()];
  const choices = names.map(name => ({ value: name, label: name || word('proposed') }));
  choices.sort((a, b) => a.label.localeCompare(b.label));
  // Not rebuilt while it stays the same: it may be open or have the focus.
  const shown = `${recording.annotator} ${choices.map(({ label }) => label)}`;
  if (host.dataset.shown === shown) return;
  host.dataset.shown = shown;
  host.replaceChildren();
  if (names.length < 2) return;
  host.append(
    select(word('annotator'), choices, recording.annotator, name => {
      selection.change({ mark: undefined, isReviewing: false });
      recording.editAnnotator(name);
    }),
  );
}

/** The choice of the symbol of the next mark, with the types that have been defined. */
function showTemplate(host: HTMLElement, workbench: Workbench): void {
  const { symbol } = workbench.template;
  const choices = symbolChoices(workbench.recording.definitions, symbol);
  const shown = `${symbol} ${choices.map(({ label }) => label)}`;
  if (host.dataset.shown === shown) return;
  host.dataset.shown = shown;
  host.replaceChildren(
    select(word('template'), choices, symbol, chosen => {
      workbench.template = { ...workbench.template, symbol: chosen };
    }),
  );
}

function history(workbench: Workbench, template: HTMLElement): HTMLElement {
  const { recording } = workbench;
  const { timeline, document: marks, summary } = recording;
  const inView = (): readonly [number, number] => [
    Math.ceil(timeline.span.startSeconds * summary.frameFrequency),
    Math.floor(timeline.span.endSeconds * summary.frameFrequency),
  ];
  return element(
    'div',
    { class: 'row' },
    textButton(word('undo'), () => travel(workbench, 'undo'), `${word('undo')} (Ctrl+Z)`),
    textButton(word('redo'), () => travel(workbench, 'redo'), `${word('redo')} (Ctrl+Y)`),
    textButton(word('addMark'), () => addAtCursor(workbench), `${word('addMark')} (i)`),
    template,
    textButton(word('retypeRange'), () => retypeRange(marks, ...inView(), workbench.template.symbol)),
    textButton(word('unusable'), () => markUnusable(marks, ...inView())),
  );
}

/** Input fields of the selected mark. */
function showSelected(host: HTMLElement, workbench: Workbench): void {
  const { recording, selection } = workbench;
  const { mark } = selection.value;
  // Not updated while a field of this mark has the focus.
  if (
    mark &&
    host.dataset.sample === String(mark.sample) &&
    host.contains(document.activeElement) &&
    document.activeElement instanceof HTMLInputElement
  )
    return;
  host.dataset.sample = String(mark?.sample);
  if (mark === undefined) {
    host.replaceChildren(element('p', { class: 'setting' }, word('noBeat')));
    return;
  }
  const change = (patch: Partial<Mark>): void => {
    const now = selection.value.mark;
    if (now === undefined) return;
    selection.change({ mark: replace(recording.document, [now], m => ({ ...m, ...patch }))[0] });
  };
  const aux = element('input', { type: 'text', value: mark.aux, maxlength: '80' });
  aux.addEventListener('change', () => change({ aux: aux.value }));
  const subtype = element('input', { type: 'number', min: '-128', max: '127', value: String(mark.subtype) });
  subtype.addEventListener('change', () => {
    const value = Number(subtype.value);
    if (Number.isInteger(value) && value >= -128 && value <= 127) change({ subtype: value });
  });
  const time = mark.sample / recording.summary.frameFrequency;
  const others = [...recording.others].map(([name, marks]) => {
    const other = nearestMark(marks, mark.sample, Math.round(0.15 * recording.summary.frameFrequency));
    return `${name || word('proposed')}: ${other?.symbol ?? '–'}`;
  });
  host.replaceChildren(
    element(
      'p',
      {},
      element('b', { id: 'selected-symbol' }, mark.symbol),
      ` ${timeTextOf(undefined)(time, 0.001)}`,
      ...(mark.isProposed ? [` · ${word('proposed')}`] : []),
      ...others.map(text => ` · ${text}`),
    ),
    element(
      'div',
      { class: 'row' },
      select(word('symbol'), symbolChoices(recording.definitions, mark.symbol), mark.symbol, symbol =>
        typeSymbol(workbench, symbol),
      ),
      element('label', { class: 'control' }, element('span', {}, word('auxText')), aux),
      element('label', { class: 'control' }, element('span', {}, word('subtype')), subtype),
      ...linkOf(mark),
      textButton(word('moveMark'), () => moveSelected(workbench), `${word('moveMark')} (m)`),
      textButton(word('deleteMark'), () => deleteSelected(workbench), `${word('deleteMark')} (Del)`),
    ),
  );
}

function showReview(host: HTMLElement, workbench: Workbench): void {
  const { recording, selection } = workbench;
  const { isReviewing } = selection.value;
  const { done, total } = reviewProgress(recording.document.marks, isBeat);
  const start = (): void => {
    const first = nextToReview(workbench);
    selection.change({ isReviewing: first !== undefined });
    if (first) workbench.goTo(first);
    else workbench.status.tell(word('allReviewed'));
  };
  const bar = element('progress', { max: String(Math.max(1, total)), 'aria-label': word('review') });
  bar.value = done;
  const focused = host.contains(document.activeElement);
  host.replaceChildren(
    element('p', { class: 'setting' }, word('reviewHint')),
    element(
      'div',
      { class: 'row' },
      isReviewing
        ? textButton(word('stopReview'), () => selection.change({ isReviewing: false }))
        : textButton(word('startReview'), start),
      ...(isReviewing
        ? [textButton(word('accept'), () => acceptSelected(workbench), `${word('accept')} (Enter)`)]
        : []),
      bar,
      element('span', { id: 'review-progress' }, word('reviewed', { done, total })),
    ),
  );
  // The pressed button no longer exists, so the focus returns to the trace.
  if (focused) document.querySelector<HTMLElement>('.trace')?.focus({ preventScroll: true });
}

function searching(workbench: Workbench): HTMLElement {
  const { recording } = workbench;
  const input = element('input', { type: 'search', 'aria-label': word('searchMarks') });
  const told = element('output', { class: 'setting' });
  const list = element('ul', { class: 'found' });
  const search = (): void => {
    const text = input.value.trim();
    const found =
      text === ''
        ? []
        : recording.document.marks.filter(
            mark => mark.symbol === text || mark.aux.toLowerCase().includes(text.toLowerCase()),
          );
    told.textContent = text === '' ? '' : word('found', { count: found.length });
    const time = timeTextOf(undefined);
    list.replaceChildren(
      ...found.slice(0, mostFound).map(mark =>
        element(
          'li',
          {},
          textButton(
            `${time(mark.sample / recording.summary.frameFrequency, 0.001)}  ${mark.symbol}  ${mark.aux}`,
            () => workbench.goTo(mark),
          ),
        ),
      ),
    );
  };
  input.addEventListener('input', search);
  return element('div', {}, element('div', { class: 'row' }, input, told), list);
}
