/** The parts of a lead without its pacing spikes, and the reference values of its signal quality. */
import { beatsOfPart, type PlacedPart } from '../beat/lead-part.ts';
import { removePacingSpikes, type UnpacedLead, unpacedLead } from '../beat/pacing/pacing.ts';
import { type LeadQuality, qualityWindowSamples, type WindowQuality } from '../beat/quality/quality.ts';
import {
  countForReference,
  createQualityReference,
  extendReference,
  type QualityReference,
  referenceFrom,
} from '../beat/quality/reference.ts';
import { leadParts } from './lead-parts.ts';
import type { OpenRecording } from './open-recording.ts';
import { spikesOfLead } from './spikes-of-lead.ts';

/** A part of a lead, as recorded and without its pacing spikes. */
export interface UnpacedPart extends PlacedPart {
  readonly unpaced: UnpacedLead;
}

/** Length of a part, and of the margin on each side of it, in windows of signal quality: an hour and 20 s. */
const partWindows = 360;
const marginWindows = 2;

/**
 * A function that reads the parts of a lead, each valid until the next is requested. A lead of one part is read once,
 * however often its parts are requested.
 */
export function unpacedParts(
  recording: OpenRecording,
  lead: string,
): () => AsyncGenerator<UnpacedPart, void, undefined> {
  const windowSamples = qualityWindowSamples(recording.samplingFrequency);
  const size = { length: partWindows * windowSamples, margin: marginWindows * windowSamples };
  let only: UnpacedPart | undefined;
  return async function* () {
    if (only !== undefined) return yield only;
    let count = 0;
    let latest: UnpacedPart | undefined;
    for await (const part of leadParts(recording, lead, size)) {
      latest = { ...part, unpaced: unpacedPart(part.voltage, recording) };
      count++;
      yield latest;
    }
    if (count === 1) only = latest;
  };
}

/** Only a whole lead is an array that keeps its samples. */
function unpacedPart(voltage: Float64Array, { length, samplingFrequency }: OpenRecording): UnpacedLead {
  if (voltage.length !== length) return unpacedLead(voltage, samplingFrequency);
  const spikes = spikesOfLead(voltage, samplingFrequency);
  return { lead: voltage, spikes, voltage: removePacingSpikes(voltage, spikes) };
}

/** Reference values for signal quality, computed in two passes over the lead. */
export async function qualityReferenceOf(
  parts: ReturnType<typeof unpacedParts>,
  samplingFrequency: number,
  rPeaks: Int32Array,
): Promise<QualityReference> {
  const reference = createQualityReference(samplingFrequency, rPeaks.length);
  for await (const part of parts()) {
    const { first, last } = beatsOfPart(part, rPeaks);
    const own = rPeaks.slice(first, last);
    for (let k = 0; k < own.length; k++) own[k]! -= part.offset;
    extendReference(reference, part, part.unpaced.voltage, own);
  }
  for await (const part of parts()) countForReference(reference, part);
  return referenceFrom(reference);
}

/** The windows that begin in a part, in sample indices of the whole lead. */
export function windowsOfPart(
  quality: LeadQuality,
  { start, end, offset }: Pick<PlacedPart, 'start' | 'end' | 'offset'>,
): WindowQuality[] {
  const windows: WindowQuality[] = [];
  for (const window of quality.windows) {
    if (window.start < start || window.start >= end) continue;
    windows.push({ ...window, start: window.start + offset, end: Math.min(window.end, end) + offset });
  }
  return windows;
}
