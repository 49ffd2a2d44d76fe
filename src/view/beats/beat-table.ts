/** The table of beats, sortable by any column; only visible rows exist in the page. */
import { element } from '../element.ts';
import { type Word, word } from '../translations.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { type BeatQuantity, beatQuantities } from './beat-columns.ts';
import { quantityValue } from './quantity-format.ts';

const rowHeight = 26;
const columns: readonly BeatQuantity[] = [
  'time',
  'rr',
  'upstroke',
  'downstroke',
  'qrsDuration',
  'probability',
];

export interface BeatTable {
  show(beats: readonly number[]): void;
  redraw(): void;
}

export function showBeatTable(host: HTMLElement, workbench: Workbench): BeatTable {
  const { recording, selection } = workbench;
  let sorted: readonly number[] = [];
  let shown: readonly number[] = [];
  let by: BeatQuantity = 'time';
  let direction: 1 | -1 = 1;
  const body = element('tbody', {});
  const heads = columns.map(name =>
    heading(name, () => {
      direction = by === name ? (direction === 1 ? -1 : 1) : 1;
      by = name;
      sort();
      draw();
    }),
  );
  const table = element(
    'table',
    { class: 'beat-table' },
    element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, word('symbol')), ...heads)),
    body,
  );
  const scroll = element(
    'div',
    { class: 'beat-scroll', tabindex: '0', role: 'region', 'aria-label': word('beatTable') },
    table,
  );
  host.append(scroll, element('p', { class: 'setting' }, word('errorMeaning')));

  const sort = (): void => {
    const values = recording.beats?.[by];
    // Missing values are last in either order.
    const key = (beat: number): number => {
      const value = values?.[beat] ?? Number.NaN;
      return Number.isNaN(value) ? Number.POSITIVE_INFINITY : direction * value;
    };
    sorted = by === 'time' && direction === 1 ? shown : [...shown].sort((a, b) => key(a) - key(b));
    heads.forEach((head, k) => {
      if (columns[k] === by) head.setAttribute('aria-sort', direction === 1 ? 'ascending' : 'descending');
      else head.removeAttribute('aria-sort');
    });
  };
  const draw = (): void => {
    const { beats } = recording;
    if (beats === undefined) return;
    const first = Math.max(0, Math.floor(scroll.scrollTop / rowHeight) - 4);
    const end = Math.min(sorted.length, first + Math.ceil(scroll.clientHeight / rowHeight) + 10);
    const marks = recording.beatMarks();
    const { errors } = recording;
    const rows = sorted.slice(first, end).map(beat => {
      recording.askForErrors(beat);
      const mark = marks[beat];
      const go = element('button', { type: 'button', class: 'go' }, mark?.symbol ?? '–');
      const row = element(
        'tr',
        {
          class: [
            ...(mark && mark === selection.value.mark ? ['chosen'] : []),
            ...(selection.value.beats.has(beat) ? ['lassoed'] : []),
          ].join(' '),
        },
        element('th', { scope: 'row' }, go),
        ...columns.map(name =>
          element('td', {}, quantityValue(beats, name, beat, name === 'time' ? undefined : errors)),
        ),
      );
      row.addEventListener('click', () => mark && workbench.goTo(mark));
      return row;
    });
    body.replaceChildren(
      ...(first > 0 ? [spacer(first)] : []),
      ...rows,
      ...(end < sorted.length ? [spacer(sorted.length - end)] : []),
    );
    table.setAttribute('aria-rowcount', String(sorted.length + 1));
  };
  scroll.addEventListener('scroll', draw, { passive: true });
  return {
    show(beats) {
      shown = beats;
      sort();
      draw();
    },
    redraw: draw,
  };
}

/** The heading of a column with its unit; a press sorts by it. */
function heading(name: BeatQuantity, onPress: () => void): HTMLElement {
  const { unit } = beatQuantities[name];
  const press = element('button', { type: 'button' }, word(`q_${name}` satisfies Word));
  if (unit !== '') press.append(element('span', { class: 'unit' }, ` ${unit}`));
  press.addEventListener('click', onPress);
  return element('th', { scope: 'col' }, press);
}

/** An empty row in place of `rows` invisible ones. */
function spacer(rows: number): HTMLElement {
  const cell = element('td', { colspan: String(columns.length + 1) });
  cell.style.height = `${rows * rowHeight}px`;
  return element('tr', { 'aria-hidden': 'true' }, cell);
}
