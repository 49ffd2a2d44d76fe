/** Parts of several leads of a recording at once, with the beats in them. */
import type { NamedLead } from '../beat/intervals/measure-intervals.ts';
import type { PlacedPart } from '../beat/lead-part.ts';
import { lowerBound } from '../lower-bound.ts';
import { leadParts } from './lead-parts.ts';
import type { OpenRecording } from './open-recording.ts';

/** Length of a part and of the margin on each side, s. */
const partSeconds = 600;
const marginSeconds = 20;

/** The same part of every lead. */
export interface BeatPart {
  readonly named: NamedLead[];
  readonly part: PlacedPart;
  /** The beats of the part are `[first, last)`; `from` is the first beat within its margins. */
  readonly first: number;
  readonly last: number;
  readonly from: number;
  /** R peaks in the part and its margins, as sample indices from the start of the margin. */
  readonly inPart: Int32Array;
}

/** Yields the same part of every lead, part after part. */
export async function* beatParts(
  recording: OpenRecording,
  leads: readonly string[],
  rPeaks: Int32Array,
): AsyncGenerator<BeatPart, void, undefined> {
  const { samplingFrequency } = recording;
  const size = {
    length: Math.round(partSeconds * samplingFrequency),
    margin: Math.round(marginSeconds * samplingFrequency),
  };
  const readers = leads.map(lead => leadParts(recording, lead, size));
  for (;;) {
    const parts = await Promise.all(readers.map(reader => reader.next()));
    const values = parts.flatMap(({ value }) => value ?? []);
    const [part] = values;
    if (part === undefined || values.length < leads.length) return;
    const from = lowerBound(rPeaks, part.offset);
    const to = lowerBound(rPeaks, part.offset + part.voltage.length);
    yield {
      named: values.map(({ voltage }, k) => ({ name: leads[k]!, voltage })),
      part,
      first: lowerBound(rPeaks, part.offset + part.start),
      last: lowerBound(rPeaks, part.offset + part.end),
      from,
      inPart: rPeaks.subarray(from, to).map(rPeak => rPeak - part.offset),
    };
  }
}
