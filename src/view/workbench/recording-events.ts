/** What the page does when the open recording reports samples, beats, faults or progress. */
import { isBeat } from '../../wfdb/annotations/symbols.ts';
import { nearestMark } from '../annotate/mark-document.ts';
import { errorText } from '../error-text.ts';
import type { RecordingInput } from '../open/recording-input.ts';
import { word } from '../translations.ts';
import { showFaults } from './file-faults-list.ts';
import type { PageFrame } from './page-frame.ts';
import type { RecordingEvents } from './recording-interface.ts';
import type { Observed } from './settings.ts';
import type { Status } from './status-line.ts';
import type { Selection, Workbench } from './workbench.ts';

/** The parts of the page that follow the recording. */
export interface FollowingPage {
  readonly selection: Observed<Selection>;
  readonly status: Status;
  readonly frame: PageFrame;
  /** Undefined until a recording is open. */
  readonly workbench: Workbench | undefined;
}

export function recordingEvents(page: FollowingPage, { record }: RecordingInput): RecordingEvents {
  const { selection, status, frame } = page;
  const tellFaults = (): void => {
    if (page.workbench) showFaults(frame.faults, page.workbench.recording);
  };
  return {
    onPyramid: () => page.workbench?.trace.redraw(),
    onWindow: () => page.workbench?.trace.update(),
    onBeats() {
      countRevision(page);
      tellFaults();
    },
    // Texts change, plots do not: an outline that is being drawn stays.
    onErrors: () => selection.change({}),
    onFaults: tellFaults,
    onError: error => status.complain(word('cannotOpen', { record, reason: errorText(error) })),
    onNotStored: reason => status.complain(word('notStored', { reason })),
    onProgress: status.progress,
    onRestored: count => status.tell(word('restored', { count })),
  };
}

/** Notifies of changed annotations. The selected one stays selected where its place still has one, though it may have changed. */
export function countRevision({ selection, workbench }: FollowingPage): void {
  const { mark, revision } = selection.value;
  const marks = workbench?.recording.document.marks ?? [];
  const isGone = mark !== undefined && !marks.includes(mark);
  selection.change({
    revision: revision + 1,
    ...(isGone && {
      mark: nearestMark(marks, mark.sample, 0, ({ symbol }) => isBeat(symbol) === isBeat(mark.symbol)),
    }),
  });
}
