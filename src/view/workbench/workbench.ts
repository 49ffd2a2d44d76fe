/** State shared by the parts of the workbench: the open recording, the settings and the selection. */

import type { MarkTemplate } from '../annotate/mark-actions.ts';
import type { Mark } from '../annotate/mark-document.ts';
import type { TraceView } from '../trace/trace-view.ts';
import type { OpenRecording } from './recording-interface.ts';
import type { Observed, Settings } from './settings.ts';
import type { Status } from './status-line.ts';
import type { Workers } from './workers.ts';

export interface Selection {
  /** The mark that keyboard actions apply to. */
  readonly mark: Mark | undefined;
  /** Indices of the beats selected with a lasso or a filter. */
  readonly beats: ReadonlySet<number>;
  /** Whether proposals are being reviewed. */
  readonly isReviewing: boolean;
  /** Incremented when beats, marks or quality have changed. */
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
  /** Selects a mark and scrolls it into view. */
  goTo(mark: Mark): void;
}

/** A part of the page; `destroy` ends its subscriptions. */
export interface Panel {
  destroy(): void;
}
