/** `slopes`: measures the upstroke and downstroke of every beat of a record. */
import { beatsOf, type RecordingBeats, voltageLeads } from '../../analysis/lead-beats.ts';
import { chosenBeats, type MeasuredLead, measureLeads } from '../../analysis/lead-slopes.ts';
import { type SlopeSummary, type Spread, summarizeSlopes } from '../../beat/slopes/slope-summary.ts';
import { slopesCsv } from '../../beat/slopes/slope-table.ts';
import { type Recording, readRecord } from '../../wfdb/record.ts';
import { defineCommand } from '../command.ts';
import { flag, UsageError } from '../option.ts';
import { beatsFrom, recordArgument, shared, slopeOptions, timeSpan } from '../options.ts';
import { print, printJson, researchNotice } from '../output.ts';
import { formatTable } from '../table.ts';

const { lead, leads, annotator, detect, scheme, windowMs, from, to, out, overwrite, json } = shared;

export const command = defineCommand({
  name: 'slopes',
  takes: ['RECORD'],
  summary: 'Upstroke and downstroke slope of every beat, per lead.',
  arguments: [recordArgument],
  options: {
    leads: { ...leads, says: `${leads.says}; default all in volts` },
    lead: { ...lead, says: 'one lead by name' },
    annotator,
    detect: { ...detect, says: 'beats from the detector, found on the measured leads together' },
    scheme,
    windowMs,
    from,
    to,
    goodOnly: flag('leave out beats whose signal is invalid, flat, clipped or noisy'),
    out: { ...out, says: 'one row per beat and lead, as CSV' },
    overwrite,
    json,
  },
  notes: [researchNotice],
  async run(values, [name = ''], files) {
    if (values.lead !== undefined && values.leads !== undefined) {
      throw new UsageError('--lead and --leads exclude each other');
    }
    const beatSource = beatsFrom(values.annotator, values.detect);
    const span = timeSpan(values.from, values.to);
    if (values.out !== undefined) await files.check(values.out);
    const names = values.lead === undefined ? values.leads : [values.lead];

    const source = files.source();
    const recording = await readRecord(source, name, {
      unit: 'seconds',
      ...span,
      ...(names === undefined ? {} : { signals: names }),
    });
    const signals = voltageLeads(recording);
    const beats = await beatsOf(source, recording, signals, beatSource);
    const slopes = measureLeads(recording, signals, beats, slopeOptions(values));

    if (values.out !== undefined)
      await files.write(values.out, slopesCsv(slopes, { goodOnly: values.goodOnly }));
    await files.commit();
    if (values.json) printJson(asJson(recording, beats, slopes, values.goodOnly), 2);
    else printSlopes(recording, beats, slopes, values.goodOnly, values.out);
  },
});

/** The beats to be summed up, with their symbols and quality. */
function chosen(measured: MeasuredLead, goodOnly: boolean) {
  const places = chosenBeats(measured, goodOnly);
  return {
    beats: places.map(k => measured.measurement.beats[k]!),
    symbols: places.map(k => measured.symbols[k]!),
    quality: places.map(k => measured.quality[k]!),
  };
}

function asJson(
  recording: Recording,
  beats: RecordingBeats,
  slopes: readonly MeasuredLead[],
  goodOnly: boolean,
): unknown {
  return {
    record: recording.name,
    samplingFrequency: recording.samplingFrequency,
    start: recording.start,
    length: recording.length,
    beatsFrom: beats.beatsFrom,
    goodOnly,
    notice: researchNotice,
    leads: slopes.map(slope => {
      const { beats, symbols, quality } = chosen(slope, goodOnly);
      return {
        lead: slope.lead,
        provenance: slope.measurement.provenance,
        summary: summarizeSlopes(beats, symbols),
        beats: beats.map((beat, k) => ({ symbol: symbols[k], ...beat, quality: quality[k] })),
        windows: slope.windows,
      };
    }),
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
  recording: Recording,
  beats: RecordingBeats,
  slopes: readonly MeasuredLead[],
  goodOnly: boolean,
  out: string | undefined,
): void {
  const { scheme, windowMs, windowSamples, upsampling, samplingFrequency } =
    slopes[0]!.measurement.provenance;
  const interpolated = upsampling === 1 ? '' : `, interpolated ${upsampling}×`;
  print(`${recording.name}: ${beats.frames.length} beats, ${beats.beatsFrom}`);
  print(
    `dV/dt ${scheme} at ${samplingFrequency} Hz; least-squares line over ${windowMs} ms (${windowSamples} points${interpolated})`,
  );
  if (goodOnly) print('beats of invalid, flat, clipped or noisy signal left out');
  print('median [5–95 %]; slopes in mV/s\n');
  const rows = slopes.flatMap(slope => {
    const { beats, symbols, quality } = chosen(slope, goodOnly);
    return summarizeSlopes(beats, symbols).map(summary => {
      const good = quality.filter((q, k) => q.good && symbols[k] === summary.symbol).length;
      return rowOf(slope.lead, summary, good);
    });
  });
  print(formatTable([columns, ...rows], 2));
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
