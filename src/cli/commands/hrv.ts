/** `hrv`: heart-rate variability of a record. */

import { beatCount } from '../../analysis/artefact-marks.ts';
import { defaultLead } from '../../analysis/default-lead.ts';
import { beatsOf, type RecordingBeats } from '../../analysis/lead-beats.ts';
import { signalNotes, withArtefacts } from '../../analysis/lead-condition.ts';
import { calibrationNotes } from '../../analysis/leads.ts';
import { openRecording } from '../../analysis/open-recording.ts';
import { measureRecordVariability, type RecordVariability } from '../../analysis/record-variability.ts';
import { bandOf, describeFilter, filteredRecording } from '../../analysis/voltage-filter.ts';
import { type NotedBeats, noQrsComplexes } from '../../analysis/without-qrs.ts';
import { nnLimits } from '../../beat/hrv/rr-intervals.ts';
import { InputError } from '../../input-error.ts';
import { openBeatTable } from '../../node/beat-table.ts';
import { isPngPath, printDpi, renderPng } from '../../node/png-picture.ts';
import { defineCommand } from '../command.ts';
import { variabilityFigure } from '../hrv-figure.ts';
import { variabilityRows } from '../hrv-table.ts';
import {
  excludedCounts,
  intervalNotes,
  isMuchCorrected,
  printVariability,
  printWindows,
} from '../hrv-text.ts';
import { variabilityUnits } from '../json-units.ts';
import { choice, flag, number, UsageError } from '../option.ts';
import { beatsFrom, filterOf, filterOptions, recordArgument, shared, timeSpan } from '../options.ts';
import { counted, countedBeats, print, printEnd, printError, printJson, researchNotice } from '../output.ts';
import { rowTable, summaryCsv } from '../row-table.ts';
import { openOptions, recordingOptions, reportWarnings } from '../table-options.ts';

const { lead, annotator, detect, from, to, stepSeconds, out, overwrite, json, summary } = shared;
const hearts = Object.keys(nnLimits) as (keyof typeof nnLimits)[];

export const command = defineCommand({
  name: 'hrv',
  formerOptions: [
    { former: 'out', present: 'plot', isMeant: value => /\.(svg|png)$/i.test(value) },
    { former: 'window', present: 'window-seconds' },
    { former: 'step', present: 'step-seconds' },
    { former: 'shortest', present: 'shortest-ms' },
    { former: 'longest', present: 'longest-ms' },
  ],
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
    shortestMs: number('MS', 'shortest normal interval', { above: 0 }),
    longestMs: number('MS', 'longest normal interval', { above: 0 }),
    tolerance: number('PERCENT', 'largest deviation of a normal interval from the median around it', {
      above: 0,
    }),
    correct: flag(
      'correct ectopic beats and artefacts (Lipponen & Tarvainen 2019) instead of leaving them out',
    ),
    windowSeconds: number('S', 'also measure in windows of this many seconds', { above: 0 }),
    stepSeconds,
    ...filterOptions,
    from,
    to,
    ...recordingOptions,
    out: {
      ...out.table,
      says: `${out.table.says}; one row per window, or one for the record without --window-seconds`,
    },
    plot: { ...out.figure, says: `${out.figure.says}; intervals, spectrum and Poincaré plot` },
    overwrite,
    json,
    summary,
  },
  notes: [
    'NN: interval between two normal beats; SDNN and RMSSD: their standard deviation and the root mean square of their successive differences; pNN50: share of differences above 50 ms; ULF, VLF, LF, HF: power up to 0.003, 0.04, 0.15 and 0.4 Hz, nu in normalised units; SD1, SD2: standard deviations across and along the diagonal of the Poincaré plot; DFA α1: short-term exponent of detrended fluctuation analysis. Definitions: Task Force 1996, Circulation 93:1043.',
    'Where no QRS complexes stand out from the signal, as in noise or ventricular fibrillation, detected beats have no intervals: no measure is given, and hasQrsComplexes is false in JSON, has_qrs_complexes in tables.',
    researchNotice,
  ],
  async run(values, [text = ''], files) {
    if (values.stepSeconds !== undefined && values.windowSeconds === undefined)
      throw new UsageError('--step-seconds needs --window-seconds');
    const limits = limitsOf(values);
    if (values.correct && limits !== undefined) {
      throw new UsageError(
        '--correct determines its own thresholds and excludes --heart, --shortest-ms, --longest-ms and --tolerance',
      );
    }
    if (values.json && values.summary) throw new UsageError('--json and --summary exclude each other');
    for (const path of [values.out, values.plot]) if (path !== undefined) await files.check(path);
    const beatSource = beatsFrom(values.annotator, values.detect);
    const { source, name } = await files.recording(text);
    const all = await openRecording(source, name, {
      ...timeSpan(values.from, values.to),
      ...openOptions(values),
    });
    const { lead: chosen, notes: ofChoice } = await defaultLead(all, values.lead);
    const leadName = chosen.name;
    const filter = filterOf(values);
    const recording = filteredRecording(all.withSignals([leadName]), filter);
    const warnings = reportWarnings(recording);
    const marks = await beatsOf(recording, [leadName], beatSource);
    const { samplingFrequency } = recording;
    const measured = await measureRecordVariability(recording, leadName, marks, {
      correct: values.correct,
      limits,
      windowSeconds: values.windowSeconds,
      stepSeconds: values.stepSeconds,
    });
    const { hasQrsComplexes, intervals, variability, windows } = measured;
    const beats = withArtefacts(marks, [measured.condition]);
    if (windows?.length === 0 && hasQrsComplexes) {
      throw new InputError(
        `${recording.name}: the beats span less than a window of ${values.windowSeconds} s`,
      );
    }
    const rows = variabilityRows(recording.name, beats, measured);
    if (values.out !== undefined) {
      const table = await openBeatTable(files, values.out, rowTable);
      await table.write(windows === undefined ? rows.record : rows.windows);
      await table.close();
    }
    if (values.plot !== undefined) {
      const svg = variabilityFigure(intervals, variability, recording.name);
      await files.write(values.plot, isPngPath(values.plot) ? await renderPng(svg, printDpi) : svg);
    }
    await files.commit();
    const found = { ...measured, isDetected: marks.symbols.every(symbol => symbol === '') };
    const notes = [
      ...ofChoice,
      ...notesOf(found, { samplingFrequency, start: recording.start, rPeaks: beats.rPeaks }),
      ...(filter ? [`filtered: ${describeFilter(bandOf(filter))}`] : []),
    ];
    if (values.json) {
      const calibration = calibrationNotes(recording.signals.filter(signal => signal.name === leadName));
      printJson({
        record: recording.name,
        samplingFrequency,
        beats: beatCount(beats),
        beatsFrom: beats.beatsFrom,
        assumed: calibration.length > 0,
        ...jsonOf(measured),
        notes: [...notes, ...calibration],
        warnings,
        notice: researchNotice,
      });
    } else if (values.summary) {
      for (const note of notes) printError(`note: ${note}`);
      print(summaryCsv(rows.record[0]!));
    } else {
      printMeasures(recording.name, beats, found, notes);
      printEnd([values.out, values.plot]);
    }
    return 0;
  },
});

