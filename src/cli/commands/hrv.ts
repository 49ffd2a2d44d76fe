/** `hrv`: heart-rate variability of a record. */

import { beatsOf, type RecordingBeats } from '../../analysis/lead-beats.ts';
import { calibrationNotes, chooseLead } from '../../analysis/leads.ts';
import { type OpenRecording, openRecording } from '../../analysis/open-recording.ts';
import { readSpansWithoutQrs, withoutQrsNotes } from '../../analysis/without-qrs.ts';
import { type CorrectedIntervals, correctIntervals } from '../../beat/hrv/artefact-correction.ts';
import {
  type HeartRateVariability,
  heartRateVariability,
  slidingVariability,
  type WindowVariability,
} from '../../beat/hrv/heart-rate-variability.ts';
import { nnLimits, type RrInterval, rrIntervals } from '../../beat/hrv/rr-intervals.ts';
import { isPngPath, printDpi, renderPng, requirePicturePath } from '../../node/png-picture.ts';
import { defineCommand } from '../command.ts';
import { variabilityFigure } from '../hrv-figure.ts';
import { choice, flag, number, UsageError } from '../option.ts';
import { beatsFrom, recordArgument, shared, timeSpan } from '../options.ts';
import { print, printJson, researchNotice } from '../output.ts';
import { formatTable } from '../table.ts';
import { openOptions, recordingOptions, reportWarnings } from '../table-options.ts';

const { lead, annotator, detect, from, to, out, overwrite, json } = shared;
const hearts = Object.keys(nnLimits) as (keyof typeof nnLimits)[];

export const command = defineCommand({
  name: 'hrv',
  takes: ['RECORD'],
  summary:
    'Measures heart-rate variability: time-domain, frequency-domain and nonlinear, also in sliding windows.',
  arguments: [recordArgument],
  options: {
    lead,
    annotator,
    detect,
    heart: choice(
      hearts,
      'limits of a normal interval by type of patient; default: adult for detected beats, none for annotated ones',
    ),
    shortest: number('MS', 'shortest normal interval', { above: 0 }),
    longest: number('MS', 'longest normal interval', { above: 0 }),
    tolerance: number('PERCENT', 'largest deviation of a normal interval from the median around it', {
      above: 0,
    }),
    correct: flag(
      'correct ectopic beats and artefacts (Lipponen & Tarvainen 2019) instead of leaving them out',
    ),
    window: number('S', 'also measure in windows of this many seconds', { above: 0 }),
    step: number('S', 'seconds between the starts of successive windows; default: half a window', {
      above: 0,
    }),
    from,
    to,
    ...recordingOptions,
    out: { ...out, says: 'plot of intervals, spectrum and Poincaré plot: SVG, or PNG if PATH ends in .png' },
    overwrite,
    json,
  },
  notes: [researchNotice],
  async run(values, [text = ''], files) {
    if (values.step !== undefined && values.window === undefined)
      throw new UsageError('--step needs --window');
    const limits = limitsOf(values);
    if (values.correct && limits !== undefined) {
      throw new UsageError(
        '--correct determines its own thresholds and excludes --heart, --shortest, --longest and --tolerance',
      );
    }
    if (values.out !== undefined) {
      requirePicturePath(values.out);
      await files.check(values.out);
    }
    const beatSource = beatsFrom(values.annotator, values.detect);
    const { source, name } = await files.recording(text);
    const all = await openRecording(source, name, {
      ...timeSpan(values.from, values.to),
      ...openOptions(values),
    });
    const leadName = chooseLead(all, values.lead).name;
    const recording = all.withSignals([leadName]);
    const warnings = reportWarnings(recording);
    const beats = await beatsOf(recording, [leadName], beatSource);
    const labels = beats.symbols.some(symbol => symbol !== '') ? beats.symbols : undefined;
    const { samplingFrequency } = recording;
    // Marks in ventricular fibrillation are no QRS complexes, and the interval across it is not an RR interval.
    const withoutQrs = await readSpansWithoutQrs(recording, leadName, beats.rPeaks);
    const fibrillation = withoutQrs.filter(({ kind }) => kind === 'fibrillation');
    const correction = values.correct
      ? correctIntervals(beats.rPeaks, samplingFrequency, fibrillation, labels)
      : undefined;
    const intervals =
      correction?.intervals ?? rrIntervals(beats.rPeaks, samplingFrequency, labels, fibrillation, limits);
    const variability = heartRateVariability(intervals);
    const windows =
      values.window === undefined
        ? undefined
        : slidingVariability(intervals, values.window, values.step ?? values.window / 2);
    if (values.out !== undefined) {
      const svg = variabilityFigure(intervals, variability, recording.name);
      await files.write(values.out, isPngPath(values.out) ? await renderPng(svg, printDpi) : svg);
      await files.commit();
    }
    const calibration = calibrationNotes(recording.signals.filter(signal => signal.name === leadName));
    const notes = [
      ...notesOf(intervals, correction),
      ...withoutQrsNotes(withoutQrs, samplingFrequency, beats.rPeaks),
    ];
    if (values.json) {
      printJson({
        record: recording.name,
        samplingFrequency,
        beats: beats.rPeaks.length,
        beatsFrom: beats.beatsFrom,
        assumed: calibration.length > 0,
        ...variability,
        excluded: excludedCounts(intervals),
        ...(correction && { artefacts: correction.artefacts, correctedShare: correction.correctedShare }),
        ...(windows && { windows }),
        notes: [...notes, ...calibration],
        warnings,
        notice: researchNotice,
      });
      return 0;
    }
    printVariability(recording, beats, variability, notes);
    if (windows !== undefined) printWindows(windows);
    if (values.out !== undefined) print(`\nwrote ${values.out}`);
    print(`\n${researchNotice}`);
    return 0;
  },
});

