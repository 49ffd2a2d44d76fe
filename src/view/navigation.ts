/** Navigation of a recording by beat, time and zoom, with buttons and keys. */

import type { ReportBeat } from '../analysis/report/report-data.ts';
import { firstAtOrAfter } from './beat-marks.ts';
import { besideTitle, button, element } from './element.ts';
import { decimals } from './number-format.ts';
import { classOf, countsByClass } from './palette.ts';
import type { Selection } from './selection.ts';
import { centredOn, centreOf, durationOf, panned, type Timeline, type TimeSpan, zoomed } from './timeline.ts';
import { word } from './translations.ts';
import { withError } from './uncertainty-text.ts';

/** Adds the buttons next to the section's title, the line about the selected beat, and the key bindings. */
export function navigation(
  part: HTMLElement,
  beats: readonly ReportBeat[],
  timeline: Timeline,
  selection: Selection,
  units: string,
): void {
  const among = element('select', { 'aria-label': word('r_among'), title: word('r_among') });
  among.append(element('option', { value: '' }, word('r_allBeats')));
  for (const [name] of countsByClass(beats))
    among.append(element('option', { value: name }, word('r_classBeats', { class: name })));

  const step = (direction: 1 | -1): void => {
    const from = selection.beat && isInView(selection.beat) ? selection.beat.time : centreOf(timeline.span);
    const beat = nextBeat(beats, from, direction, among.value === '' ? undefined : among.value);
    if (beat) selection.pick(beat);
  };
  const isInView = (beat: ReportBeat): boolean =>
    beat.time >= timeline.span.startSeconds && beat.time <= timeline.span.endSeconds;
  selection.follow(beat => timeline.show(centredOn(timeline.span, beat.time)));

  const pan = (share: number): void => timeline.show(panned(timeline.span, share));
  const zoom = (factor: number): void => timeline.show(zoomed(timeline.span, factor));
  const previous = (): void => step(-1);
  const next = (): void => step(1);

  const keys: Record<string, () => void> = {
    ArrowLeft: () => pan(-0.25),
    ArrowRight: () => pan(0.25),
    PageUp: () => pan(-1),
    PageDown: () => pan(1),
    Home: () => timeline.show(timeline.initial),
    End: () => timeline.show(lastSpan(timeline)),
    '+': () => zoom(0.5),
    '=': () => zoom(0.5),
    '-': () => zoom(2),
    '0': () => timeline.show(timeline.bounds),
    n: next,
    p: previous,
  };
  followKeys(keys);

  const span = spanOutput(timeline);
  const picked = beatOutput(beats, selection, units);
  besideTitle(
    part,
    picked,
    element(
      'div',
      { class: 'buttons', role: 'toolbar', 'aria-label': word('r_move') },
      ...(beats.length > 0
        ? [
            element(
              'span',
              { class: 'group' },
              button('‹', word('r_previousBeat'), previous),
              among,
              button('›', word('r_nextBeat'), next),
            ),
          ]
        : []),
      element(
        'span',
        { class: 'group' },
        button('←', word('r_earlier'), () => pan(-0.5)),
        span,
        button('→', word('r_later'), () => pan(0.5)),
      ),
      element(
        'span',
        { class: 'group' },
        button('−', word('r_zoomOut'), () => zoom(2)),
        button('+', word('r_zoomIn'), () => zoom(0.5)),
        button(word('whole'), word('r_whole'), () => timeline.show(timeline.bounds)),
        button(word('reset'), word('r_reset'), () => timeline.show(timeline.initial)),
      ),
    ),
  );
}

/** Runs the action of a pressed key, anywhere on the page except while an input has the focus. */
function followKeys(keys: Readonly<Record<string, () => void>>): void {
  document.addEventListener('keydown', event => {
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return;
    const act = event.ctrlKey || event.altKey || event.metaKey ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/** The start and end of the visible span. */
function spanOutput(timeline: Timeline): HTMLElement {
  const span = element('output', { class: 'span', id: 'time-span' });
  const update = (): void => {
    span.textContent = `${decimals(timeline.span.startSeconds, 1)} – ${decimals(timeline.span.endSeconds, 1)} s`;
  };
  timeline.follow(update);
  update();
  return span;
}

/** The line about the selected beat. */
function beatOutput(beats: readonly ReportBeat[], selection: Selection, units: string): HTMLElement {
  const picked = element('output', { class: 'picked hint', id: 'picked-beat' }, word('r_dragHint'));
  selection.follow(beat => {
    picked.className = 'picked';
    picked.textContent = beatText(beat, beats.indexOf(beat), beats.length, units);
    picked.title = picked.textContent;
  });
  return picked;
}

/** The last span of the recording, as long as the initial one. */
function lastSpan({ bounds, initial }: Timeline): TimeSpan {
  const endSeconds = bounds.endSeconds + 1e-9 + durationOf(initial);
  return { startSeconds: bounds.endSeconds, endSeconds };
}

/** The beat after (1) or before (−1) a time, of one class or any; `undefined` at the end. */
export function nextBeat(
  beats: readonly ReportBeat[],
  time: number,
  direction: 1 | -1,
  name: string | undefined,
): ReportBeat | undefined {
  const matches = (beat: ReportBeat): boolean => name === undefined || classOf(beat) === name;
  const at = firstAtOrAfter(beats, time);
  return direction === 1
    ? beats.slice(at).find(beat => beat.time > time && matches(beat))
    : beats.slice(0, at).findLast(matches);
}

/** One line about a beat. */
function beatText(beat: ReportBeat, number: number, total: number, units: string): string {
  return [
    word('r_beatNumber', { number, last: total - 1 }),
    word('r_beatAt', { symbol: beat.symbol, time: decimals(beat.time, 3) }),
    ...(beat.upstroke
      ? [
          word('r_upstroke', {
            value: `${withError(beat.upstroke.slope, beat.uncertainty?.upstrokeSlope, 1)} ${units}/s`,
          }),
        ]
      : []),
    ...(beat.downstroke
      ? [
          word('r_downstroke', {
            value: `${withError(beat.downstroke.slope, beat.uncertainty?.downstrokeSlope, 1)} ${units}/s`,
          }),
        ]
      : []),
    ...(beat.predicted !== undefined
      ? [
          word('r_model', {
            class: `${beat.predicted}${beat.probability === undefined ? '' : ` (p ${decimals(beat.probability, 3)})`}`,
          }),
        ]
      : []),
  ].join(' · ');
}
