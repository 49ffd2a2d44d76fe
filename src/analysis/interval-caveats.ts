/** Notes on intervals of the median beat that noise or the heart rate leaves without meaning. */
import type { BeatIntervals } from '../beat/intervals/beat-intervals.ts';
import type { MedianWaves } from '../beat/intervals/measure-intervals.ts';
import { median } from '../statistics.ts';
import type { LeadCondition } from './lead-condition.ts';

/** Smallest height of T above which its peak is found in 99.9 % of synthetic beats, in standard deviations of the noise. */
const leastTOverNoise = 5;
/** Largest difference of the formulas of QTc at which none is noted, s: twice the usual limits of QTc apart. */
const mostQtcSpread = 0.1;

/**
 * The notes. T is compared with the noise in `qtLead`, in which QT variability is measured and to which `beats`
 * belong; `leads` are the names of the leads of `waves`.
 */
export function intervalCaveats(
  beats: LeadCondition['beats'],
  {
    waves,
    leads,
    qtLead,
  }: { readonly waves: MedianWaves; readonly leads: readonly string[]; readonly qtLead: string },
): string[] {
  const noise = beats.flatMap(({ noiseToQrs }) => noiseToQrs ?? []);
  const { amplitudes } = waves.leads[leads.indexOf(qtLead)] ?? {};
  const notes = qtcCaveats(waves.intervals);
  if (amplitudes?.t === undefined || noise.length === 0) return notes;
  const { q = 0, r = 0, s = 0, t } = amplitudes;
  const deviation = median(noise) * (Math.max(q, r, s, 0) - Math.min(q, r, s, 0));
  return Math.abs(t) < leastTOverNoise * deviation ? [...notes, lowT(qtLead, Math.abs(t), deviation)] : notes;
}

const lowT = (lead: string, height: number, noise: number): string =>
  `T in ${lead} (${height.toFixed(2)} mV) is lower than ${leastTOverNoise} × the noise (${noise.toFixed(3)} mV): QT of single beats, its variability and the standard errors of T are those of the noise as much as of T`;

/** A note if the formulas of QTc contradict each other, as they do far from 60 beats per minute. */
export function qtcCaveats({ qtc, rr }: Pick<BeatIntervals, 'qtc' | 'rr'>): string[] {
  if (qtc === undefined || rr === undefined) return [];
  const values = Object.values(qtc);
  const spread = Math.max(...values) - Math.min(...values);
  if (spread <= mostQtcSpread) return [];
  return [
    `the formulas of QTc differ by ${(1000 * spread).toFixed(0)} ms at ${(60 / rr).toFixed(0)} beats per minute: QT cannot be corrected at this rate`,
  ];
}
