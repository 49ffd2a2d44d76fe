/**
 * The panel of beats: measurements of the selected beat, superimposed beats of a class, scatter plot and histogram, and
 * the table.
 */
import { retype } from '../annotate/mark-actions.ts';
import type { Mark } from '../annotate/mark-document.ts';
import { shownClass } from '../annotate/mark-style.ts';
import { element, section } from '../element.ts';
import { beatsCsv } from '../export/beats-csv.ts';
import { downloadFile } from '../export/download.ts';
import { type Word, word } from '../translations.ts';
import { select, textButton } from '../workbench/controls.ts';
import type { Panel, Workbench } from '../workbench/workbench.ts';
import { showAligned } from './aligned-beats.ts';
import { type BeatColumns, type BeatQuantity, chosenColumns } from './beat-columns.ts';
import { showBeatTable } from './beat-table.ts';
import { quantityText } from './quantity-format.ts';
import { showScatter } from './scatter.ts';

/** Which beats are shown. */
export interface BeatFilter {
  /** AAMI class; empty for all. */
  readonly name: string;
  readonly isGoodOnly: boolean;
}

/** The indices of the beats that match a filter. */
function filteredBeats(
  columns: BeatColumns,
  marks: readonly (Mark | undefined)[],
  { name, isGoodOnly }: BeatFilter,
): number[] {
  const found: number[] = [];
  for (let beat = 0; beat < columns.time.length; beat++) {
    const mark = marks[beat];
    if (mark === undefined || (isGoodOnly && columns.good[beat] === 0)) continue;
    if (name === '' || shownClass(mark.symbol) === name) found.push(beat);
  }
  return found;
}

const facts: readonly BeatQuantity[] = [
  ...(['rr', 'upstroke', 'downstroke', 'slopePerAmplitude', 'qrsDuration', 'rPeakTime'] as const),
  ...(['rAmplitude', 'noise', 'correlation'] as const),
];

export function showBeatsPanel(host: HTMLElement, workbench: Workbench): Panel {
  const { recording, selection } = workbench;
  let filter: BeatFilter = { name: '', isGoodOnly: false };
  const one = element('div', { id: 'beat-facts' });
  const bar = element('div', { class: 'row' });
  const alignedHost = element('div', {});
  const scatterHost = element('div', {});
  const tableHost = element('div', {});
  host.append(
    section('beat', word('beats'), one),
    section('aligned', word('aligned'), bar, alignedHost),
    section('scatter', word('scatter'), scatterHost, selecting(workbench)),
    section('table', word('beatTable'), tableHost),
  );
  const shown = (): readonly number[] =>
    recording.beats ? filteredBeats(recording.beats, recording.beatMarks(), filter) : [];
  const aligned = showAligned(alignedHost, workbench);
  const scatter = showScatter(scatterHost, workbench);
  const table = showBeatTable(tableHost, workbench);
  /** Superimposed are the beats of the selection, where there is one. */
  const align = (beats: readonly number[]): void => {
    const chosen = beats.filter(beat => selection.value.beats.has(beat));
    aligned.show(chosen.length > 0 ? chosen : beats);
  };
  const refresh = (): void => {
    showFacts(one, workbench);
    const beats = shown();
    align(beats);
    scatter.show(beats);
    table.show(beats);
  };
  bar.append(
    select(
      word('class'),
      ['', 'N', 'S', 'V', 'F', 'Q'].map(name => ({
        value: name,
        label: name === '' ? word('allClasses') : name,
      })),
      '',
      name => {
        filter = { ...filter, name };
        refresh();
      },
    ),
    select(
      word('quality'),
      [
        { value: '', label: word('anyQuality') },
        { value: 'good', label: word('goodOnly') },
      ],
      '',
      value => {
        filter = { ...filter, isGoodOnly: value === 'good' };
        refresh();
      },
    ),
  );
  refresh();
  const stop = selection.follow((now, before) => {
    if (now.revision !== before.revision) refresh();
    else {
      showFacts(one, workbench);
      if (now.beats !== before.beats) align(shown());
      scatter.redraw();
      table.redraw();
    }
  });
  return {
    destroy() {
      stop();
      aligned.destroy();
      scatter.destroy();
    },
  };
}

