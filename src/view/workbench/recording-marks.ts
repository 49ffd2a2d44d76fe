/** Conversions between the marks, beats and spans of an open recording. */

import { signalSpans } from '../../analysis/report/signal-spans.ts';
import { isBeat } from '../../wfdb/annotations/symbols.ts';
import { type Edit, type Mark, markAt } from '../annotate/mark-document.ts';
import { labelledSpans, qualityText } from '../span-strip.ts';
import type { LabelledSpan } from '../trace/span-lanes.ts';
import { word } from '../translations.ts';
import type { AnalysedPiece, PoorQualitySpan } from '../worker/analysis-worker.ts';
import type { RecordingState } from './recording-state.ts';

/** Whether an edit changes the positions of beats, and not only their symbols. */
export function movesBeats({ removed, added }: Edit): boolean {
  const places = (marks: readonly Mark[]): string =>
    marks
      .filter(mark => isBeat(mark.symbol))
      .map(mark => mark.sample)
      .sort((a, b) => a - b)
      .join(' ');
  return places(removed) !== places(added);
}

/** A proposed mark for each detected beat: the model's class, or `Q` without one. */
export function proposals(pieces: readonly AnalysedPiece[], perFrame: number): Mark[] {
  return pieces.flatMap(({ rPeaks, beats, classes }) =>
    Array.from(rPeaks, (sample, k) =>
      markAt(Math.round(sample / perFrame), classes[beats.predicted[k]!] ?? 'Q', { isProposed: true }),
    ),
  );
}

/** The mark at each R peak; undefined where there is none. */
export function marksOfBeats(
  rPeaks: Int32Array,
  perFrame: number,
  marks: readonly Mark[],
): readonly (Mark | undefined)[] {
  const beats = marks.filter(mark => isBeat(mark.symbol));
  let at = 0;
  return Array.from(rPeaks, sample => {
    const frame = Math.round(sample / perFrame);
    while (at < beats.length && beats[at]!.sample < frame) at++;
    return beats[at]?.sample === frame ? beats[at] : undefined;
  });
}

/** The spans between pairs of `unusable …` comments, as the workbench writes them. */
function unusableSpans(marks: readonly Mark[], frameFrequency: number): LabelledSpan[] {
  const found: LabelledSpan[] = [];
  let from: number | undefined;
  for (const { symbol, aux, sample } of marks) {
    if (symbol !== '"') continue;
    if (aux === 'unusable from') from = sample / frameFrequency;
    else if (aux === 'unusable to' && from !== undefined) {
      found.push({
        startSeconds: from,
        endSeconds: sample / frameFrequency,
        kind: 'unusable',
        label: '',
        text: word('span_unusable'),
      });
      from = undefined;
    }
  }
  return found;
}

/** Spans of poor quality; adjacent windows with the same faults are merged. */
function joinedQuality(poor: readonly PoorQualitySpan[]): LabelledSpan[] {
  const joined: LabelledSpan[] = [];
  for (const { startSeconds: from, endSeconds: to, flags } of poor) {
    const text = qualityText(flags);
    const last = joined.at(-1);
    if (last && last.text === text && Math.abs(last.endSeconds - from) < 1e-6)
      joined[joined.length - 1] = { ...last, endSeconds: to };
    else joined.push({ startSeconds: from, endSeconds: to, kind: 'quality', label: '', text });
  }
  return joined;
}

/** Longest distance between spikes of one span of pacing, s. */
const longestPause = 3;

/** Spans in which pacing spikes follow one another. */
function pacingSpans(spikes: readonly number[], samplingFrequency: number): LabelledSpan[] {
  const spans: LabelledSpan[] = [];
  for (const sample of spikes) {
    const time = sample / samplingFrequency;
    const last = spans.at(-1);
    if (last && time - last.endSeconds <= longestPause) {
      spans[spans.length - 1] = { ...last, endSeconds: time };
    } else {
      const [startSeconds, endSeconds] = [time, time];
      spans.push({ startSeconds, endSeconds, kind: 'pacing', label: '', text: word('span_pacing') });
    }
  }
  return spans;
}

/** Concatenates integer arrays. */
export function joinedInts(parts: readonly Int32Array[]): Int32Array<ArrayBuffer> {
  const joined = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** All spans with their texts; computed again when marks, beats or the language have changed. */
export function spansOf(state: RecordingState): readonly LabelledSpan[] {
  const { document, summary, poor } = state;
  const key = `${document.revision} ${state.beatsRevision} ${word('quality')}`;
  if (state.spans?.key !== key) {
    const { frameFrequency, samplingFrequency, length } = summary;
    const list = [
      ...labelledSpans(signalSpans(document.marks, frameFrequency, length / samplingFrequency)),
      ...unusableSpans(document.marks, frameFrequency),
      ...pacingSpans(
        state.pieces.flatMap(({ spikes }) => [...spikes]),
        samplingFrequency,
      ),
      ...joinedQuality(poor),
    ];
    state.spans = { key, list };
  }
  return state.spans.list;
}
