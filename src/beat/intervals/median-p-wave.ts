/**
 * Whether the P wave of a median beat is one of the heart. In atrial fibrillation and in complete heart block the mean of what
 * precedes the QRS complexes may resemble a P wave that hardly any of them has at that distance.
 */

/** A beat has the P wave of the median beat if its PR interval differs by at most this, s. */
const sameSeconds = 0.04;
/**
 * More than this share of the beats must have it. In atrial fibrillation and complete block at most 0.1 have (mitdb, records
 * 1–100 of the Lobachevsky database), in sinus rhythm with low P waves in coarse steps of voltage 0.16 (mitdb/115).
 */
const leastShare = 1 / 8;

/** Whether the PR interval of the median beat, s, is that of enough beats; `ofBeats` are theirs, undefined without P wave. */
export function hasBeatsWithP(ofMedian: number, ofBeats: readonly (number | undefined)[]): boolean {
  const same = ofBeats.filter(pr => pr !== undefined && Math.abs(pr - ofMedian) <= sameSeconds);
  return same.length > leastShare * ofBeats.length;
}
