/** The slope measurements for which uncertainties are computed. */
import type { BeatSlopes } from '../slopes/measure-slopes.ts';

/** A beat with the positions of its peak, QRS onset and QRS offset in fractional samples. */
export interface PreciseBeat {
  readonly beat: BeatSlopes;
  readonly peak: number | undefined;
  readonly onset: number | undefined;
  readonly offset: number | undefined;
}

/**
 * The measurements for which uncertainties are computed, and how each is read from a beat: slopes in mV/s, times in s,
 * amplitudes in mV.
 */
export const uncertainQuantities = {
  upstrokeSlope: ({ beat }) => beat.upstroke?.slope,
  upstrokeLineSlope: ({ beat }) => beat.upstroke?.lineSlope,
  upstrokeTime: ({ beat }) => beat.upstroke?.time,
  downstrokeSlope: ({ beat }) => beat.downstroke?.slope,
  downstrokeLineSlope: ({ beat }) => beat.downstroke?.lineSlope,
  downstrokeTime: ({ beat }) => beat.downstroke?.time,
  rAmplitude: ({ beat }) => beat.rAmplitude,
  peakToPeak: ({ beat }) => beat.peakToPeak,
  rTime: ({ peak }, rate) => seconds(peak, rate),
  qrsOnset: ({ onset }, rate) => seconds(onset, rate),
  qrsOffset: ({ offset }, rate) => seconds(offset, rate),
  qrsDuration: ({ onset, offset }, rate) => seconds(difference(offset, onset), rate),
  rPeakTime: ({ peak, onset }, rate) => seconds(difference(peak, onset), rate),
} as const satisfies Record<string, (beat: PreciseBeat, samplingFrequency: number) => number | undefined>;

/** The name of a quantity for which uncertainties are computed. */
export type UncertainQuantity = keyof typeof uncertainQuantities;
export const quantityNames = Object.keys(uncertainQuantities) as UncertainQuantity[];

/** Quantities that are times from the start of the signal. */
export const placesInTime: ReadonlySet<UncertainQuantity> = new Set([
  'upstrokeTime',
  'downstrokeTime',
  'rTime',
  'qrsOnset',
  'qrsOffset',
]);

/** A beat with its places as they are stated, in whole samples. */
export const statedBeat = (beat: BeatSlopes): PreciseBeat => ({
  beat,
  peak: beat.peakSample,
  onset: beat.qrsOnset,
  offset: beat.qrsOffset,
});

export const difference = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a - b;

const seconds = (sample: number | undefined, samplingFrequency: number): number | undefined =>
  sample === undefined ? undefined : sample / samplingFrequency;
