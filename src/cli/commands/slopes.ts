/** `slopes`: measures the upstroke and downstroke slopes of every beat of a record. */
import { filterNotes } from '../../analysis/filter-slope-loss.ts';
import { beatsOf, type RecordingBeats } from '../../analysis/lead-beats.ts';
import { notesOfLeads, withArtefacts } from '../../analysis/lead-condition.ts';
import { type LeadSlopeSummary, type MeasuredRun, measureLeads } from '../../analysis/lead-slopes.ts';
import { chooseLead, leadsOfOneRate, otherRateNotes, passedOverNotes } from '../../analysis/leads.ts';
import { type OpenRecording, openRecording } from '../../analysis/open-recording.ts';
import { createIndexSummary } from '../../analysis/qrs-index-summary.ts';
import { bandOf, filteredRecording } from '../../analysis/voltage-filter.ts';
import { noQrsComplexes, readHasQrsComplexes } from '../../analysis/without-qrs.ts';
import { slopeRows, slopesCsvPart } from '../../beat/slopes/slope-table.ts';
import { openBeatTable } from '../../node/beat-table.ts';
import { printableJson } from '../../printable.ts';
import { defineCommand } from '../command.ts';
import { checkIndexOptions, indexCsv, indexResult, indexResultText } from '../index-options.ts';
import { slopeUnits } from '../json-units.ts';
import { fileEndingIn, flag, UsageError } from '../option.ts';
import {
  beatsFrom,
  filterOf,
  filterOptions,
  recordArgument,
  shared,
  slopeOptions,
  timeSpan,
} from '../options.ts';
import { print, printEnd, printError, researchNotice } from '../output.ts';
import { createErrorSummary, printSlopes } from '../slope-text.ts';
import { slopeSummaryCsv, summaryHeadOf } from '../summary-line.ts';
import { openOptions, recordingOptions, reportWarnings } from '../table-options.ts';
import { timeRange } from '../time-range.ts';

const { lead, leads, annotator, detect, scheme, windowMs, from, to, out, overwrite, json, summary } = shared;

export const command = defineCommand({
  name: 'slopes',
  takes: ['RECORD'],
  summary: 'Measures the upstroke and downstroke slopes of every beat on each lead.',
  arguments: [recordArgument],
  options: {
    leads: { ...leads, says: `${leads.says}; default: all leads in volts with the same sampling frequency` },
    lead: { ...lead, says: 'a single lead by name' },
    annotator,
    detect: { ...detect, says: 'beats from the detector, run on the measured leads jointly' },
    scheme,
    windowMs,
    ...filterOptions,
    from,
    to,
    goodOnly: flag('exclude beats whose signal is invalid, flat, clipped or noisy'),
    indices: flag(
      'also measure the QRS indices: IUS, IDS, ITS (slopes), vi/vt, notches, slope-energy width, R-wave peak time',
    ),
    indexTable: fileEndingIn(
      ['csv'],
      'with --indices: CSV file for the indices per lead, over the leads and relative to the record',
    ),
    control: timeRange('with --indices: control segment, for the relative factor of change'),
    event: timeRange('with --control: event to compare with it (default: the rest of the record)'),
    uncertainty: flag('also estimate the standard error and bias of every measurement due to noise'),
    ...recordingOptions,
    out: { ...out.table, says: `${out.table.says}; one row per beat and lead` },
    overwrite,
    json,
    summary,
  },
  notes: [
    '--indices: IUS, IDS and ITS are the indices of upward (Q to R), downward (R to S) and terminal (after S) slope (Pueyo 2008, Romero 2011), vi/vt the voltage change of the first over that of the last 40 ms (Vereckei 2007); R-wave peak time is from QRS onset to the R peak. --uncertainty: the 95 % interval of a measurement is value − bias ± 1.96 standard errors, for the same measurement without noise (docs/uncertainty.md).',
    'Where no QRS complexes stand out from the signal, as in noise or ventricular fibrillation, slopes are not summarised: hasQrsComplexes is false in JSON, has_qrs_complexes in --summary.',
    researchNotice,
  ],
  async run(values, [name = ''], files) {
    if (values.lead !== undefined && values.leads !== undefined) {
      throw new UsageError('--lead and --leads exclude each other');
    }
    if (values.json && values.summary) throw new UsageError('--json and --summary exclude each other');
    checkIndexOptions(values);
    const beatSource = beatsFrom(values.annotator, values.detect);
    const window = timeSpan(values.from, values.to);
    if (values.out !== undefined) await files.check(values.out);
    if (values.indexTable !== undefined) await files.check(values.indexTable);

    const { source, name: record } = await files.recording(name);
    const all = await openRecording(source, record, { ...window, ...openOptions(values) });
    const asked = values.lead === undefined ? values.leads : [values.lead];
    const leads = (asked?.map(lead => chooseLead(all, lead)) ?? leadsOfOneRate(all)).map(lead => lead.name);
    const filter = filterOf(values);
    const recording = filteredRecording(all.withSignals(leads), filter);
    const beats = await beatsOf(recording, leads, beatSource);
    const hasQrsComplexes = await readHasQrsComplexes(recording, leads, beats.rPeaks);
    const { goodOnly } = values;
    const table =
      values.out === undefined
        ? undefined
        : await openBeatTable<MeasuredRun>(files, values.out, {
            rows: run => slopeRows(run, { goodOnly, firstBeat: run.firstBeat }),
            csv: (run, header) => slopesCsvPart([run], { goodOnly, firstBeat: run.firstBeat }, header),
          });
    const json = values.json ? jsonPrinter() : undefined;
    json?.begin({ ...headOf(recording, beats, goodOnly), hasQrsComplexes, units: slopeUnits });
    const measured: LeadSlopeSummary[] = [];
    const errors = createErrorSummary();
    const indices = createIndexSummary();
    const options = {
      ...slopeOptions(values),
      ...(filter && { band: bandOf(filter) }),
      goodOnly,
      uncertainty: values.uncertainty,
      indices: values.indices,
      async onRun(run: MeasuredRun): Promise<void> {
        await table?.write(run);
        errors.add(run);
        indices.add(run);
        json?.beats(beatsOfRun(run, goodOnly));
      },
    };
    for await (const summary of measureLeads(recording, leads, beats, options)) {
      json?.lead(summaryOf(summary, hasQrsComplexes));
      measured.push(summary);
    }
    await table?.close();
    const found = indexResult(indices, values);
    if (values.indexTable !== undefined)
      await files.write(values.indexTable, indexCsv(recording.name, found));
    await files.commit();
    const others = asked === undefined ? [...passedOverNotes(all, leads), ...otherRateNotes(all, leads)] : [];
    for (const note of others) printError(`warning: ${note}`);
    const warnings = [...others, ...reportWarnings(recording)];
    const filtering = filter === undefined ? [] : await filterNotes(all, leads, beats.rPeaks, filter);
    const { samplingFrequency, start } = recording;
    const marked = markedBeats(beats, measured, hasQrsComplexes);
    const signal = notesOfLeads(measured, { samplingFrequency, start, rPeaks: beats.rPeaks });
    const notes = [
      ...(hasQrsComplexes ? [] : [`${noQrsComplexes}; no slope is summarised`]),
      ...signal,
      ...filtering,
    ];
    if (json !== undefined) json.end({ ...found, warnings, notes, notice: researchNotice });
    else if (values.summary) {
      for (const note of [...notes, ...measured.flatMap(of => of.notes)]) printError(`note: ${note}`);
      print(slopeSummaryCsv(summaryHeadOf(recording, marked, hasQrsComplexes), measured));
    } else {
      if (!hasQrsComplexes) print(`${recording.name}: ${notes[0]}`);
      for (const note of [...signal, ...filtering]) print(`note: ${note}`);
      printSlopes(recording, marked, measured, { goodOnly, hasQrsComplexes });
      if (values.indices && hasQrsComplexes) print(`\n${indexResultText(found)}`);
      if (values.uncertainty && hasQrsComplexes) print(`\n${errors.text()}`);
      printEnd([values.out, values.indexTable]);
    }
    return 0;
  },
});

