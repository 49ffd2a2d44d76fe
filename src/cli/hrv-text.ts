/** Prints heart-rate variability: the measures of a record and of its windows, and notes on the intervals used. */
import type { RecordVariability } from '../analysis/record-variability.ts';
import type { CorrectedIntervals } from '../beat/hrv/artefact-correction.ts';
import type { HeartRateVariability, WindowVariability } from '../beat/hrv/heart-rate-variability.ts';
import type { RrInterval } from '../beat/hrv/rr-intervals.ts';
import { print } from './output.ts';
import { formatTable } from './table.ts';

const exclusionWords = {
  label: 'beside a beat that is not of the sinus node',
  short: 'shorter than the limit',
  long: 'longer than the limit',
  outlier: 'too far from the intervals around',
  unreadable: 'in signal that cannot be read',
} as const;

/** Number of intervals left out for each reason. */
export function excludedCounts(intervals: readonly RrInterval[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { excluded } of intervals) if (excluded) counts[excluded] = (counts[excluded] ?? 0) + 1;
  return counts;
}

/**
 * Largest share of corrected intervals that is not warned of. In healthy subjects 4 % of premature beats change DFA α₁
 * by a quarter (Peltola et al., Ann. Noninvasive Electrocardiol. 9:127–135, 2004), and interpolation changes spectra
 * (Salo et al., Ann. Noninvasive Electrocardiol. 6:5–17, 2001).
 */
const mostCorrected = 0.05;

/** Whether so many intervals are corrected that the correction dominates the measures. */
export const isMuchCorrected = (correction: CorrectedIntervals): boolean =>
  correction.correctedShare > mostCorrected;

/** Notes on the intervals that were left out or corrected. */
export function intervalNotes({
  intervals,
  correction,
}: Pick<RecordVariability, 'intervals' | 'correction'>): string[] {
  const notes = Object.entries(excludedCounts(intervals)).map(
    ([reason, count]) =>
      `${count} of ${intervals.length} intervals left out: ${exclusionWords[reason as keyof typeof exclusionWords]}`,
  );
  if (correction !== undefined) {
    const share = (100 * correction.correctedShare).toFixed(1);
    const kinds = (['ectopic', 'missed', 'extra', 'long-or-short'] as const).map(
      kind => `${correction.artefacts.filter(artefact => artefact.kind === kind).length} ${kind}`,
    );
    notes.push(`${share} % of the intervals corrected: ${kinds.join(', ')}`);
    if (isMuchCorrected(correction)) {
      notes.push(
        `more than ${100 * mostCorrected} % of the intervals are corrected: short-term measures, spectra and DFA α1 above all, are those of the correction (Salo 2001, Peltola 2004)`,
      );
    }
  }
  return notes;
}

/** Name, unit, and the value in that unit; the same rows for a record and for its windows. */
const rows: readonly (readonly [string, string, number, (of: HeartRateVariability) => number | undefined])[] =
  [
    ['NN intervals', '', 0, of => of.nnCount],
    ['mean NN', 'ms', 1, of => scaled(of.meanNn, 1e3)],
    ['mean heart rate', '1/min', 1, of => of.meanHeartRate],
    ['SDNN', 'ms', 1, of => scaled(of.sdnn, 1e3)],
    ['RMSSD', 'ms', 1, of => scaled(of.rmssd, 1e3)],
    ['NN50', '', 0, of => of.nn50],
    ['pNN50', '%', 2, of => scaled(of.pnn50, 100)],
    ['SDANN', 'ms', 1, of => scaled(of.sdann, 1e3)],
    ['SDNN index', 'ms', 1, of => scaled(of.sdnnIndex, 1e3)],
    ['triangular index', '', 1, of => of.triangularIndex],
    ['ULF', 'ms²', 0, of => scaled(of.ulf, 1e6)],
    ['VLF', 'ms²', 0, of => scaled(of.frequency?.vlf, 1e6)],
    ['LF', 'ms²', 0, of => scaled(of.frequency?.lf, 1e6)],
    ['HF', 'ms²', 0, of => scaled(of.frequency?.hf, 1e6)],
    ['LF/HF', '', 2, of => of.frequency?.lfOverHf],
    ['LF', 'nu', 1, of => scaled(of.frequency?.lfNu, 100)],
    ['HF', 'nu', 1, of => scaled(of.frequency?.hfNu, 100)],
    ['LF (Welch)', 'ms²', 0, of => scaled(of.welch?.lf, 1e6)],
    ['HF (Welch)', 'ms²', 0, of => scaled(of.welch?.hf, 1e6)],
    ['SD1', 'ms', 1, of => scaled(of.sd1, 1e3)],
    ['SD2', 'ms', 1, of => scaled(of.sd2, 1e3)],
    ['DFA α1', '', 2, of => of.dfaAlpha1],
    ['sample entropy', '', 2, of => of.sampleEntropy],
  ];

const scaled = (value: number | undefined, factor: number): number | undefined =>
  value === undefined ? undefined : value * factor;
const shown = (value: number | undefined, digits: number): string =>
  value === undefined ? '–' : value.toFixed(digits);

/** Prints the measures of a record, one per line. */
export function printVariability(variability: HeartRateVariability): void {
  print(formatTable(rows.map(([name, unit, digits, of]) => [name, shown(of(variability), digits), unit])));
  const { frequency } = variability;
  if (frequency !== undefined) {
    const { segments, segmentDuration } = frequency;
    print(`\nspectra: mean of ${segments} × ${segmentDuration.toFixed(0)} s`);
  } else print('\nno spectrum: no segment of a minute or more that NN intervals fill to 80 %');
}

/** Measures that a short window has. */
const windowRows = [
  'NN intervals',
  'mean heart rate',
  'SDNN',
  'RMSSD',
  'pNN50',
  'LF',
  'HF',
  'LF/HF',
  'SD1',
  'DFA α1',
];

/** Prints some measures of each window, one window per line. */
export function printWindows(windows: readonly WindowVariability[]): void {
  const told = rows.filter(([name, unit]) => windowRows.includes(name) && unit !== 'nu');
  const heading = ['from s', 'to s', ...told.map(([name, unit]) => (unit === '' ? name : `${name} ${unit}`))];
  const lines = windows.map(window => [
    window.startSeconds.toFixed(0),
    window.endSeconds.toFixed(0),
    ...told.map(([, , digits, of]) => shown(of(window), digits)),
  ]);
  print(`\n${formatTable([heading, ...lines], 0)}`);
}
