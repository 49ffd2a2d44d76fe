/** The slopes of the beats in one part of a lead, in the coordinates of the whole lead. */
import { beatsOfPart, type PlacedPart } from '../beat/lead-part.ts';
import {
  type BeatSlopes,
  measureSlopes,
  type SlopeMeasurement,
  type SlopeOptions,
} from '../beat/slopes/measure-slopes.ts';
import { lowerBound } from '../lower-bound.ts';

/** The R peaks in a part and its margins, as indices into its voltage; `[begin, end)` are those of the part itself. */
export function beatsInPart(part: PlacedPart, rPeaks: Int32Array) {
  const from = lowerBound(rPeaks, part.offset);
  const to = lowerBound(rPeaks, part.offset + part.voltage.length);
  const { first, last } = beatsOfPart(part, rPeaks);
  const inPart = rPeaks.slice(from, to);
  for (let k = 0; k < inPart.length; k++) inPart[k]! -= part.offset;
  return {
    inPart,
    begin: first - from,
    end: last - from,
  };
}

/**
 * The slopes of the beats of a part, equal to those that `measureSlopes` returns for the whole lead. `rPeaks` are
 * those of the whole lead. The margins must cover the range that the measurement uses; 20 s is sufficient. `measure` is
 * `measureUnpacedSlopes` for a part without pacing spikes.
 */
export function slopesOfPart(
  part: PlacedPart,
  samplingFrequency: number,
  rPeaks: Int32Array,
  options: SlopeOptions,
  measure = measureSlopes,
): SlopeMeasurement {
  const { voltage, offset } = part;
  const { first } = beatsOfPart(part, rPeaks);
  const { inPart, begin, end } = beatsInPart(part, rPeaks);
  const { provenance, beats } = measure(voltage, samplingFrequency, inPart, options);
  if (inPart.length === rPeaks.length && offset === 0) return { provenance, beats: beats.slice(begin, end) };
  return {
    provenance,
    beats: beats
      .slice(begin, end)
      .map((beat, k) =>
        withIntervals(moved(beat, offset, samplingFrequency), rPeaks, first + k, samplingFrequency),
      ),
  };
}

/** Adds the RR intervals to the neighbouring beats, which may lie outside the part. */
function withIntervals(
  beat: BeatSlopes,
  rPeaks: Int32Array,
  k: number,
  samplingFrequency: number,
): BeatSlopes {
  const between = (a: number, b: number): number | undefined =>
    a < 0 || b >= rPeaks.length ? undefined : (rPeaks[b]! - rPeaks[a]!) / samplingFrequency;
  return { ...beat, rrBefore: between(k - 1, k), rrAfter: between(k, k + 1) };
}

/** The beat with all sample indices and times counted from the start of the lead. */
function moved(beat: BeatSlopes, samples: number, samplingFrequency: number): BeatSlopes {
  if (samples === 0) return beat;
  const by = <T extends number | undefined>(sample: T): T =>
    (sample === undefined ? sample : sample + samples) as T;
  const stroke = (of: BeatSlopes['upstroke']): BeatSlopes['upstroke'] =>
    of && { ...of, sample: of.sample + samples, time: of.time + samples / samplingFrequency };
  return {
    ...beat,
    rPeak: by(beat.rPeak),
    peakSample: by(beat.peakSample),
    qrsOnset: by(beat.qrsOnset),
    qrsOffset: by(beat.qrsOffset),
    upstroke: stroke(beat.upstroke),
    downstroke: stroke(beat.downstroke),
  };
}
