/** The keyboard actions of the workbench. */
import { isBeat } from '../../wfdb/annotations/symbols.ts';
import { accept, add, move, remove, retype, snapToPeak } from '../annotate/mark-actions.ts';
import { type Mark, nearestMark, nextMark } from '../annotate/mark-document.ts';
import { shownClass } from '../annotate/mark-style.ts';
import { reviewOrder } from '../annotate/review.ts';
import { durationOf, panned, zoomed } from '../timeline.ts';
import { word } from '../translations.ts';
import { type KeyAction, showKeySheet, symbolKeys } from './keyboard.ts';
import { type ViewName, viewNames } from './settings.ts';
import type { Workbench } from './workbench.ts';

/** Range around the cursor in which a peak is searched, s. */
const snapSeconds = 0.06;
/** Two annotators mean one beat when their marks are no farther apart (ANSI/AAMI EC57), s. */
const matchSeconds = 0.15;

/** Position (in frames) of a new mark at the cursor: that of a nearby peak. */
function cursorFrame({ recording, trace, settings }: Workbench): number {
  const { signals, timeline, summary } = recording;
  const { span } = timeline;
  const time = trace.cursor ?? (span.startSeconds + span.endSeconds) / 2;
  const sample = Math.round(time * signals.samplingFrequency);
  const reach = Math.round(snapSeconds * signals.samplingFrequency);
  const lead = Math.min(settings.value.lead, summary.leads.length - 1);
  const curve = signals.curve('voltage', lead, Math.max(0, sample - reach), sample + reach, settings.value);
  const place = curve ? snapToPeak(curve, sample, reach) : sample;
  return Math.round((place / signals.samplingFrequency) * summary.frameFrequency);
}

/**
 * Moves to the next (1) or previous (−1) mark for which `matches` is true, from the selected one or the centre of the
 * window.
 */
export function step(workbench: Workbench, direction: 1 | -1, matches: (mark: Mark) => boolean): void {
  const { recording, selection } = workbench;
  const { span } = recording.timeline;
  const { frameFrequency } = recording.summary;
  const selected = selection.value.mark;
  const isInView =
    selected !== undefined &&
    selected.sample / frameFrequency >= span.startSeconds &&
    selected.sample / frameFrequency <= span.endSeconds;
  const edge = direction === 1 ? span.startSeconds * frameFrequency - 1 : span.endSeconds * frameFrequency;
  const from = isInView ? selected.sample : edge;
  const mark = nextMark(recording.document.marks, from, direction, matches);
  if (mark) workbench.goTo(mark);
}

/** Goes to the next beat that another annotator, or without one the model, gives another class or no beat at all. */
export function nextDisagreement(workbench: Workbench): void {
  const { recording } = workbench;
  const { beats, modelClasses, others, summary } = recording;
  if (others.size > 0) {
    const reach = Math.round(matchSeconds * summary.frameFrequency);
    const isSame = (mark: Mark, marks: readonly Mark[]): boolean => {
      const other = nearestMark(marks, mark.sample, reach, ({ symbol }) => isBeat(symbol));
      return other !== undefined && shownClass(other.symbol) === shownClass(mark.symbol);
    };
    step(
      workbench,
      1,
      mark => isBeat(mark.symbol) && [...others.values()].some(marks => !isSame(mark, marks)),
    );
    return;
  }
  if (beats === undefined) return;
  const differing = new Set(
    recording.beatMarks().filter((mark, beat) => {
      const called = modelClasses[beats.predicted[beat]!];
      return mark !== undefined && called !== undefined && shownClass(mark.symbol) !== called;
    }),
  );
  step(workbench, 1, mark => differing.has(mark));
}

/** The next proposal to review; undefined when all are confirmed. */
export function nextToReview({ recording }: Workbench): Mark | undefined {
  return recording.beats && reviewOrder(recording.beatMarks(), recording.beats.probability)[0];
}

/** Moves to the next proposal after a decision in a review. */
function goOn(workbench: Workbench): void {
  if (!workbench.selection.value.isReviewing) return;
  const next = nextToReview(workbench);
  if (next) workbench.goTo(next);
  else {
    workbench.selection.change({ isReviewing: false });
    workbench.status.tell(word('allReviewed'));
  }
}

/** Sets the symbol of the selected mark. */
export function typeSymbol(workbench: Workbench, symbol: string): void {
  const { mark } = workbench.selection.value;
  workbench.template = { ...workbench.template, symbol };
  if (mark === undefined) return;
  const [changed] = retype(workbench.recording.document, [mark], symbol);
  workbench.selection.change({ mark: changed });
  goOn(workbench);
}

/** Accepts the selected proposal; outside a review it then moves to the next mark. */
export function acceptSelected(workbench: Workbench): void {
  const { mark, isReviewing } = workbench.selection.value;
  if (mark === undefined) return;
  const [confirmed] = mark.isProposed ? accept(workbench.recording.document, [mark]) : [mark];
  workbench.selection.change({ mark: confirmed });
  if (isReviewing) goOn(workbench);
  else step(workbench, 1, ({ symbol }) => isBeat(symbol));
}

export function deleteSelected(workbench: Workbench): void {
  const { mark } = workbench.selection.value;
  if (mark === undefined) return;
  remove(workbench.recording.document, [mark]);
  workbench.selection.change({ mark: undefined });
}

export function moveSelected(workbench: Workbench): void {
  const { mark } = workbench.selection.value;
  if (mark === undefined) return;
  workbench.selection.change({ mark: move(workbench.recording.document, mark, cursorFrame(workbench)) });
}

