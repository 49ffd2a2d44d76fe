/** The windows of a lead in which its signal is poor, as labelled spans. */
import type { LeadQuality, WindowQuality } from '../../beat/quality/quality.ts';
import type { SignalSpan } from './signal-spans.ts';

/** Whether a window is poor. A dissimilar beat is more often ectopic than noisy, so that flag alone does not count. */
export const isPoor = ({ good, flags }: Pick<WindowQuality, 'good' | 'flags'>): boolean =>
  !good && (flags.length === 0 || flags.some(flag => flag !== 'dissimilar'));

/**
 * The poor windows of a lead, adjacent ones with the same flags merged. The label is the flags, separated by commas.
 * `start` is the first sample of the lead in its record; `samplingFrequency` is in Hz.
 */
export function qualitySpans(
  { windows }: Pick<LeadQuality, 'windows'>,
  samplingFrequency: number,
  start = 0,
): SignalSpan[] {
  const spans: SignalSpan[] = [];
  for (const window of windows) {
    if (!isPoor(window)) continue;
    const label = window.flags.join(', ');
    const from = (start + window.start) / samplingFrequency;
    const endSeconds = (start + window.end) / samplingFrequency;
    const last = spans.at(-1);
    if (last?.label === label && last.endSeconds === from) spans[spans.length - 1] = { ...last, endSeconds };
    else spans.push({ startSeconds: from, endSeconds, kind: 'quality', label });
  }
  return spans;
}
