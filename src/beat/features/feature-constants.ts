/**
 * All constants that the features depend on. They are stored with a model, which is applied only to features computed
 * with the same ones. A change needs a new `version` and newly trained models, which a test enforces.
 */
import type { Scheme } from '../../diff/scheme.ts';

/** Slopes are dV/dt by a least-squares line over 12 ms, which attenuates muscle noise. */
const scheme: Scheme = { kind: 'savitzky-golay', windowMs: 12, degree: 1 };

export const featureConstants = {
  version: 2,
  scheme,
  /** Extent of the window around the R peak, s: from before the P wave to the descent of the T wave. */
  beatWindow: { before: 0.36, after: 0.5 },
  /** Intervals relative to the R peak, s. */
  intervals: {
    qrs: [-0.11, 0.13],
    earlyQrs: [-0.11, -0.06],
    lateQrs: [0.025, 0.06],
    isoelectric: [-0.11, -0.07],
    pWave: [-0.24, -0.08],
    pPeak: [-0.2, -0.12],
    beforeP: [-0.28, -0.22],
    afterP: [-0.1, -0.07],
    stSegment: [0.09, 0.14],
    tWave: [0.15, 0.42],
  },
  /** Small numbers that are added where a flat line would give log 0 or 0/0. */
  floors: {
    peakToPeakMillivolts: 0.02,
    slopeMillivoltsPerSecond: 0.2,
    areaMillivolts: 0.005,
    residual: 0.03,
    slopeSquare: 1e-9,
    slopeEnergy: 1e-6,
    timeVariance: 1e-8,
    rrChange: 0.02,
  },
  /** Alignment of R peaks with the typical beat. */
  alignment: { reachMs: 30, beforeMs: 100, afterMs: 120, rounds: 2, leastGain: 1e-6 },
  rr: {
    /** Limits of the RR intervals, s, so that a missed or extra beat has a limited effect. */
    shortest: 0.2,
    longest: 3,
    /** Beats on each side for a local mean and for the irregularity. */
    localBeats: 5,
    irregularityBeats: 20,
    longQuantile: 0.9,
    /** The typical beat is the median over beats whose preceding interval is at least this quantile. */
    typicalQuantile: 0.75,
  },
  /** Constants of `rhythmFeatures`. */
  rhythm: {
    /** Number of beats on each side, and the fewest unmasked ones. */
    beats: 20,
    fewestBeats: 4,
    /** A beat whose dV/dt correlates less than this with the typical beat is masked. */
    leastCorrelation: 0.75,
    /** Added to a change of RR before taking its logarithm, s: the time resolution of an annotation. */
    rrFloor: 0.01,
    regularChange: 0.03,
    lags: [1, 2, 3],
    /** s */
    pWaveGrain: 1 / 90,
    flutterGrain: 1 / 60,
    flutterBlanked: [-0.07, 0.11],
    flutterPeriods: [0.17, 0.27],
    flutterSeconds: 10,
  },
} as const;
