/** Whether a recording has QRS complexes, and its spans without: asystole, ventricular fibrillation or flutter, and noise. */
import { complexProminences, hasQrsComplexes } from '../beat/intervals/qrs-prominence.ts';
import type { SpanWithoutQrs } from '../beat/quality/without-qrs.ts';
import type { OpenRecording } from './open-recording.ts';
import { beatsInPart } from './part-slopes.ts';
import type { SignalSpan } from './report/signal-spans.ts';
import { unpacedParts } from './unpaced-parts.ts';

/** The note on a recording in which nothing stands out that could be measured. */
export const noQrsComplexes =
  'no QRS complexes stand out from the signal between them (noise, P waves alone, ventricular fibrillation or flutter)';

/**
 * Whether QRS complexes stand out from the signal between them in one of the leads (`hasQrsComplexes`); `rPeaks` are
 * sample indices from the start of the recording's window. The leads are read in turn, in parts, until one has them.
 *
 * @example
 * const recording = await openRecording(source, 'synth/s01');
 * const { rPeaks } = await beatsOf(recording, ['MLII'], 'detector');
 * await readHasQrsComplexes(recording, ['MLII'], rPeaks) // => true
 */
export async function readHasQrsComplexes(
  recording: OpenRecording,
  leads: readonly string[],
  rPeaks: Int32Array,
): Promise<boolean> {
  const { samplingFrequency } = recording;
  const prominences: number[][] = [];
  for (const lead of leads) {
    const ofLead: number[] = [];
    for await (const part of unpacedParts(recording, lead)()) {
      const { inPart } = beatsInPart(part, rPeaks);
      const { voltage } = part.unpaced;
      for (const prominence of complexProminences(voltage, samplingFrequency, inPart))
        ofLead.push(prominence);
    }
    if (ofLead.length > 0 && hasQrsComplexes([ofLead])) return true;
    prominences.push(ofLead);
  }
  return hasQrsComplexes(prominences);
}

/** The same spans as a report shows them; `start` is the first sample of the window in the record. */
export const signalSpansWithoutQrs = (
  spans: readonly SpanWithoutQrs[],
  samplingFrequency: number,
  start: number,
): SignalSpan[] =>
  spans.map(span => ({
    startSeconds: (start + span.start) / samplingFrequency,
    endSeconds: (start + span.end) / samplingFrequency,
    kind: span.kind,
    label: '',
  }));

const names = {
  asystole: 'asystole, or complexes that noise hides',
  fibrillation: 'ventricular fibrillation or flutter',
  noise: 'noise or hum as high as the complexes, as of a lost electrode',
} as const;

/** The beats that notes on a lead are about. */
export interface NotedBeats {
  /** Hz */
  readonly samplingFrequency: number;
  /** First sample of the window in the record, from whose start notes give times. */
  readonly start: number;
  /** Sample indices from the start of the window. */
  readonly rPeaks: Int32Array;
}

/** A note on the spans of each kind, with the beats that were detected in them; empty if there are none. */
export function withoutQrsNotes(
  spans: readonly SpanWithoutQrs[],
  { samplingFrequency, start: begin, rPeaks }: NotedBeats,
): string[] {
  return (['asystole', 'fibrillation', 'noise'] as const).flatMap(kind => {
    const own = spans.filter(span => span.kind === kind);
    const [first] = own;
    if (first === undefined) return [];
    const seconds = own.reduce((sum, { start, end }) => sum + end - start, 0) / samplingFrequency;
    const beats = rPeaks.filter(sample =>
      own.some(({ start, end }) => sample >= start && sample < end),
    ).length;
    const from = ((begin + first.start) / samplingFrequency).toFixed(1);
    const to = ((begin + first.end) / samplingFrequency).toFixed(1);
    const spansText = own.length === 1 ? `${from}–${to} s` : `${own.length} spans, the first ${from}–${to} s`;
    const beatsText = beats === 0 ? '' : `; marks there are not QRS complexes (${beats})`;
    return [`no QRS complexes for ${seconds.toFixed(1)} s (${names[kind]}; ${spansText})${beatsText}`];
  });
}
