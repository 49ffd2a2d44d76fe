/** `report`: writes the HTML report of one lead of a record. */

import { artefactSymbol, beatCount } from '../../analysis/artefact-marks.ts';
import { defaultLead } from '../../analysis/default-lead.ts';
import { filterNotes } from '../../analysis/filter-slope-loss.ts';
import { beatsOf, type RecordingBeats } from '../../analysis/lead-beats.ts';
import { conditionNotes, readLeadCondition, withArtefacts } from '../../analysis/lead-condition.ts';
import { calibrationNotes, leadsOfOneRate, readLead } from '../../analysis/leads.ts';
import { type OpenRecording, openRecording } from '../../analysis/open-recording.ts';
import { indexTableOf } from '../../analysis/qrs-index-summary.ts';
import { longRecordReport, mostPageSamples } from '../../analysis/report/long-report.ts';
import { qualitySpans } from '../../analysis/report/quality-spans.ts';
import { readSignalSpans } from '../../analysis/report/read-signal-spans.ts';
import { type RecordReportParts, recordReport } from '../../analysis/report/record-report.ts';
import { type ReportData, thinnedText } from '../../analysis/report/report-data.ts';
import { renderPage } from '../../analysis/report/report-page.ts';
import type { SignalSpan } from '../../analysis/report/signal-spans.ts';
import { bandOf, filteredRecording } from '../../analysis/voltage-filter.ts';
import { signalSpansWithoutQrs } from '../../analysis/without-qrs.ts';
import { measureSlopes, type SlopeOptions } from '../../beat/slopes/measure-slopes.ts';
import { type BeatUncertainty, measureUncertainty } from '../../beat/uncertainty/slope-uncertainty.ts';
import { parseModelFile } from '../../node/model-file.ts';
import { readReportBundle } from '../../node/report-bundle.ts';
import { median } from '../../statistics.ts';
import { defineCommand } from '../command.ts';
import { required, UsageError } from '../option.ts';
import {
  beatsFrom,
  filterOf,
  filterOptions,
  recordArgument,
  shared,
  slopeOptions,
  timeSpan,
} from '../options.ts';
import { countedBeats, print, printJson, researchNotice } from '../output.ts';
import { openOptions, recordingOptions, reportWarnings } from '../table-options.ts';

const { lead, annotator, detect, scheme, windowMs, from, to, overwrite, json } = shared;

export const command = defineCommand({
  name: 'report',
  takes: ['RECORD'],
  summary: 'Writes a self-contained HTML report of one lead: voltage, dV/dt, slopes and an explained beat.',
  arguments: [recordArgument],
  options: {
    lead,
    annotator,
    detect,
    scheme,
    windowMs,
    ...filterOptions,
    from,
    to,
    model: { ...shared.model, says: 'classify the beats with this model and explain one' },
    beat: {
      ...shared.beat,
      says: 'number of the beat to explain, from 0; default: the one whose probability is nearest to 0.8',
    },
    out: required(shared.out.page),
    ...recordingOptions,
    overwrite,
    json,
  },
  notes: [researchNotice],
  async run(values, [text = ''], files) {
    if (values.beat !== undefined && values.model === undefined) throw new UsageError('--beat needs --model');
    const span = timeSpan(values.from, values.to);
    await files.check(values.out);
    const { source, name: record } = await files.recording(text);
    const all = await openRecording(source, record, { ...openOptions(values), ...span });
    const { lead: chosen, notes: ofChoice } = await defaultLead(all, values.lead);
    const lead = chosen.name;
    const filter = filterOf(values);
    const recording = filteredRecording(all.withSignals([lead]), filter);
    const warnings = reportWarnings(recording);
    const marks = await beatsOf(recording, [lead], beatsFrom(values.annotator, values.detect));
    const { samplingFrequency, start } = recording;
    const length = await lengthOf(recording, lead);
    const spans = await readSignalSpans(source, record.replace(/\.hea$/i, ''), values.annotator ?? 'atr', {
      from: start / samplingFrequency,
      to: (start + length) / samplingFrequency,
    });
    const model =
      values.model === undefined
        ? undefined
        : parseModelFile(values.model, await files.readText(values.model));
    const condition = await readLeadCondition(recording, lead, marks.rPeaks);
    const found = withArtefacts(marks, [condition]);
    const withoutQrs = condition.spansWithoutQrs;
    const notes = calibrationNotes(recording.signals.filter(({ name }) => name === lead));
    const assumed = notes.length > 0;
    const slopes = { ...slopeOptions(values), ...(filter && { band: bandOf(filter) }) };
    notes.push(...conditionNotes(condition, { samplingFrequency, start, rPeaks: found.rPeaks }));
    notes.push(...ofChoice);
    if (filter !== undefined) notes.push(...(await filterNotes(all, [lead], found.rPeaks, filter)));
    const indexLeads = length > mostPageSamples ? [lead] : leadsOfOneRate(all).map(({ name }) => name);
    const leads = indexLeads.includes(lead) ? indexLeads : [lead];
    let poor: readonly SignalSpan[] = [];
    const indices = await indexTableOf(filteredRecording(all.withSignals(leads), filter), leads, marks, {
      ...slopes,
      onLead(measured) {
        if (measured.lead === lead) poor = qualitySpans(measured, samplingFrequency, start);
      },
    });
    const parts = {
      spans: [...spans, ...signalSpansWithoutQrs(withoutQrs, samplingFrequency, start), ...poor].sort(
        (a, b) => a.startSeconds - b.startSeconds,
      ),
      ...(model && { model }),
      ...(values.beat === undefined ? {} : { beat: values.beat }),
    };
    const report =
      length > mostPageSamples
        ? await longRecordReport(recording, lead, found, { ...slopes, ...parts })
        : await wholeReport(recording, lead, found, slopes, parts);
    const thinned = report.lead?.thinned;
    if (thinned !== undefined) notes.push(thinnedText(thinned, samplingFrequency));
    await files.write(values.out, renderPage({ ...report, indices }, await readReportBundle()));
    await files.commit();
    if (values.json) {
      printJson({
        out: values.out,
        record,
        lead,
        beats: beatCount(found),
        assumed,
        notes,
        warnings,
      });
      return 0;
    }
    print(`${record}, lead ${lead}: ${countedBeats(found)}, ${found.beatsFrom}`);
    for (const note of notes) print(`note: ${note}`);
    print(`wrote ${values.out}\n${researchNotice}`);
    return 0;
  },
});

