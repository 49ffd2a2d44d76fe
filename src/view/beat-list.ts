/** The table of a report's beats; only the rows in view exist in the page. A press on a row selects its beat. */

import { artefactSymbol } from '../analysis/artefact-marks.ts';
import type { ReportBeat } from '../analysis/report/report-data.ts';
import type { Uncertainty } from '../beat/uncertainty/noisy-copies.ts';
import { oncePerFrame } from './animation-frame.ts';
import { button, element, section } from './element.ts';
import { decimals } from './number-format.ts';
import type { Selection } from './selection.ts';
import { word } from './translations.ts';
import { intervalText, withError } from './uncertainty-text.ts';

const rowHeight = 26;
/** Rows kept beyond either end of the view. */
const spareRows = 6;

/** A column of numbers: its heading, unit and decimals, the value of a beat in that unit, and its uncertainty. */
interface Column {
  readonly name: string;
  readonly unit: string;
  readonly digits: number;
  readonly value: (beat: ReportBeat, before: ReportBeat | undefined) => number | undefined;
  readonly uncertainty?: (beat: ReportBeat) => Uncertainty | undefined;
}

const milliseconds = (uncertainty: Uncertainty | undefined): Uncertainty | undefined =>
  uncertainty && { se: 1000 * uncertainty.se, bias: 1000 * uncertainty.bias };

const columnsOf = (units: string): readonly Column[] => [
  { name: word('q_time'), unit: 's', digits: 3, value: beat => beat.time },
  {
    ...{ name: 'RR', unit: 'ms', digits: 0 },
    value: (beat, before) =>
      before && [beat, before].every(({ symbol }) => symbol !== artefactSymbol)
        ? 1000 * (beat.time - before.time)
        : undefined,
    uncertainty: beat => milliseconds(beat.uncertainty?.rrBefore),
  },
  {
    ...{ name: word('q_upstroke'), unit: `${units}/s`, digits: 1 },
    value: beat => beat.upstroke?.slope,
    uncertainty: beat => beat.uncertainty?.upstrokeSlope,
  },
  {
    ...{ name: word('q_downstroke'), unit: `${units}/s`, digits: 1 },
    value: beat => beat.downstroke?.slope,
    uncertainty: beat => beat.uncertainty?.downstrokeSlope,
  },
  {
    ...{ name: word('q_qrsDuration'), unit: 'ms', digits: 0 },
    value: beat => beat.qrsDuration && 1000 * beat.qrsDuration,
    uncertainty: beat => milliseconds(beat.uncertainty?.qrsDuration),
  },
  { name: 'p', unit: '', digits: 3, value: beat => beat.probability },
];

export function showBeatList(
  page: HTMLElement,
  beats: readonly ReportBeat[],
  units: string,
  selection: Selection,
): void {
  const columns = columnsOf(units).filter(({ value }) =>
    beats.some((beat, k) => value(beat, beats[k - 1]) !== undefined),
  );
  const body = element('tbody', {});
  const head = element(
    'tr',
    {},
    ...[word('r_beat'), word('symbol')].map(name => element('th', { scope: 'col' }, name)),
    ...columns.map(({ name, unit }) =>
      element(
        'th',
        { scope: 'col' },
        name,
        element('span', { class: 'unit' }, unit === '' ? '' : ` ${unit}`),
      ),
    ),
  );
  const scroll = element(
    'div',
    { class: 'beat-scroll', tabindex: '0', role: 'region', 'aria-label': word('beatTable') },
    element(
      'table',
      { class: 'beat-table', 'aria-rowcount': String(beats.length + 1) },
      element('thead', {}, head),
      body,
    ),
  );
  const draw = (): void => {
    const first = Math.max(0, Math.floor(scroll.scrollTop / rowHeight) - spareRows);
    const end = Math.min(beats.length, first + Math.ceil(scroll.clientHeight / rowHeight) + 2 * spareRows);
    const rows = beats
      .slice(first, end)
      .map((beat, k) => rowOf(beat, first + k, beats[first + k - 1], columns, selection));
    const spacer = (count: number): HTMLElement => {
      const cell = element('td', { colspan: String(columns.length + 2) });
      cell.style.height = `${count * rowHeight}px`;
      return element('tr', { 'aria-hidden': 'true' }, cell);
    };
    body.replaceChildren(
      ...(first > 0 ? [spacer(first)] : []),
      ...rows,
      ...(end < beats.length ? [spacer(beats.length - end)] : []),
    );
  };
  scroll.addEventListener('scroll', oncePerFrame(draw), { passive: true });
  new ResizeObserver(draw).observe(scroll);
  selection.follow(beat => {
    const top = beats.indexOf(beat) * rowHeight;
    if (top < scroll.scrollTop || top > scroll.scrollTop + scroll.clientHeight - 2 * rowHeight)
      scroll.scrollTop = top - scroll.clientHeight / 2;
    draw();
  });
  const hasErrors = beats.some(({ uncertainty }) => uncertainty !== undefined);
  const meaning = hasErrors ? word('r_errors') : word('r_noErrors');
  page.append(section('beats', word('r_beatsTitle'), element('p', { class: 'setting' }, meaning), scroll));
}

function rowOf(
  beat: ReportBeat,
  number: number,
  before: ReportBeat | undefined,
  columns: readonly Column[],
  selection: Selection,
): HTMLElement {
  const cells = columns.map(({ digits, unit, value, uncertainty }) => {
    const [measured, error] = [value(beat, before), uncertainty?.(beat)];
    const interval = intervalText(measured, error, digits);
    return element(
      'td',
      interval === '' ? {} : { title: `${interval} ${unit}` },
      measured === undefined ? '–' : withError(measured, error, digits),
    );
  });
  const go = button(String(number), word('r_goToBeat', { number, time: decimals(beat.time, 3) }), () => {});
  go.classList.add('go');
  const row = element(
    'tr',
    beat === selection.beat ? { class: 'chosen' } : {},
    element('th', { scope: 'row' }, go),
    element('td', {}, beat.symbol),
    ...cells,
  );
  row.addEventListener('click', () => selection.pick(beat));
  return row;
}
