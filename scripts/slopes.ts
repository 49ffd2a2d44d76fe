/** Measures the upstroke and downstroke of every beat of a record. */

import {
  beatsOf,
  millivolts,
  type RecordingBeats,
  samplesPerFrame,
  voltageLeads,
} from '../src/analysis/lead-beats.ts';
import { type LeadQuality, measureQuality } from '../src/beat/quality.ts';
import { measureSlopes } from '../src/beat/slopes/measure-slopes.ts';
import { type SlopeSummary, type Spread, summarizeSlopes } from '../src/beat/slopes/slope-summary.ts';
import { type LeadSlopes, slopesCsv } from '../src/beat/slopes/slope-table.ts';
import { runCommand, UsageError } from '../src/cli/command.ts';
import { beatsOption, schemeOption, spanOption, windowMsOption } from '../src/cli/measure-options.ts';
import { formatTable } from '../src/cli/table.ts';
import { schemeForms } from '../src/diff/scheme.ts';
import { searchPathSource } from '../src/node/search-path.ts';
import { writeOut } from '../src/node/write-file.ts';
import { type Recording, readRecord } from '../src/wfdb/record.ts';

const help = `
slopes RECORD [options]: upstroke and downstroke slope of every beat, per lead

  RECORD              on the WFDB search path (environment variable WFDB), e.g. mitdb/100
  --lead NAME|all     lead to measure; default all leads in volts
  --annotator NAME    beats from RECORD.NAME; default atr where there is one, else as --detect
  --detect            beats from the detector, found on the measured leads together
  --scheme SCHEME     how dV/dt is taken: ${schemeForms};
                      default sg:16ms:4, below 188 Hz central4
  --window-ms MS      window of the least-squares slope; default 8
  --from S, --to S    part of the record, in seconds
  --good-only         leave out beats whose signal is invalid, flat, clipped or noisy
  --out FILE          one row per beat and lead, as CSV
  --json              everything as JSON on standard output

Research use only, not for diagnosis.
`;

await runCommand({
  help,
  options: {
    lead: { type: 'string', default: 'all' },
    annotator: { type: 'string' },
    detect: { type: 'boolean', default: false },
    scheme: { type: 'string' },
    'window-ms': { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    'good-only': { type: 'boolean', default: false },
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  async run(values, positionals) {
    if (positionals.length !== 1) throw new UsageError(`slopes takes one record, not ${positionals.length}`);
    const from = beatsOption(values.annotator, values.detect);
    const name = positionals[0]!;
    const scheme = values.scheme === undefined ? undefined : schemeOption(values.scheme);
    const windowMs = values['window-ms'] === undefined ? undefined : windowMsOption(values['window-ms']);

    const goodOnly = values['good-only'];

    const source = searchPathSource();
    const recording = await readRecord(source, name, {
      unit: 'seconds',
      ...spanOption(values.from, values.to),
      ...(values.lead === 'all' ? {} : { signals: [values.lead] }),
    });
    const leads = voltageLeads(recording);
    const beats = await beatsOf(source, recording, leads, from);

    const options = {
      ...(scheme === undefined ? {} : { scheme }),
      ...(windowMs === undefined ? {} : { windowMs }),
    };
    const slopes = leads.map((signal): MeasuredLead => {
      const perFrame = samplesPerFrame(recording, signal);
      const rPeaks = Int32Array.from(beats.frames, frame => Math.round(frame * perFrame));
      const voltage = millivolts(signal);
      const { beats: beatQuality, windows } = measureQuality(voltage, signal.samplingFrequency, rPeaks);
      return {
        record: name,
        lead: signal.name,
        symbols: beats.symbols,
        start: recording.start * perFrame,
        measurement: measureSlopes(voltage, signal.samplingFrequency, rPeaks, options),
        quality: beatQuality,
        windows,
      };
    });
    if (values.out !== undefined) {
      await writeOut(values.out, slopesCsv(slopes, { goodOnly }));
    }
    if (values.json) console.log(JSON.stringify(asJson(recording, beats, slopes, goodOnly), undefined, 2));
    else print(recording, beats, slopes, goodOnly, values.out);
  },
});

/** The slopes of one lead with the quality of all its beats, and of its windows. */
interface MeasuredLead extends LeadSlopes {
  readonly quality: LeadQuality['beats'];
  readonly windows: LeadQuality['windows'];
}

/** The beats to be summed up: all, or the good ones. */
function chosen({ measurement, symbols, quality }: MeasuredLead, goodOnly: boolean) {
  const places = [...measurement.beats.keys()].filter(k => !goodOnly || quality[k]!.good);
  return {
    beats: places.map(k => measurement.beats[k]!),
    symbols: places.map(k => symbols[k]!),
    quality: places.map(k => quality[k]!),
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
    notice: 'Research use only, not for diagnosis.',
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

function print(
  recording: Recording,
  beats: RecordingBeats,
  slopes: readonly MeasuredLead[],
  goodOnly: boolean,
  out: string | undefined,
): void {
  const { scheme, windowMs, windowSamples, upsampling, samplingFrequency } =
    slopes[0]!.measurement.provenance;
  const interpolated = upsampling === 1 ? '' : `, interpolated ${upsampling}×`;
  console.log(`${recording.name}: ${beats.frames.length} beats, ${beats.beatsFrom}`);
  console.log(
    `dV/dt ${scheme} at ${samplingFrequency} Hz; least-squares line over ${windowMs} ms (${windowSamples} points${interpolated})`,
  );
  if (goodOnly) console.log('beats of invalid, flat, clipped or noisy signal left out');
  console.log('median [5–95 %]; slopes in mV/s\n');
  const rows = slopes.flatMap(slope => {
    const { beats, symbols, quality } = chosen(slope, goodOnly);
    return summarizeSlopes(beats, symbols).map(summary => {
      const good = quality.filter((q, k) => q.good && symbols[k] === summary.symbol).length;
      return rowOf(slope.lead, summary, good);
    });
  });
  const header = [
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
  console.log(formatTable([header, ...rows], 2));
  if (out !== undefined) console.log(`\nwrote ${out}`);
  console.log('\nResearch use only, not for diagnosis.');
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