/** The beats with the symbol `|` for what was detected where no lead has QRS complexes. */
const markedBeats = (
  beats: RecordingBeats,
  measured: readonly LeadSlopeSummary[],
  hasQrsComplexes: boolean,
): RecordingBeats =>
  withArtefacts(
    beats,
    measured.map(lead => ({ ...lead, hasQrsComplexes })),
  );

const headOf = (recording: OpenRecording, beats: RecordingBeats, goodOnly: boolean) => ({
  record: recording.name,
  samplingFrequency: recording.samplingFrequency,
  start: recording.start,
  length: recording.length,
  beatsFrom: beats.beatsFrom,
  goodOnly,
});

const beatsOfRun = (run: MeasuredRun, goodOnly: boolean): unknown[] =>
  run.measurement.beats.flatMap((beat, k) => {
    const quality = run.quality[k]!;
    const uncertainty = run.uncertainty?.[k];
    const indices = run.indices?.[k];
    const row = {
      symbol: run.symbols[k],
      ...beat,
      quality,
      ...(indices && { indices }),
      ...(uncertainty && { uncertainty }),
    };
    return goodOnly && !quality.good ? [] : [row];
  });

/** Without QRS complexes the slopes are those of noise, and are not summarised. */
const summaryOf = (
  { lead, provenance, summary, windows, spansWithoutQrs, notes }: LeadSlopeSummary,
  hasQrsComplexes: boolean,
) => ({
  lead,
  provenance: { ...provenance, assumed: notes.length > 0 },
  summary: hasQrsComplexes ? summary : [],
  windows,
  spansWithoutQrs,
  notes,
});

/**
 * Prints the result as JSON incrementally, because the beats of a day exceed the maximum string length. The summary of
 * a lead follows its beats.
 */
function jsonPrinter() {
  const member = (value: unknown): string => printableJson(value).slice(1, -1);
  let leads = 0;
  let beats = 0;
  const openLead = (): void => {
    if (beats === 0) print(`${leads++ === 0 ? '' : ','}{"beats":[`);
  };
  return {
    begin: (head: object) => print(`{${member(head)},"leads":[`),
    beats(list: readonly unknown[]) {
      for (const beat of list) {
        openLead();
        print(`${beats++ === 0 ? '' : ','}${printableJson(beat)}`);
      }
    },
    /** Prints the summary of a lead, after its beats. */
    lead(summary: object) {
      openLead();
      print(`],${member(summary)}}`);
      beats = 0;
    },
    end: (tail: object) => print(`],${member(tail)}}`),
  };
}
