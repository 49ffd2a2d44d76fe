/**
 * `upstroke/view`: the views as parts of another page: plain data in, events out. Each `mount…` fills a `<div>` and
 * gives what changes or ends it. The page takes `upstroke/view.css` with it.
 *
 * For research use only, not for diagnosis.
 */
import type {
  ReportBeat,
  ReportConfusion,
  ReportData,
  ReportExplanation,
  ReportTraining,
} from '../analysis/report/report-data.ts';
import { showConfusion } from './confusion.ts';
import { showExplanation } from './explanation.ts';
import { showLoss } from './loss.ts';
import { classMarks, countsByClass } from './palette.ts';
import { showReport } from './report.ts';
import { createSelection } from './selection.ts';
import { showSlopes } from './slopes.ts';
import { viewIn } from './view-host.ts';

export { type MountedTrace, mountTrace, type TraceData, type TraceEvents } from './trace/mount-trace.ts';
export type { ReportBeat, ReportConfusion, ReportData, ReportExplanation, ReportTraining };

/** A view in a page. */
export interface Mounted {
  /** Takes the view off the page. */
  destroy(): void;
}

const mounted = (part: HTMLElement): Mounted => ({ destroy: () => part.remove() });

/** The whole report, made by `reportData` or `recordReport`. `onBeat` is told which beat was picked. */
export function mountReport(
  host: HTMLElement,
  data: ReportData,
  onBeat: (beat: ReportBeat) => void = () => {},
): Mounted {
  const part = viewIn(host);
  showReport(part, data, onBeat);
  return mounted(part);
}

/** One beat explained: its waveform shaded by ∂p/∂V, probabilities, ∂p/∂feature. */
export function mountExplanation(host: HTMLElement, explanation: ReportExplanation): Mounted {
  const part = viewIn(host);
  showExplanation(part, explanation, classMarks(explanation.classes), undefined);
  return mounted(part);
}

/** Slopes over time by class. `onBeat` is told which beat was pressed. */
export function mountSlopes(
  host: HTMLElement,
  beats: readonly ReportBeat[],
  onBeat: (beat: ReportBeat) => void = () => {},
): Mounted {
  const part = viewIn(host);
  const selection = createSelection();
  selection.follow(onBeat);
  showSlopes(part, beats, 'mV', classMarks(countsByClass(beats).map(([name]) => name)), undefined, selection);
  return mounted(part);
}

/** Loss curves with the verdict. */
export function mountLoss(host: HTMLElement, training: ReportTraining): Mounted {
  const part = viewIn(host);
  showLoss(part, training);
  return mounted(part);
}

/** Confusion matrix with sensitivity and positive predictivity. */
export function mountConfusion(host: HTMLElement, confusion: ReportConfusion): Mounted {
  const part = viewIn(host);
  showConfusion(part, confusion);
  return mounted(part);
}