/** Undefined where none of the options is given. */
function limitsOf(values: {
  readonly heart: keyof typeof nnLimits | undefined;
  readonly shortest: number | undefined;
  readonly longest: number | undefined;
  readonly tolerance: number | undefined;
}) {
  const { heart, shortest, longest, tolerance } = values;
  if ([heart, shortest, longest, tolerance].every(value => value === undefined)) return undefined;
  const base = nnLimits[heart ?? 'adult'];
  const limits = {
    shortest: shortest === undefined ? base.shortest : shortest / 1000,
    longest: longest === undefined ? base.longest : longest / 1000,
    tolerance: tolerance === undefined ? base.tolerance : tolerance / 100,
  };
  if (limits.shortest >= limits.longest) {
    throw new UsageError(
      `a normal interval from ${1000 * limits.shortest} to ${1000 * limits.longest} ms: none is`,
    );
  }
  return limits;
}

const exclusionWords = {
  label: 'beside a beat that is not of the sinus node',
  short: 'shorter than the limit',
  long: 'longer than the limit',
  outlier: 'too far from the intervals around',
  unreadable: 'in signal that cannot be read',
} as const;

function excludedCounts(intervals: readonly RrInterval[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { excluded } of intervals) if (excluded) counts[excluded] = (counts[excluded] ?? 0) + 1;
  return counts;
}

/** What was left out or corrected, in words. */
function notesOf(intervals: readonly RrInterval[], correction: CorrectedIntervals | undefined): string[] {
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

function printVariability(
  recording: OpenRecording,
  beats: RecordingBeats,
  variability: HeartRateVariability,
  notes: readonly string[],
): void {
  print(`${recording.name}: ${beats.rPeaks.length} beats, ${beats.beatsFrom}\n`);
  print(formatTable(rows.map(([name, unit, digits, of]) => [name, shown(of(variability), digits), unit])));
  const { frequency } = variability;
  if (frequency !== undefined) {
    const { segments, segmentDuration } = frequency;
    print(`\nspectra: mean of ${segments} × ${segmentDuration.toFixed(0)} s`);
  } else print('\nno spectrum: no segment of a minute or more that NN intervals fill to 80 %');
  for (const note of notes) print(`note: ${note}`);
}

/** The rows that a short window can tell. */
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

function printWindows(windows: readonly WindowVariability[]): void {
  const told = rows.filter(([name, unit]) => windowRows.includes(name) && unit !== 'nu');
  const heading = ['from s', 'to s', ...told.map(([name, unit]) => (unit === '' ? name : `${name} ${unit}`))];
  const lines = windows.map(window => [
    window.startSeconds.toFixed(0),
    window.endSeconds.toFixed(0),
    ...told.map(([, , digits, of]) => shown(of(window), digits)),
  ]);
  print(`\n${formatTable([heading, ...lines], 0)}`);
}
