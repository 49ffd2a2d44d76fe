/**
 * Features that distinguish atrial fibrillation and flutter from other rhythms, for each beat from the beats around it:
 * the irregularity of the RR intervals, the consistency of the P waves, and the periodicity of the voltage between QRS
 * complexes at the rate of flutter waves. Beats unlike the record's typical one (ventricular ones, artefacts) are
 * masked first, because their intervals and preceding waves carry no information on the atria.
 *
 * After the irregularity of RR in Tateno & Glass 2001 (Med Biol Eng Comput 39:664). Deviations: medians, so that single
 * ectopic beats have no influence, and the least irregular of three lags, so that bigeminy and trigeminy have none.
 */
import { median } from '../../statistics.ts';
import { type BeatFeatures, beatFeatureNames } from '../features/beat-features.ts';
import type { BeatWindow } from '../features/beat-window.ts';
import { featureConstants } from '../features/feature-constants.ts';
import { intervalsBefore } from '../features/rr-features.ts';
import { type PlacedPart, wholeLead } from '../lead-part.ts';
import { beatsAround } from './beats-around.ts';
import { createLevels, flutterPeriodicity } from './flutter-periodicity.ts';
import { createPWaveDirections, pWaveConsistency } from './p-wave-consistency.ts';

/** Names of the features, in order. All are dimensionless. */
export const rhythmFeatureNames = [
  'rrChange',
  'rrChangeLeastLag',
  'rrRegularShare',
  'pWaveConsistency',
  'flutterPeriodicity',
] as const;

const { rhythm } = featureConstants;

/**
 * The rhythm features of every beat, `[beats · 5]`, row by row. `voltage` is in mV; `features` are those of
 * `beatFeatures` for the same beats. Where the mask leaves fewer than four beats around, all are used. Not finite where
 * a beat's surroundings are invalid.
 */
export function rhythmFeatures(
  voltage: Float64Array,
  rPeaks: ArrayLike<number>,
  features: BeatFeatures,
): Float64Array {
  const rhythm = createRhythmFeatures(features.window, rPeaks);
  rhythm.add(wholeLead(voltage), features.aligned);
  return rhythm.result(features);
}

/** Computes the rhythm features of a lead part by part; parts need margins of a second. */
export interface RhythmInParts {
  /** Adds a part; `aligned` are the aligned R peaks of the features, sample indices. */
  add(part: PlacedPart, aligned: Int32Array): void;
  result(features: Pick<BeatFeatures, 'x'>): Float64Array;
}

/**
 * Creates the computation of rhythm features part by part; `rPeaks` are the R peaks of the whole lead, ascending sample
 * indices.
 */
export function createRhythmFeatures(window: BeatWindow, rPeaks: ArrayLike<number>): RhythmInParts {
  const { samplingFrequency } = window;
  const directions = createPWaveDirections(window, rPeaks);
  const levels = createLevels(samplingFrequency);
  return {
    add(part, aligned) {
      directions.add(part, aligned);
      levels.add(part);
    },
    result({ x }) {
      const column = beatFeatureNames.findIndex(({ name }) => name === 'slopeCorrelation');
      const isTypical = Uint8Array.from(rPeaks, (_, beat) =>
        x.data[beat * beatFeatureNames.length + column]! >= rhythm.leastCorrelation ? 1 : 0,
      );
      const columns = [
        ...rrIrregularity(intervalsBefore(rPeaks, samplingFrequency), isTypical),
        pWaveConsistency(directions.result(), isTypical),
        flutterPeriodicity(levels.levels, samplingFrequency, rPeaks),
      ];
      const rows = new Float64Array(rPeaks.length * columns.length);
      columns.forEach((values, k) => {
        for (let beat = 0; beat < rPeaks.length; beat++) rows[beat * columns.length + k] = values[beat]!;
      });
      return rows;
    },
  };
}

/** The median change between intervals, the smallest over some lags, and the fraction of small changes. */
function rrIrregularity(rr: Float64Array, isTypical: Uint8Array): Float64Array[] {
  const { rrFloor, regularChange, lags } = rhythm;
  const changes = lags.map(lag =>
    rr.map((value, beat) => (beat < lag ? 0 : Math.abs(Math.log(value / rr[beat - lag]!)))),
  );
  // A change counts when all beats that bound its two intervals are unmasked.
  const counts = lags.map(lag =>
    Uint8Array.from(rr, (_, beat) => {
      const bounds = [beat, beat - 1, beat - lag, beat - lag - 1];
      return bounds.every(k => k >= 0 && isTypical[k] === 1) ? 1 : 0;
    }),
  );
  const columns = Array.from({ length: 3 }, () => new Float64Array(rr.length));
  for (let beat = 0; beat < rr.length; beat++) {
    const near = changes.map((change, k) => beatsAround(beat, counts[k]!).map(other => change[other]!));
    const successive = near[0]!;
    columns[0]![beat] = Math.log(median(successive) + rrFloor);
    columns[1]![beat] = Math.log(Math.min(...near.map(median)) + rrFloor);
    columns[2]![beat] = successive.filter(change => change < regularChange).length / successive.length;
  }
  return columns;
}
