/**
 * Comparison with cardiologists' R marks. In a lead they mark the highest R wave of a complex, however small it is beside
 * S; in a QS complex, which has none, they mark a notch or a point shortly after the onset. The R peak that locates a beat is
 * the largest deflection instead.
 */
import type { DelineatedBeat } from '../delineate/delineate.ts';
import type { QrsWaves } from '../delineate/qrs-waves.ts';
import type { MarkedWave } from './marked-waves.ts';

/** Counts of R marks over any number of leads. */
export interface RMarkTally {
  /** R marks of the cardiologists. */
  marked: number;
  /** Those near whose mark the highest R wave is, of those in complexes that have one. */
  readonly rWaves: { near: number; of: number };
  /** Those near whose mark the place is where cardiologists would mark the complex (`markedPlace`). */
  nearPlace: number;
  /** Those near whose mark an R peak of the lead is, its largest deflection. */
  nearRPeak: number;
}

/** A point is near a mark within this time, and a complex is that of a mark within this, s. */
export const nearSeconds = 0.03;
const matchSeconds = 0.15;
/** Time after the onset of a mark in a QS complex without a notch, s; chosen on records 1–100 of the LUDB. */
const afterOnsetSeconds = 0.01;

/** A tally without any leads. */
export const emptyRMarks = (): RMarkTally => ({
  marked: 0,
  rWaves: { near: 0, of: 0 },
  nearPlace: 0,
  nearRPeak: 0,
});

/** One lead: its marked waves and its delineation, and the R peaks detected in it alone, sample indices. */
export interface RMarkedLead {
  readonly marked: readonly MarkedWave[];
  readonly beats: readonly DelineatedBeat[];
  readonly rPeaks: ArrayLike<number>;
}

/** Adds one lead to each of the tallies. */
export function tallyRMarks(
  tallies: readonly RMarkTally[],
  { marked, beats, rPeaks }: RMarkedLead,
  samplingFrequency: number,
): void {
  const peaks = Array.from(rPeaks);
  for (const { kind, peak } of marked) {
    if (kind !== 'QRS') continue;
    const isNear = (place: number | undefined): boolean =>
      place !== undefined && Math.abs(place - peak) <= nearSeconds * samplingFrequency;
    const distance = (beat: DelineatedBeat): number => Math.abs(beat.rPeak - peak);
    const nearest = beats.reduce<DelineatedBeat | undefined>(
      (best, beat) => (best === undefined || distance(beat) < distance(best) ? beat : best),
      undefined,
    );
    const beat =
      nearest !== undefined && distance(nearest) <= matchSeconds * samplingFrequency ? nearest : undefined;
    const r = beat?.qrsWaves && highestR(beat.qrsWaves)?.sample;
    for (const tally of tallies) {
      tally.marked++;
      if (r !== undefined) tally.rWaves.of++;
      if (isNear(r)) tally.rWaves.near++;
      if (isNear(beat && markedPlace(beat, samplingFrequency))) tally.nearPlace++;
      if (peaks.some(isNear)) tally.nearRPeak++;
    }
  }
}

const highestR = ({ r, rPrime }: QrsWaves): QrsWaves['r'] =>
  r !== undefined && rPrime !== undefined && rPrime.amplitude > r.amplitude ? rPrime : r;

/**
 * Where cardiologists would mark R: at the highest R wave, without one at the notch, without either shortly after the
 * onset; sample index, undefined for a complex without bounds.
 */
function markedPlace({ qrs, qrsWaves }: DelineatedBeat, samplingFrequency: number): number | undefined {
  if (qrsWaves === undefined || qrs.onset === undefined) return undefined;
  const wave = highestR(qrsWaves) ?? qrsWaves.notch;
  return wave?.sample ?? qrs.onset + afterOnsetSeconds * samplingFrequency;
}
