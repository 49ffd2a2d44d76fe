/** `respiration`: respiratory rate of a record from its ECG. */
import { chosenLeads } from '../../analysis/default-lead.ts';
import { beatsOf } from '../../analysis/lead-beats.ts';
import { signalNotes } from '../../analysis/lead-condition.ts';
import { measureLeads } from '../../analysis/lead-slopes.ts';
import { openRecording } from '../../analysis/open-recording.ts';
import { bandOf, describeFilter, filteredRecording } from '../../analysis/voltage-filter.ts';
import { noQrsComplexes, readHasQrsComplexes } from '../../analysis/without-qrs.ts';
import type { RespiratoryQuantity } from '../../beat/respiration/beat-series.ts';
import {
  measureRespiration,
  type Respiration,
  type RespirationWindow,
} from '../../beat/respiration/measure-respiration.ts';
import type { BeatSlopes } from '../../beat/slopes/measure-slopes.ts';
import { openBeatTable } from '../../node/beat-table.ts';
import { defineCommand } from '../command.ts';
import { respirationUnits } from '../json-units.ts';
import { number, UsageError } from '../option.ts';
import {
  beatsFrom,
  filterOf,
  filterOptions,
  recordArgument,
  shared,
  slopeOptions,
  timeSpan,
} from '../options.ts';
import { counted, print, printEnd, printError, printJson, researchNotice } from '../output.ts';
import { type Row, rowTable, summaryCsv } from '../row-table.ts';
import { summaryHeadOf } from '../summary-line.ts';
import { formatTable } from '../table.ts';
import { openOptions, recordingOptions, reportWarnings } from '../table-options.ts';

const { leads, annotator, detect, scheme, windowMs, from, to, stepSeconds, out, overwrite, json, summary } =
  shared;

export const command = defineCommand({
  name: 'respiration',
  formerOptions: [
    { former: 'window', present: 'window-seconds' },
    { former: 'step', present: 'step-seconds' },
  ],
  takes: ['RECORD'],
  summary: 'Estimates the respiratory rate from QRS slopes, R-wave angle, R amplitude and RR intervals.',
  arguments: [recordArgument],
  options: {
    leads: { ...leads, says: `${leads.says}; default: MLII, II, or the first ECG lead` },
    annotator,
    detect: { ...detect, says: 'beats from the detector, run on the measured leads jointly' },
    scheme,
    windowMs,
    windowSeconds: number('S', 'duration of a window in seconds; default 60', { least: 20 }),
    stepSeconds,
    ...filterOptions,
    from,
    to,
    ...recordingOptions,
    out: { ...out.table, says: `${out.table.says}; one row per window` },
    overwrite,
    json,
    summary,
  },
  notes: [
    'A window has a rate if at least two of its series agree on one; the confidence is the fraction of the series that do. The record has a rate, the median of the windows, if at least half of them have one. Respiration faster than the heart rate divided by 2.2 cannot be measured. If the beats are so evenly spaced that faster respiration would look the same, the faster rate is shown too.',
    researchNotice,
  ],
  async run(values, [text = ''], files) {
    if (values.json && values.summary) throw new UsageError('--json and --summary exclude each other');
    if (values.out !== undefined) await files.check(values.out);
    const beatSource = beatsFrom(values.annotator, values.detect);
    const { source, name } = await files.recording(text);
    const all = await openRecording(source, name, {
      ...timeSpan(values.from, values.to),
      ...openOptions(values),
    });
    const { names, notes: ofChoice } = await chosenLeads(all, values.leads);
    const filter = filterOf(values);
    const recording = filteredRecording(all.withSignals(names), filter);
    const beats = await beatsOf(recording, names, beatSource);
    const hasQrsComplexes = await readHasQrsComplexes(recording, names, beats.rPeaks);
    const measured = names.map((): BeatSlopes[] => []);
    const notes: string[] = hasQrsComplexes ? [] : [`${noQrsComplexes}; there is no respiratory rate`];
    notes.push(...ofChoice);
    const options = {
      ...slopeOptions(values),
      ...(filter && { band: bandOf(filter) }),
      async onRun({ lead, measurement }: { lead: string; measurement: { beats: readonly BeatSlopes[] } }) {
        for (const beat of measurement.beats) measured[names.indexOf(lead)]!.push(beat);
      },
    };
    for await (const lead of measureLeads(recording, names, beats, options)) {
      const { samplingFrequency, start } = recording;
      notes.push(...lead.notes, ...signalNotes(lead, { samplingFrequency, start, rPeaks: beats.rPeaks }));
    }
    const usable = hasQrsComplexes ? measured : names.map(() => []);
    const respiration = measureRespiration(usable, recording.samplingFrequency, {
      ...(values.windowSeconds !== undefined && { windowSeconds: values.windowSeconds }),
      ...(values.stepSeconds !== undefined && { stepSeconds: values.stepSeconds }),
    });
    if (filter) notes.push(`filtered: ${describeFilter(bandOf(filter))}`);
    const warnings = reportWarnings(recording);
    if (values.out !== undefined) {
      const table = await openBeatTable(files, values.out, rowTable);
      await table.write(windowRows(recording.name, names, respiration));
      await table.close();
      await files.commit();
    }
    if (values.json) {
      printJson({
        record: recording.name,
        samplingFrequency: recording.samplingFrequency,
        start: recording.start,
        leads: names,
        beats: beats.rPeaks.length,
        beatsFrom: beats.beatsFrom,
        hasQrsComplexes,
        units: respirationUnits,
        ...respiration,
        notes,
        warnings,
        notice: researchNotice,
      });
    } else if (values.summary) {
      for (const note of notes) printError(`note: ${note}`);
      const head = summaryHeadOf(recording, beats, hasQrsComplexes);
      print(summaryCsv({ ...head, ...respirationSummary(names, respiration) }));
    } else {
      if (!hasQrsComplexes) print(`${recording.name}: ${notes.shift()}`);
      print(`${recording.name}: ${counted(beats.rPeaks.length, 'beat')}, ${beats.beatsFrom}`);
      if (hasQrsComplexes) printRespiration(respiration);
      for (const note of notes) print(`note: ${note}`);
      printEnd([values.out]);
    }
    return 0;
  },
});

