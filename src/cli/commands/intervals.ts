/** `intervals`: intervals, amplitudes, ST segment and axis of a record. */

import { basename } from 'node:path';
import { artefactSymbol } from '../../analysis/artefact-marks.ts';
import { intervalCaveats } from '../../analysis/interval-caveats.ts';
import { beatsOf, type RecordingBeats } from '../../analysis/lead-beats.ts';
import {
  type LeadCondition,
  notesOfLeads,
  readLeadConditions,
  withArtefacts,
} from '../../analysis/lead-condition.ts';
import {
  calibrationNotes,
  chooseLead,
  leadsOfOneRate,
  otherRateNotes,
  passedOverNotes,
} from '../../analysis/leads.ts';
import { type OpenRecording, openRecording } from '../../analysis/open-recording.ts';
import { measureRecordIntervals, type RecordIntervals } from '../../analysis/record-intervals.ts';
import { bandOf, describeFilter, filteredRecording } from '../../analysis/voltage-filter.ts';
import type { BeatWaves, MeasuredWaves } from '../../beat/intervals/measure-intervals.ts';
import { qtFormulas } from '../../beat/intervals/qt-correction.ts';
import {
  atrialMarks,
  type WaveTableOptions,
  waveMarks,
  waveRows,
  wavesCsvPart,
} from '../../beat/intervals/wave-table.ts';
import type { BeatWaveUncertainty } from '../../beat/uncertainty/interval-uncertainty.ts';
import { type BeatTableFormat, openBeatTable } from '../../node/beat-table.ts';
import { type Annotation, writeAnnotations } from '../../wfdb/annotations/annotation-file.ts';
import { checkAnnotator } from '../annotator.ts';
import { defineCommand } from '../command.ts';
import { correctionText, printIntervals } from '../interval-text.ts';
import { intervalUncertaintyText } from '../interval-uncertainty-text.ts';
import { intervalUnits } from '../json-units.ts';
import { defaultsTo, flag, text, UsageError } from '../option.ts';
import { beatsFrom, filterOf, filterOptions, recordArgument, shared, timeSpan } from '../options.ts';
import { countedBeats, print, printEnd, printError, printJson, researchNotice } from '../output.ts';
import { intervalSummaryCsv, summaryHeadOf } from '../summary-line.ts';
import { openOptions, recordingOptions, reportWarnings } from '../table-options.ts';

const { leads, annotator, detect, from, to, out, overwrite, json, summary } = shared;