/** The measures, and whether they are of detected beats. */
interface Found extends RecordVariability {
  readonly isDetected: boolean;
}

/** Notes on the measures; without QRS complexes they come first. */
const notesOf = (found: Found, of: NotedBeats): string[] => [
  ...(found.hasQrsComplexes
    ? []
    : [
        `${noQrsComplexes}; ${found.isDetected ? 'no measure is given' : 'the intervals are those of the annotations'}`,
      ]),
  ...intervalNotes(found),
  ...rateWithoutNn(found),
  ...signalNotes(found.condition, of),
];

/** The heart rate that is known although no interval is NN, as in bigeminy. */
function rateWithoutNn({ intervals, variability }: Found): string[] {
  const readable = intervals.filter(({ excluded }) => excluded !== 'unreadable');
  if (variability.nnCount > 0 || readable.length === 0) return [];
  const seconds = readable.reduce((sum, { duration }) => sum + duration, 0);
  const rate = ((60 * readable.length) / seconds).toFixed(1);
  return [
    `no interval is NN; the heart rate over all ${counted(readable.length, 'RR interval')} is ${rate} per minute`,
  ];
}

const jsonOf = ({ hasQrsComplexes, intervals, variability, windows, correction }: RecordVariability) => ({
  hasQrsComplexes,
  units: variabilityUnits,
  ...variability,
  excluded: excludedCounts(intervals),
  ...(correction && {
    artefacts: correction.artefacts,
    correctedShare: correction.correctedShare,
    muchCorrected: isMuchCorrected(correction),
  }),
  ...(windows && { windows }),
});

function printMeasures(
  record: string,
  beats: RecordingBeats,
  { hasQrsComplexes, isDetected, variability, windows = [] }: Found,
  notes: readonly string[],
): void {
  const [first, ...others] = notes;
  if (!hasQrsComplexes) print(`${record}: ${first}`);
  print(`${record}: ${countedBeats(beats)}, ${beats.beatsFrom}`);
  if (hasQrsComplexes || !isDetected) {
    print('');
    printVariability(variability);
  }
  for (const note of hasQrsComplexes ? notes : others) print(`note: ${note}`);
  if (windows.length > 0) printWindows(windows);
}

/** Undefined where none of the options is given. */
function limitsOf(values: {
  readonly heart: keyof typeof nnLimits | undefined;
  readonly shortestMs: number | undefined;
  readonly longestMs: number | undefined;
  readonly tolerance: number | undefined;
}) {
  const { heart, shortestMs, longestMs, tolerance } = values;
  if ([heart, shortestMs, longestMs, tolerance].every(value => value === undefined)) return undefined;
  const base = nnLimits[heart ?? 'adult'];
  const limits = {
    shortest: shortestMs === undefined ? base.shortest : shortestMs / 1000,
    longest: longestMs === undefined ? base.longest : longestMs / 1000,
    tolerance: tolerance === undefined ? base.tolerance : tolerance / 100,
  };
  if (limits.shortest >= limits.longest) {
    throw new UsageError(
      `a normal interval from ${1000 * limits.shortest} to ${1000 * limits.longest} ms: none is`,
    );
  }
  return limits;
}
