/** `slopes`: measures the upstroke and downstroke slopes of every beat of a record. */
import { beatsOf, type RecordingBeats } from '../../analysis/lead-beats.ts';
import { type LeadSlopeSummary, type MeasuredRun, measureLeads } from '../../analysis/lead-slopes.ts';
import { chooseLead, leadsOfOneRate, otherRateNotes } from '../../analysis/leads.ts';
import { type OpenRecording, openRecording } from '../../analysis/open-recording.ts';
import { bandOf, filteredRecording, filterNotes } from '../../analysis/voltage-filter.ts';
import type { SlopeSummary, Spread } from '../../beat/slopes/slope-summary.ts';
import { slopeRows, slopesCsvPart } from '../../beat/slopes/slope-table.ts';
import type { BeatUncertainty } from '../../beat/uncertainty/slope-uncertainty.ts';
import { openBeatTable } from '../../node/beat-table.ts';
import { printableJson } from '../../printable.ts';
import { median } from '../../statistics.ts';
import { defineCommand } from '../command.ts';
import { flag, UsageError } from '../option.ts';
import {
  beatsFrom,
  filterOf,
  filterOptions,
  recordArgument,
  shared,
  slopeOptions,
  timeSpan,
} from '../options.ts';
import { print, printError, researchNotice } from '../output.ts';
import { createIndexSummary } from '../qrs-index-text.ts';
import { slopeSummaryCsv, summaryHeadOf } from '../summary-line.ts';
import { formatTable } from '../table.ts';
import { openOptions, recordingOptions, reportWarnings } from '../table-options.ts';

const { lead, leads, annotator, detect, scheme, windowMs, from, to, out, overwrite, json, summary } = shared;

export const command = defineCommand({
  name: 'slopes',
  takes: ['RECORD'],
  summary: 'Measures the upstroke and downstroke slopes of every beat on each lead.',
  arguments: [recordArgument],
  options: {
    leads: { ...leads, says: `${leads.says}; default all in volts, of one rate` },
    lead: { ...lead, says: 'one lead by name' },
    annotator,
    detect: { ...detect, says: 'beats from the detector, run on the measured leads jointly' },
    scheme,
    windowMs,
    ...filterOptions,
    from,
    to,
    goodOnly: flag('exclude beats whose signal is invalid, flat, clipped or noisy'),
    indices: flag('QRS indices too: IUS, IDS, ITS, vi/vt, notches, slope-energy width, R-wave peak time'),
    uncertainty: flag('standard error and bias of every measurement by the noise of the lead'),
    ...recordingOptions,
    out: { ...out, says: 'one row per beat and lead, as CSV, or as Parquet where PATH ends in .parquet' },
    overwrite,
    json,
    summary,
  },
  notes: [researchNotice],
  async run(values, [text = ''], files) {
    if (values.lead !== undefined && values.leads !== undefined) {
      throw new UsageError('--lead and --leads exclude each other');
    }
    if (values.json && values.summary) throw new UsageError('--json and --summary exclude each other');
    const beatSource = beatsFrom(values.annotator, values.detect);
    const window = timeSpan(values.from, values.to);
    if (values.out !== undefined) await files.check(values.out);

    const { source, name } = await files.recording(text);
    const all = await openRecording(source, name, { ...window, ...openOptions(values) });
    const asked = values.lead === undefined ? values.leads : [values.lead];
    const leads = (asked?.map(lead => chooseLead(all, lead)) ?? leadsOfOneRate(all)).map(lead => lead.name);
    const filter = filterOf(values);
    const recording = filteredRecording(all.withSignals(leads), filter);
    const beats = await beatsOf(recording, leads, beatSource);
    const { goodOnly } = values;
    const table =
      values.out === undefined
        ? undefined
        : await openBeatTable<MeasuredRun>(files, values.out, {
            rows: run => slopeRows(run, { goodOnly, firstBeat: run.firstBeat }),
            csv: (run, header) => slopesCsvPart([run], { goodOnly, firstBeat: run.firstBeat }, header),
          });
    const json = values.json ? jsonPrinter() : undefined;
    json?.begin(headOf(recording, beats, goodOnly));
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
      json?.lead(summaryOf(summary));
      measured.push(summary);
    }
    await table?.close();
    await files.commit();
    const others = asked === undefined ? otherRateNotes(all, leads) : [];
    for (const note of others) printError(`warning: ${note}`);
    const warnings = [...others, ...reportWarnings(recording)];
    const notes = filter === undefined ? [] : filterNotes(filter, recording.samplingFrequency);
    if (json !== undefined) json.end({ warnings, notes, notice: researchNotice });
    else if (values.summary) {
      for (const note of [...notes, ...measured.flatMap(of => of.notes)]) printError(`note: ${note}`);
      print(slopeSummaryCsv(summaryHeadOf(recording, beats), measured));
    } else {
      for (const note of notes) print(`note: ${note}`);
      printSlopes(recording, beats, measured, goodOnly, values.out);
      if (values.indices) print(`\n${indices.text()}`);
      if (values.uncertainty) print(`\n${errors.text()}`);
    }
    return 0;
  },
});

