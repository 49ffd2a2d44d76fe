/**
 * The caliper: two vertical lines on the trace, and the measurements between them: ms, rate, mV, mV/s, and QT and QTc
 * between QRS onset and T offset.
 */
import type { Fiducial } from './fiducials.ts';

/** A line of the caliper: a sample position, and the fiducial it snapped to. */
export interface CaliperLine {
  readonly sample: number;
  readonly fiducial: Fiducial | undefined;
}

/** The line at a sample position, or at the nearest fiducial within `reach` samples. */
export function snapped(sample: number, fiducials: readonly Fiducial[], reach: number): CaliperLine {
  let nearest: Fiducial | undefined;
  let distance = reach;
  for (const fiducial of fiducials) {
    const away = Math.abs(fiducial.sample - sample);
    if (away <= distance) {
      nearest = fiducial;
      distance = away;
    }
  }
  return { sample: nearest?.sample ?? sample, fiducial: nearest };
}

/** What is known around a caliper. */
export interface CaliperContext {
  /** The RR interval before the beat, s. */
  readonly rr: number | undefined;
  /** Standard errors of the time (s) and of the voltage difference (mV) between the lines. */
  readonly seconds?: number;
  readonly millivolts?: number;
}

/** Standard errors of a caliper's measurements in their units; absent where they are not known. */
export interface CaliperErrors {
  readonly milliseconds?: number;
  readonly rate?: number;
  readonly millivolts?: number;
  readonly slope?: number;
}

export interface CaliperReading {
  readonly milliseconds: number;
  /** Heart rate if the interval were an RR interval, beats a minute. */
  readonly rate: number;
  /** Difference in voltage from the first line to the second, mV. */
  readonly millivolts: number;
  /** The mean slope between the lines, mV/s. */
  readonly slope: number;
  readonly errors: CaliperErrors;
  /** For a QRS onset and a T offset: QT and corrected QT, ms. */
  readonly qt?: { readonly qt: number; readonly bazett: number; readonly fridericia: number };
}

/** The measurements of a caliper; QTc from the RR interval: Bazett QT/√RR, Fridericia QT/∛RR. */
export function readCaliper(
  first: CaliperLine,
  second: CaliperLine,
  samplingFrequency: number,
  valueAt: (sample: number) => number,
  { rr, seconds: timeError, millivolts: voltageError }: CaliperContext,
): CaliperReading {
  const [left, right] = first.sample <= second.sample ? [first, second] : [second, first];
  const seconds = (right.sample - left.sample) / samplingFrequency;
  const millivolts = valueAt(right.sample) - valueAt(left.sample);
  const isQt = left.fiducial?.kind === 'qrsOnset' && right.fiducial?.kind === 'tOffset';
  return {
    milliseconds: 1000 * seconds,
    rate: 60 / seconds,
    millivolts,
    slope: millivolts / seconds,
    errors: {
      ...(timeError !== undefined && {
        milliseconds: 1000 * timeError,
        rate: (60 * timeError) / seconds ** 2,
      }),
      ...(voltageError !== undefined && {
        millivolts: voltageError,
        slope: voltageError / seconds,
      }),
    },
    ...(isQt && rr !== undefined && rr > 0
      ? {
          qt: {
            qt: 1000 * seconds,
            bazett: (1000 * seconds) / Math.sqrt(rr),
            fridericia: (1000 * seconds) / Math.cbrt(rr),
          },
        }
      : {}),
  };
}