/** Number of frames of the recording, counted by reading it where the file does not state it. */
async function lengthOf(recording: OpenRecording, lead: string): Promise<number> {
  if (recording.length !== undefined) return recording.length;
  let length = 0;
  for await (const piece of recording.pieces([lead])) length += piece.length;
  return length;
}

async function wholeReport(
  recording: OpenRecording,
  lead: string,
  found: RecordingBeats,
  slopes: SlopeOptions,
  parts: RecordReportParts,
): Promise<ReportData> {
  const { name: record, start } = recording;
  const beats = { record, lead, start, ...(await readLead(recording, lead)), ...found };
  const { voltage, samplingFrequency, rPeaks } = beats;
  const measurement = measureSlopes(voltage, samplingFrequency, rPeaks, slopes);
  const isBeat = (k: number): boolean => beats.symbols[k] !== artefactSymbol;
  const uncertainty = measureUncertainty(voltage, samplingFrequency, measurement, { isUsual: isBeat });
  const notes = [
    ...beats.notes,
    ...(uncertainty ? [uncertaintyText(uncertainty.beats.filter((_, k) => isBeat(k)))] : []),
  ];
  return recordReport(
    { ...beats, notes },
    {
      ...parts,
      measurement,
      ...(uncertainty && { uncertainty: uncertainty.beats }),
    },
  );
}

const uncertainShown = [
  ['upstrokeSlope', 'upstroke', 'mV/s', 1, 1],
  ['downstrokeSlope', 'downstroke', 'mV/s', 1, 1],
  ['rAmplitude', 'R amplitude', 'mV', 1, 3],
  ['rTime', 'R time', 'ms', 1000, 2],
  ['qrsDuration', 'QRS duration', 'ms', 1000, 1],
  ['rrBefore', 'RR', 'ms', 1000, 2],
] as const;

/** The median standard error and bias of a beat's measurements due to the noise of the lead. */
function uncertaintyText(beats: readonly BeatUncertainty[]): string {
  const texts = uncertainShown.flatMap(([quantity, name, unit, scale, digits]) => {
    const told = beats.flatMap(beat => beat[quantity] ?? []);
    if (told.length === 0) return [];
    const se = (scale * median(told.map(of => of.se))).toFixed(digits);
    const bias = (scale * median(told.map(of => of.bias))).toFixed(digits).replace('-', '−');
    return [`${name} ± ${se} ${unit} (bias ${bias})`];
  });
  return `median standard error of a beat due to noise: ${texts.join(', ')}`;
}