const headOf = (recording: OpenRecording, beats: RecordingBeats, goodOnly: boolean) => ({
  record: recording.name,
  samplingFrequency: recording.samplingFrequency,
  start: recording.start,
  length: recording.length,
  beatsFrom: beats.beatsFrom,
  goodOnly,
});

/** What the uncertainty of each lead's beats is in the middle. */
function createErrorSummary() {
  const byLead = new Map<string, BeatUncertainty[]>();
  return {
    add({ lead, uncertainty = [] }: MeasuredRun): void {
      const all = byLead.get(lead) ?? [];
      byLead.set(lead, all);
      for (const beat of uncertainty) all.push(beat);
    },
    text(): string {
      const shown = [
        ['upstrokeSlope', 1, 1],
        ['downstrokeSlope', 1, 1],
        ['rAmplitude', 1, 3],
        ['rTime', 1000, 2],
        ['qrsDuration', 1000, 1],
      ] as const;
      const rows = [...byLead].map(([lead, beats]) => [
        lead,
        ...shown.map(([quantity, scale, digits]) => {
          const told = beats.flatMap(beat => beat[quantity] ?? []);
          if (told.length === 0) return '–';
          const se = median(told.map(of => of.se)) * scale;
          const bias = median(told.map(of => of.bias)) * scale;
          return `± ${se.toFixed(digits)} (${bias >= 0 ? '+' : '−'}${Math.abs(bias).toFixed(digits)})`;
        }),
      ]);
      const heading = ['lead', 'upstroke mV/s', 'downstroke mV/s', 'R mV', 'R time ms', 'QRS ms'];
      return `standard error of a beat by the noise, median (and bias: subtract it)\n\n${formatTable([heading, ...rows])}`;
    },
  };
}

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

const summaryOf = ({ lead, provenance, summary, windows, notes }: LeadSlopeSummary) => ({
  lead,
  provenance: { ...provenance, assumed: notes.length > 0 },
  summary,
  windows,
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

const columns = [
  'lead',
  'type',
  'beats',
  'good',
  'upstroke',
  'downstroke',
  'up line',
  'down line',
  'per amplitude 1/s',
  'R peak time ms',
  'QRS ms',
];

function printSlopes(
  recording: OpenRecording,
  beats: RecordingBeats,
  measured: readonly LeadSlopeSummary[],
  goodOnly: boolean,
  out: string | undefined,
): void {
  const { scheme, windowMs, windowSamples, upsampling, samplingFrequency } = measured[0]!.provenance;
  const interpolated = upsampling === 1 ? '' : `, interpolated ${upsampling}×`;
  print(`${recording.name}: ${beats.rPeaks.length} beats, ${beats.beatsFrom}`);
  print(
    `dV/dt ${scheme} at ${samplingFrequency} Hz; least-squares line over ${windowMs} ms (${windowSamples} points${interpolated})`,
  );
  if (goodOnly) print('beats with invalid, flat, clipped or noisy signal excluded');
  print('median [5–95 %]; slopes in mV/s\n');
  const rows = measured.flatMap(({ lead, summary, good }) =>
    summary.map(of => rowOf(lead, of, good.get(of.symbol) ?? 0)),
  );
  print(formatTable([columns, ...rows], 2));
  for (const note of measured.flatMap(({ notes }) => notes)) print(`note: ${note}`);
  if (out !== undefined) print(`\nwrote ${out}`);
  print(`\n${researchNotice}`);
}

function rowOf(lead: string, summary: SlopeSummary, good: number): string[] {
  return [
    lead,
    summary.symbol === '' ? '-' : summary.symbol,
    String(summary.beats),
    String(good),
    spreadText(summary.upstroke),
    spreadText(summary.downstroke),
    spreadText(summary.upstrokeLine),
    spreadText(summary.downstrokeLine),
    spreadText(summary.slopePerAmplitude),
    spreadText(summary.rPeakTime, 1000),
    spreadText(summary.qrsDuration, 1000),
  ];
}

function spreadText(spread: Spread | undefined, scale = 1): string {
  if (spread === undefined) return '–';
  const text = (value: number): string => (value * scale).toFixed(0);
  return `${text(spread.median)} [${text(spread.p5)} ${text(spread.p95)}]`;
}
