// The declarations of this entry point need the DOM types, whatever `lib` the importing project sets.
/// <reference lib="dom" preserve="true" />
/// <reference lib="dom.iterable" preserve="true" />
/**
 * `upstroke/view`: the views as components of another page: plain data in, events out. Each `mount…` function fills a
 * `<div>` and returns an object to update or remove it. The page must load `upstroke/view.css`.
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

/** A mounted view. */
export interface Mounted {
  /** Removes the view from the page. */
  destroy(): void;
}

const mounted = (part: HTMLElement): Mounted => ({ destroy: () => part.remove() });

/** Mounts the whole report, from `reportData` or `recordReport`. `onBeat` is called with the selected beat. */
export function mountReport(
  host: HTMLElement,
  data: ReportData,
  onBeat: (beat: ReportBeat) => void = () => {},
): Mounted {
  const part = viewIn(host);
  showReport(part, data, onBeat);
  return mounted(part);
}

/** Mounts the explanation of a beat: its waveform shaded by ∂p/∂V, the probabilities, and ∂p/∂feature. */
export function mountExplanation(host: HTMLElement, explanation: ReportExplanation): Mounted {
  const part = viewIn(host);
  showExplanation(part, explanation, classMarks(explanation.classes), undefined);
  return mounted(part);
}

/** Mounts the plot of slopes over time by class. `onBeat` is called with the selected beat. */
export function mountSlopes(
  host: HTMLElement,
  beats: readonly ReportBeat[],
  onBeat: (beat: ReportBeat) => void = () => {},
): Mounted {
  const part = viewIn(host);
  const selection = createSelection();
  selection.follow(onBeat);
  const marks = classMarks(countsByClass(beats).map(([name]) => name));
  showSlopes(part, { beats, units: 'mV', marks, spans: [] }, undefined, selection);
  return mounted(part);
}

/** Mounts the loss curves with the verdict. */
export function mountLoss(host: HTMLElement, training: ReportTraining): Mounted {
  const part = viewIn(host);
  showLoss(part, training);
  return mounted(part);
}

/** Mounts the confusion matrix with sensitivity and positive predictivity. */
export function mountConfusion(host: HTMLElement, confusion: ReportConfusion): Mounted {
  const part = viewIn(host);
  showConfusion(part, confusion);
  return mounted(part);
}
