/** Measures the upstroke and downstroke of every beat of a record. */
import { basename, dirname } from 'node:path';
import { type SlopeSummary, type Spread, summarizeSlopes } from '../src/beat/slope-summary.ts';
import { type LeadSlopes, slopesCsv } from '../src/beat/slope-table.ts';
import { measureSlopes } from '../src/beat/slopes.ts';
import { schemeForms } from '../src/diff/scheme.ts';
import { numberOption, runCommand, UsageError } from '../src/node/command.ts';
import { folderSink } from '../src/node/files.ts';
import {
  beatsOf,
  millivolts,
  type RecordingBeats,
  samplesPerFrame,
  voltageLeads,
} from '../src/node/lead-beats.ts';
import { beatsOption, schemeOption, windowMsOption } from '../src/node/measure-options.ts';
import { searchPathSource } from '../src/node/search-path.ts';
import { formatTable } from '../src/node/table.ts';
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
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  async run(values, positionals) {
    if (positionals.length !== 1) throw new UsageError(`slopes takes one record, not ${positionals.length}`);
    const from = beatsOption(values.annotator, values.detect);
    const name = positionals[0]!;
    const scheme = values.scheme === undefined ? undefined : schemeOption(values.scheme);
    const windowMs = values['window-ms'] === undefined ? undefined : windowMsOption(values['window-ms']);

    const source = searchPathSource();
    const recording = await readRecord(source, name, {
      unit: 'seconds',
      ...(values.from === undefined ? {} : { from: numberOption('from', values.from) }),
      ...(values.to === undefined ? {} : { to: numberOption('to', values.to) }),
      ...(values.lead === 'all' ? {} : { signals: [values.lead] }),
    });
    const leads = voltageLeads(recording);
    const beats = await beatsOf(source, recording, leads, from);

    const options = {
      ...(scheme === undefined ? {} : { scheme }),
      ...(windowMs === undefined ? {} : { windowMs }),
    };
    const slopes = leads.map((signal): LeadSlopes => {
      const perFrame = samplesPerFrame(recording, signal);
      const rPeaks = Int32Array.from(beats.frames, frame => Math.round(frame * perFrame));
      return {
        record: name,
        lead: signal.name,
        symbols: beats.symbols,
        start: recording.start * perFrame,
        measurement: measureSlopes(millivolts(signal), signal.samplingFrequency, rPeaks, options),
      };
    });
    if (values.out !== undefined) {
      const csv = new TextEncoder().encode(slopesCsv(slopes));
      await folderSink(dirname(values.out)).write(basename(values.out), csv);
    }
    if (values.json) console.log(JSON.stringify(asJson(recording, beats, slopes), undefined, 2));
    else print(recording, beats, slopes, values.out);
  },
});

function asJson(recording: Recording, beats: RecordingBeats, slopes: readonly LeadSlopes[]): unknown {
  return {
    record: recording.name,
    samplingFrequency: recording.samplingFrequency,
    start: recording.start,
    length: recording.length,
    beatsFrom: beats.beatsFrom,
    notice: 'Research use only, not for diagnosis.',
    leads: slopes.map(({ lead, measurement }) => ({
      lead,
      provenance: measurement.provenance,
      summary: summarizeSlopes(measurement.beats, beats.symbols),
      beats: measurement.beats.map((beat, k) => ({ symbol: beats.symbols[k], ...beat })),
    })),
  };
}

function print(
  recording: Recording,
  beats: RecordingBeats,
  slopes: readonly LeadSlopes[],
  out: string | undefined,
): void {
  const { scheme, windowMs, windowSamples, upsampling, samplingFrequency } =
    slopes[0]!.measurement.provenance;
  const interpolated = upsampling === 1 ? '' : `, interpolated ${upsampling}×`;
  console.log(`${recording.name}: ${beats.frames.length} beats, ${beats.beatsFrom}`);
  console.log(
    `dV/dt ${scheme} at ${samplingFrequency} Hz; least-squares line over ${windowMs} ms (${windowSamples} points${interpolated})`,
  );
  console.log('median [5–95 %]; slopes in mV/s\n');
  const rows = slopes.flatMap(({ lead, measurement }) =>
    summarizeSlopes(measurement.beats, beats.symbols).map(summary => rowOf(lead, summary)),
  );
  const header = [
    'lead',
    'type',
    'beats',
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

function rowOf(lead: string, summary: SlopeSummary): string[] {
  return [
    lead,
    summary.symbol === '' ? '-' : summary.symbol,
    String(summary.beats),
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