export const command = defineCommand({
  name: 'intervals',
  formerOptions: [{ former: 'marks', present: 'annotator-out' }],
  takes: ['RECORD'],
  summary:
    'Measures P, PR, QRS, QT and QTc, the ST segment, amplitudes and axis of every beat and of the median beat.',
  arguments: [recordArgument],
  options: {
    leads: { ...leads, says: `${leads.says}; default: all leads in volts` },
    annotator,
    detect: { ...detect, says: 'beats from the detector, run on the measured leads jointly' },
    qtLead: text('NAME', 'lead for QT variability; default: II if present, otherwise the first lead'),
    uncertainty: flag('also estimate the standard error and bias of every measurement due to noise'),
    ...filterOptions,
    from,
    to,
    ...recordingOptions,
    out: {
      ...out.table,
      says: `${out.table.says}; the waves of every beat, over all leads and in each lead, and P waves without a QRS complex (symbol x)`,
    },
    annotatorOut: {
      ...shared.annotatorOut,
      says: `${shared.annotatorOut.says}, of the waves over all leads`,
    },
    dir: defaultsTo({ ...shared.dir, says: 'folder for the annotation file' }, '.', 'the current folder'),
    overwrite,
    json,
    summary,
  },
  notes: [correctionText, researchNotice],
  async run(values, [text = ''], files) {
    if (values.json && values.summary) throw new UsageError('--json and --summary exclude each other');
    const beatSource = beatsFrom(values.annotator, values.detect);
    const file = basename(text).replace(/\.hea$/i, '');
    const marks = values.annotatorOut && `${values.dir}/${file}.${values.annotatorOut}`;
    if (values.annotatorOut !== undefined) checkAnnotator(values.annotatorOut, values.overwrite);
    for (const path of [values.out, marks]) if (path !== undefined) await files.check(path);
    const { source, name } = await files.recording(text);
    const window = timeSpan(values.from, values.to);
    const all = await openRecording(source, name, { ...window, ...openOptions(values) });
    const { names, others } = measuredLeads(all, values.leads);
    const filter = filterOf(values);
    const recording = filteredRecording(all.withSignals(names), filter);
    const warnings = [...others, ...reportWarnings(recording)];
    const filtered = filter ? [`filtered: ${describeFilter(bandOf(filter))}`] : [];
    const assumed = assumedLeads(recording, names);
    const detected = await beatsOf(recording, names, beatSource);
    const conditions = await readLeadConditions(recording, names, detected.rPeaks);
    const beats = withArtefacts(detected, conditions);
    const table = values.out === undefined ? undefined : await openBeatTable(files, values.out, waveTable);
    const over: Omit<BeatWaves, 'leads'>[] = [];
    const uncertain: (BeatWaveUncertainty | undefined)[] = [];
    const measured = await measureRecordIntervals(recording, names, beats, {
      qtLead: values.qtLead,
      uncertainty: values.uncertainty,
      async onWaves(part, firstBeat, uncertainty) {
        const symbols = beats.symbols.slice(firstBeat, firstBeat + part.beats.length);
        const { samplingFrequency, start } = recording;
        const options = {
          record: recording.name,
          leads: names,
          assumed,
          symbols,
          start,
          samplingFrequency,
          firstBeat,
          ...(values.uncertainty && { uncertainty: uncertainty ?? [] }),
        };
        await table?.write({ waves: part, options });
        for (const [k, { leads: _, ...beat }] of part.beats.entries()) {
          over.push(beat);
          if (values.uncertainty) uncertain.push(uncertainty?.[k]);
        }
      },
    });
    const own = over.filter((_, k) => beats.symbols[k] !== artefactSymbol);
    const notes = signalNotes(recording, beats, measured, conditions);
    const found = { ...measured, notes: [...measured.notes, ...notes, ...filtered] };
    await table?.close();
    if (values.annotatorOut !== undefined) {
      await writeAnnotations(
        files.sink(values.dir),
        file,
        values.annotatorOut,
        annotationsOf(own, found.atrialEvents, recording),
      );
    }
    await files.commit();
    for (const note of others) printError(`warning: ${note}`);
    if (values.json)
      printJson({ ...jsonOf(recording, beats, names, { over, uncertain }, found), warnings }, 2);
    else if (values.summary) {
      for (const note of found.notes) printError(`note: ${note}`);
      print(intervalSummaryCsv(summaryHeadOf(recording, beats, found.hasQrsComplexes), found));
    } else {
      // Without QRS complexes the first line says so, and there is nothing else to print.
      if (!found.hasQrsComplexes) for (const note of found.notes) print(`${recording.name}: ${note}`);
      print(`${recording.name}: ${countedBeats(beats)}, ${beats.beatsFrom}; leads ${names.join(', ')}`);
      if (found.hasQrsComplexes) {
        printIntervals(names, assumed, own, found);
        if (values.uncertainty)
          print(`\n${intervalUncertaintyText(names, uncertain, found.medianUncertainty)}`);
      }
      printEnd([values.out, marks]);
    }
    return 0;
  },
});