const quantities: readonly (readonly [RespiratoryQuantity, string])[] = [
  ['upstroke', 'upstroke'],
  ['downstroke', 'downstroke'],
  ['angle', 'R angle'],
  ['amplitude', 'R amplitude'],
  ['rr', 'RR'],
];

const perMinute = (rate: number | undefined): string => (rate === undefined ? '–' : rate.toFixed(1));
const percent = (share: number): string => (100 * share).toFixed(0);

/** A row for each window, with the rate of each series and whether it agrees. */
const windowRows = (record: string, leads: readonly string[], { windows }: Respiration): Row[] =>
  windows.map(window => ({
    record,
    leads: leads.join(' '),
    start_s: window.startSeconds,
    end_s: window.endSeconds,
    rate_per_min: window.rate,
    alias_per_min: window.alias,
    confidence: window.confidence,
    highest_rate_per_min: window.highestRate,
    undefined_because: window.undefinedBecause,
    ...Object.fromEntries(
      quantities.flatMap(([quantity]) =>
        (quantity === 'rr' ? [undefined] : [...leads.keys()]).flatMap(lead => {
          const found = window.series.find(series => series.quantity === quantity && series.lead === lead);
          const column = lead === undefined ? quantity : `${leads[lead]}_${quantity}`;
          return [
            [`${column}_rate_per_min`, found?.rate],
            [`${column}_agrees`, found?.agrees],
          ];
        }),
      ),
    ),
  }));

const respirationSummary = (
  leads: readonly string[],
  { rate, windowsWithRate, confidence, windows }: Respiration,
): Row => ({
  leads: leads.join(' '),
  respiratory_rate_per_min: rate,
  windows: windows.length,
  windows_with_rate: windowsWithRate,
  confidence,
});

/** The rates of one quantity in all leads; in brackets those that do not agree. */
const ratesText = ({ series }: RespirationWindow, quantity: RespiratoryQuantity): string =>
  series
    .filter(of => of.quantity === quantity)
    .map(({ rate, agrees }) => (agrees ? perMinute(rate) : `(${perMinute(rate)})`))
    .join(' ') || '–';

function printRespiration({ rate, windowsWithRate, confidence, windows }: Respiration): void {
  const rated = `${windowsWithRate} of ${counted(windows.length, 'window')}`;
  print(
    rate === undefined
      ? `no respiratory rate: ${rated} ${windowsWithRate === 1 ? 'has' : 'have'} one, at least half must`
      : `respiratory rate ${perMinute(rate)} per minute, median of ${rated}; confidence ${percent(confidence)} %`,
  );
  const heading = ['from s', 'to s', 'rate 1/min', 'or', 'confidence %', 'highest 1/min'];
  const rows = windows.map(window => [
    window.startSeconds.toFixed(0),
    window.endSeconds.toFixed(0),
    perMinute(window.rate),
    window.alias === undefined ? '' : perMinute(window.alias),
    percent(window.confidence),
    perMinute(window.highestRate),
    ...quantities.map(([quantity]) => ratesText(window, quantity)),
    window.undefinedBecause ?? '',
  ]);
  print(`\n${formatTable([[...heading, ...quantities.map(([, words]) => words), ''], ...rows], 0)}`);
}