/** Index of the selected beat; undefined when none is selected. */
export function selectedBeat({ recording, selection }: Workbench): number | undefined {
  const { mark } = selection.value;
  if (mark === undefined) return undefined;
  const beat = recording.beatMarks().indexOf(mark);
  return beat < 0 ? undefined : beat;
}

function showFacts(host: HTMLElement, workbench: Workbench): void {
  const { recording } = workbench;
  const { beats, errors, provenance } = recording;
  const beat = selectedBeat(workbench);
  const resume = recording.areErrorsCancelled
    ? [textButton(word('estimateErrors'), () => recording.resumeErrors())]
    : [];
  if (beats === undefined || beat === undefined) {
    const isEmpty = beats?.time.length === 0;
    const text = word(isEmpty ? 'noBeatsFound' : beats ? 'noBeat' : 'noBeatsYet');
    const none = element('p', { class: 'setting' }, text);
    host.replaceChildren(none, ...resume);
    return;
  }
  recording.askForErrors(beat);
  const mark = recording.beatMarks()[beat]!;
  const called = recording.modelClasses[beats.predicted[beat]!];
  const row = (name: string, value: string): HTMLElement =>
    element('div', {}, element('dt', {}, name), element('dd', {}, value));
  host.replaceChildren(
    element(
      'p',
      {},
      element('b', {}, mark.symbol),
      ` · ${word('beat', { number: beat, total: beats.time.length })} · ${quantityText(beats, 'time', beat)}`,
    ),
    element(
      'dl',
      { class: 'facts' },
      ...facts.map(name => row(word(`q_${name}` satisfies Word), quantityText(beats, name, beat, errors))),
      ...(called === undefined
        ? []
        : [row(word('model'), `${called} (${quantityText(beats, 'probability', beat)})`)]),
    ),
    ...resume,
    element('p', { class: 'setting' }, provenance),
  );
}

/** Actions on the beats of a lasso selection: label, export, clear. */
function selecting(workbench: Workbench): HTMLElement {
  const { recording, selection, status } = workbench;
  let symbol = 'V';
  const count = element('output', { id: 'selected-count' });
  const tell = (): void => {
    count.textContent = word('selectedBeats', { count: selection.value.beats.size });
  };
  tell();
  const chosen = (): readonly number[] => [...selection.value.beats].sort((a, b) => a - b);
  const label = (): void => {
    const marks = recording.beatMarks();
    const changed = chosen().flatMap(beat => marks[beat] ?? []);
    if (changed.length > 0) retype(recording.document, changed, symbol);
  };
  const save = (): void => {
    if (recording.beats === undefined) {
      status.tell(word('noBeatsYet'));
      return;
    }
    const beats = chosen();
    const marks = recording.beatMarks();
    const text = beatsCsv(
      chosenColumns(recording.beats, beats),
      beats.map(beat => marks[beat]?.symbol ?? ''),
      recording.provenance,
    );
    downloadFile('selected-beats.csv', new Blob([text], { type: 'text/csv' }));
  };
  const stop = selection.follow(() => {
    if (count.isConnected) tell();
    else stop();
  });
  return element(
    'div',
    { class: 'row' },
    count,
    select(
      word('labelSelection'),
      ['N', 'V', 'S', 'A', 'F', 'Q', 'L', 'R'].map(value => ({ value, label: value })),
      symbol,
      value => {
        symbol = value;
      },
    ),
    textButton('✓', label, word('labelSelection')),
    textButton(word('beatsCsv'), save),
    textButton(word('clearSelection'), () => selection.change({ beats: new Set() })),
  );
}