/** Notes on intervals of the median beat that have no meaning, and on the signal. */
function signalNotes(
  { samplingFrequency, start }: OpenRecording,
  { rPeaks, symbols }: RecordingBeats,
  { median: waves, qtLead }: RecordIntervals,
  conditions: readonly LeadCondition[],
): string[] {
  const leads = conditions.map(({ lead }) => lead);
  const beats = conditions[leads.indexOf(qtLead)]!.beats.filter((_, k) => symbols[k] !== artefactSymbol);
  const caveats = waves ? intervalCaveats(beats, { waves, leads, qtLead }) : [];
  return [...caveats, ...notesOfLeads(conditions, { samplingFrequency, start, rPeaks })];
}

/** The names of the leads to measure, by default those of one rate, with notes on signals that are then left out. */
function measuredLeads(recording: OpenRecording, chosen: readonly string[] | undefined) {
  if (chosen !== undefined)
    return { names: chosen.map(lead => chooseLead(recording, lead).name), others: [] };
  const names = leadsOfOneRate(recording).map(lead => lead.name);
  return { names, others: [...passedOverNotes(recording, names), ...otherRateNotes(recording, names)] };
}

/** Some beats with what their rows need. */
interface WaveTablePart {
  readonly waves: MeasuredWaves;
  readonly options: WaveTableOptions;
}

const waveTable: BeatTableFormat<WaveTablePart> = {
  rows: ({ waves, options }) => waveRows(waves, options),
  csv: ({ waves, options }, header) => wavesCsvPart(waves, options, header),
};

/** In order of time: a P wave may begin before the T wave of the beat before ends. */
const annotationsOf = (
  beats: readonly Omit<BeatWaves, 'leads'>[],
  atrialEvents: RecordIntervals['atrialEvents'],
  { start, samplesPerFrame }: Pick<OpenRecording, 'start' | 'samplesPerFrame'>,
): Annotation[] =>
  [
    ...beats.flatMap(({ borders, rPeak }) => waveMarks(borders, rPeak, start)),
    ...atrialEvents.flatMap(wave => atrialMarks(wave, start)),
  ]
    .map(({ sample, ...mark }) => ({
      ...mark,
      sample: Math.round(sample / samplesPerFrame),
      subtype: 0,
      channel: 0,
      aux: '',
    }))
    .sort((a, b) => a.sample - b.sample);

/** For each lead, whether its unit or gain, and so its mV, are assumed. */
const assumedLeads = ({ signals }: OpenRecording, leads: readonly string[]): boolean[] =>
  leads.map(lead => calibrationNotes(signals.filter(({ name }) => name === lead)).length > 0);

/** The beats over all leads, and their uncertainties if requested. */
interface MeasuredBeats {
  readonly over: readonly Omit<BeatWaves, 'leads'>[];
  readonly uncertain: readonly (BeatWaveUncertainty | undefined)[];
}

const jsonOf = (
  recording: OpenRecording,
  beats: RecordingBeats,
  leads: readonly string[],
  { over, uncertain }: MeasuredBeats,
  {
    atrialEvents,
    hasQrsComplexes,
    median,
    medianUncertainty,
    symbol,
    qtVariability,
    qtLead,
    notes,
  }: RecordIntervals,
) => ({
  record: recording.name,
  samplingFrequency: recording.samplingFrequency,
  start: recording.start,
  beatsFrom: beats.beatsFrom,
  assumed: assumedLeads(recording, leads).includes(true),
  qtFormulas,
  hasQrsComplexes,
  units: intervalUnits,
  median: median && {
    ...median,
    symbol,
    ...(medianUncertainty && { uncertainty: medianUncertainty.over }),
    leads: median.leads.map((lead, k) => ({
      lead: leads[k],
      assumed: assumedLeads(recording, leads)[k],
      ...lead,
      ...(medianUncertainty && { uncertainty: medianUncertainty.leads[k] }),
    })),
  },
  qtVariability: qtVariability && { lead: qtLead, ...qtVariability },
  atrialEvents,
  beats: over.map((beat, k) => ({
    symbol: beats.symbols[k],
    ...beat,
    ...(uncertain[k] && { uncertainty: uncertain[k].over }),
  })),
  notes,
  notice: researchNotice,
});