export function addAtCursor(workbench: Workbench): void {
  const { recording, selection, template } = workbench;
  selection.change({ mark: add(recording.document, cursorFrame(workbench), template) });
}

/** Undoes or redoes an edit; afterwards the selected mark may no longer exist. */
export function travel(workbench: Workbench, direction: 'undo' | 'redo'): void {
  const { document } = workbench.recording;
  document[direction]();
  const { mark } = workbench.selection.value;
  if (mark && !document.marks.includes(mark)) workbench.selection.change({ mark: undefined });
}

/** Key bindings that move and zoom in time. */
function timeActions({ recording: { timeline }, settings }: Workbench): readonly KeyAction[] {
  const pan = (share: number) => () => timeline.show(panned(timeline.span, share));
  const zoom = (factor: number) => () => {
    if (settings.value.speed === 0) timeline.show(zoomed(timeline.span, factor));
  };
  return [
    { keys: ['ArrowLeft'], shown: '← →', word: 'key_pan', run: pan(-0.2) },
    { keys: ['ArrowRight'], shown: '← →', word: 'key_pan', run: pan(0.2) },
    { keys: ['PageUp'], shown: 'Page Up/Down', word: 'key_page', run: pan(-1) },
    { keys: ['PageDown'], shown: 'Page Up/Down', word: 'key_page', run: pan(1) },
    {
      keys: ['Home'],
      shown: 'Home, End',
      word: 'key_ends',
      run: () =>
        timeline.show({
          startSeconds: timeline.bounds.startSeconds,
          endSeconds: timeline.bounds.startSeconds + durationOf(timeline.span),
        }),
    },
    {
      keys: ['End'],
      shown: 'Home, End',
      word: 'key_ends',
      run: () =>
        timeline.show({
          startSeconds: timeline.bounds.endSeconds - durationOf(timeline.span),
          endSeconds: timeline.bounds.endSeconds,
        }),
    },
    { keys: ['+', '='], shown: '+ −', word: 'key_zoom', run: zoom(0.5) },
    { keys: ['-'], shown: '+ −', word: 'key_zoom', run: zoom(2) },
    { keys: ['0'], shown: '0', word: 'key_all', run: () => timeline.show(timeline.bounds) },
  ];
}

/** All key bindings of the workbench. */
export function actionsOf(workbench: Workbench): readonly KeyAction[] {
  const { recording, settings, trace } = workbench;
  const { timeline } = recording;
  const beats = ({ symbol }: Mark): boolean => isBeat(symbol);
  const ofClass = (name: string) => (mark: Mark) => beats(mark) && shownClass(mark.symbol) === name;
  const nudge = (samples: number) => () => {
    const { span } = timeline;
    const at = trace.cursor ?? (span.startSeconds + span.endSeconds) / 2;
    trace.moveCursor(
      Math.max(
        span.startSeconds,
        Math.min(span.endSeconds, at + samples / recording.signals.samplingFrequency),
      ),
    );
  };
  const undo = () => travel(workbench, 'undo');
  const redo = () => travel(workbench, 'redo');
  const actions: KeyAction[] = [
    ...timeActions(workbench),
    { keys: [','], shown: ', .', word: 'key_step', run: () => step(workbench, -1, beats) },
    { keys: ['.'], shown: ', .', word: 'key_step', run: () => step(workbench, 1, beats) },
    { keys: ['Alt+ArrowLeft'], shown: 'Alt+← Alt+→', word: 'key_cursor', run: nudge(-1) },
    { keys: ['Alt+ArrowRight'], shown: 'Alt+← Alt+→', word: 'key_cursor', run: nudge(1) },
    { keys: ['c'], shown: 'c', word: 'key_caliper', run: () => trace.toggleCaliper() },
    {
      keys: Object.keys(symbolKeys),
      shown: Object.keys(symbolKeys).join(' '),
      word: 'key_type',
      run: key => typeSymbol(workbench, symbolKeys[key]!),
    },
    { keys: ['i', 'Insert'], shown: 'i', word: 'key_add', run: () => addAtCursor(workbench) },
    { keys: ['m'], shown: 'm', word: 'key_move', run: () => moveSelected(workbench) },
    { keys: ['Delete', 'Backspace'], shown: 'Del', word: 'key_delete', run: () => deleteSelected(workbench) },
    { keys: ['mod+z', 'u'], shown: 'Ctrl+Z, Ctrl+Y', word: 'key_undo', run: undo },
    { keys: ['mod+y', 'mod+Shift+z', 'Shift+U'], shown: 'Ctrl+Z, Ctrl+Y', word: 'key_undo', run: redo },
    {
      keys: ['Shift+V'],
      shown: 'Shift+V, S, D',
      word: 'key_nextV',
      run: () => step(workbench, 1, ofClass('V')),
    },
    {
      keys: ['Shift+S'],
      shown: 'Shift+V, S, D',
      word: 'key_nextV',
      run: () => step(workbench, 1, ofClass('S')),
    },
    { keys: ['Shift+D'], shown: 'Shift+V, S, D', word: 'key_nextV', run: () => nextDisagreement(workbench) },
    { keys: ['Enter'], shown: 'Enter', word: 'key_accept', run: () => acceptSelected(workbench) },
    ...viewNames.map(
      (name: ViewName, k): KeyAction => ({
        keys: [String(k + 1)],
        shown: '1 … 5',
        word: 'key_views',
        run: () => settings.change({ view: name }),
      }),
    ),
    { keys: ['?'], shown: '?', word: 'key_help', run: () => showKeySheet(actions) },
  ];
  return actions;
}
