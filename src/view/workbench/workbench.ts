/** What the parts of the workbench share: the open recording, the settings, what is selected. */

import type { MarkTemplate } from '../annotate/mark-actions.ts';
import type { Mark } from '../annotate/mark-document.ts';
import type { TraceView } from '../trace/trace-view.ts';
import type { OpenRecording } from './recording.ts';
import type { Observed, Settings } from './settings.ts';
import type { Status } from './status-line.ts';
import type { Workers } from './workers.ts';

export interface Selection {
  /** The mark that keys act on. */
  readonly mark: Mark | undefined;
  /** Beats, by number, that a lasso or a filter chose. */
  readonly beats: ReadonlySet<number>;
  /** Are proposals being gone through? */
  readonly isReviewing: boolean;
  /** Grows when beats, marks or quality changed. */
  readonly revision: number;
}

export interface Workbench {
  readonly recording: OpenRecording;
  readonly workers: Workers;
  readonly settings: Observed<Settings>;
  readonly selection: Observed<Selection>;
  readonly status: Status;
  readonly trace: TraceView;
  template: MarkTemplate;
  /** Selects a mark and brings it into view. */
  goTo(mark: Mark): void;
}

/** A part of the page; `destroy` lets go of everything it follows. */
export interface Panel {
  destroy(): void;
}
