/** The intervals, amplitudes and boundaries for which uncertainties are computed. */
import type { StSegment, WaveAmplitudes } from '../intervals/amplitudes.ts';
import { type BeatIntervals, beatIntervals, type WaveBorders } from '../intervals/beat-intervals.ts';
import type { FrontalAxes } from '../intervals/frontal-axis.ts';

/** What was measured on a beat in one lead or over all; boundaries may lie between samples. */
export interface WavesOfBeat {
  readonly borders: WaveBorders;
  readonly intervals: Pick<BeatIntervals, 'rr'>;
  readonly amplitudes?: WaveAmplitudes | undefined;
  readonly st?: StSegment;
  readonly axes?: FrontalAxes | undefined;
}

type Reading = (of: WavesOfBeat, samplingFrequency: number) => number | undefined;

const place =
  (border: keyof WaveBorders): Reading =>
  ({ borders }, samplingFrequency) => {
    const sample = borders[border];
    return sample === undefined ? undefined : sample / samplingFrequency;
  };

const interval =
  (of: (intervals: BeatIntervals) => number | undefined): Reading =>
  ({ borders, intervals }, samplingFrequency) =>
    of(beatIntervals(borders, intervals.rr, samplingFrequency));

/**
 * The quantities and how each is read from a beat: times in s, amplitudes and ST levels in mV, ST slope in mV/s, axes in
 * degrees. Boundaries and peaks are times from the start of the signal.
 */
export const intervalQuantities = {
  pOnset: place('pOnset'),
  pPeak: place('pPeak'),
  pOffset: place('pOffset'),
  qrsOnset: place('qrsOnset'),
  qrsOffset: place('qrsOffset'),
  tOnset: place('tOnset'),
  tPeak: place('tPeak'),
  tOffset: place('tOffset'),
  p: interval(of => of.p),
  pr: interval(of => of.pr),
  qrs: interval(of => of.qrs),
  qt: interval(of => of.qt),
  jt: interval(of => of.jt),
  tPeakTEnd: interval(of => of.tPeakTEnd),
  rr: interval(of => of.rr),
  qtcBazett: interval(of => of.qtc?.bazett),
  qtcFridericia: interval(of => of.qtc?.fridericia),
  qtcFramingham: interval(of => of.qtc?.framingham),
  qtcHodges: interval(of => of.qtc?.hodges),
  pAmplitude: ({ amplitudes }) => amplitudes?.p,
  qAmplitude: ({ amplitudes }) => amplitudes?.q,
  rAmplitude: ({ amplitudes }) => amplitudes?.r,
  sAmplitude: ({ amplitudes }) => amplitudes?.s,
  rPrimeAmplitude: ({ amplitudes }) => amplitudes?.rPrime,
  tAmplitude: ({ amplitudes }) => amplitudes?.t,
  stJ: ({ st }) => st?.j,
  stJ40: ({ st }) => st?.j40,
  stJ60: ({ st }) => st?.j60,
  stJ80: ({ st }) => st?.j80,
  stSlope: ({ st }) => st?.slope,
  pAxis: ({ axes }) => axes?.p,
  qrsAxis: ({ axes }) => axes?.qrs,
  tAxis: ({ axes }) => axes?.t,
} as const satisfies Record<string, Reading>;

/** The name of a quantity for which uncertainties are computed. */
export type IntervalQuantity = keyof typeof intervalQuantities;
export const intervalQuantityNames = Object.keys(intervalQuantities) as IntervalQuantity[];

/** Whether a quantity is a time from the start of the signal. */
export const isPlaceInTime = (quantity: IntervalQuantity): boolean => /(Onset|Peak|Offset)$/.test(quantity);
