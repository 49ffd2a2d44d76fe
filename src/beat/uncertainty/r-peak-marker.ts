/**
 * Marks of R peaks in the noisy copies of a beat, made as those of the recording were: where they are at the largest
 * deflection of a lead, noise moves them, and with them the RR interval and every boundary that is searched from them.
 */

/** A mark is moved by at most this time, ms. */
const reachMs = 12;
/** The marks of a recording follow a lead when at least this fraction of them is at its extremes. */
const leastShare = 0.5;

/** Moves R peaks to where a recording's marks would be; one lead after another, and ascending sample indices. */
export type RPeakMarker = (leads: readonly Float64Array[], rPeaks: Int32Array) => Int32Array;

/**
 * Creates a marker from the recording's leads (mV; `samplingFrequency` in Hz) and R peaks: it moves an R peak to the
 * largest or smallest voltage within 12 ms of it in the lead whose extremes the R peaks are at most often, and leaves
 * them where that is so for fewer than half of them in every lead.
 */
export function rPeakMarker(
  leads: readonly Float64Array[],
  samplingFrequency: number,
  rPeaks: readonly number[],
): RPeakMarker {
  const reach = Math.max(1, Math.round((reachMs * samplingFrequency) / 1000));
  const followed = leads
    .flatMap((voltage, lead) =>
      [1, -1].map(sign => {
        const extremes = rPeaks.filter(rPeak => extreme(voltage, rPeak, reach, sign) === rPeak);
        return { lead, sign, share: extremes.length / rPeaks.length };
      }),
    )
    .reduce((a, b) => (b.share > a.share ? b : a));
  if (!(followed.share >= leastShare)) return (_, places) => places;
  return (copies, places) =>
    places.map(place => extreme(copies[followed.lead]!, place, reach, followed.sign));
}

/** The sample of the largest voltage times `sign` within `reach` samples of a place. */
function extreme(voltage: Float64Array, place: number, reach: number, sign: number): number {
  let best = place;
  const end = Math.min(voltage.length - 1, place + reach);
  for (let i = Math.max(0, place - reach); i <= end; i++)
    if (sign * voltage[i]! > sign * voltage[best]!) best = i;
  return best;
}
