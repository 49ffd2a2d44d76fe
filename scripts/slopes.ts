/** Measures the upstroke and downstroke of every beat of a record. */
import { basename, dirname } from 'node:path';
import { detectQrsMultiLead } from '../src/beat/detect.ts';
import { type SlopeSummary, type Spread, summarizeSlopes } from '../src/beat/slope-summary.ts';
import { type LeadSlopes, slopesCsv } from '../src/beat/slope-table.ts';
import { measureSlopes } from '../src/beat/slopes.ts';
import { parseScheme, type Scheme, schemeForms } from '../src/diff/scheme.ts';
import { DataError, numberOption, runCommand, UsageError } from '../src/node/command.ts';
import { fileSource, folderSink } from '../src/node/files.ts';
import { readAnnotations } from '../src/wfdb/annotations.ts';
import { WfdbError } from '../src/wfdb/errors.ts';
import { type Recording, readRecord, type Signal } from '../src/wfdb/record.ts';
import { isBeat } from '../src/wfdb/symbols.ts';

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
    if (values.detect && values.annotator !== undefined) {
      throw new UsageError('--detect and --annotator exclude each other');
    }
    const name = positionals[0]!;
    const scheme = values.scheme === undefined ? undefined : schemeOption(values.scheme);
    const windowMs =
      values['window-ms'] === undefined ? undefined : numberOption('window-ms', values['window-ms']);
    if (windowMs !== undefined && windowMs <= 0)
      throw new UsageError(`--window-ms is positive, not ${windowMs}`);

    const recording = await readRecord(fileSource(), name, {
      unit: 'seconds',
      ...(values.from === undefined ? {} : { from: numberOption('from', values.from) }),
      ...(values.to === undefined ? {} : { to: numberOption('to', values.to) }),
      ...(values.lead === 'all' ? {} : { signals: [values.lead] }),
    });
    const leads = recording.signals.filter(signal => millivoltsPer(signal.units) !== undefined);
    if (leads.length === 0) {
      const found = recording.signals.map(signal => `${signal.name} in ${signal.units}`).join(', ');
      throw new DataError(`${name} has no lead in volts: ${found}`);
    }
    const beats = values.detect
      ? detectedBeats(recording, leads)
      : values.annotator !== undefined
        ? await annotatedBeats(recording, values.annotator)
        : await annotatedElseDetected(recording, leads);
    if (beats.frames.length === 0) throw new DataError(`${name} has no beats there`);

    const options = {
      ...(scheme === undefined ? {} : { scheme }),
      ...(windowMs === undefined ? {} : { windowMs }),
    };
    const slopes = leads.map((signal): LeadSlopes => {
      // A signal of several samples a frame has its own sample indices.
      const perFrame = signal.samplingFrequency / recording.samplingFrequency;
      const rPeaks = beats.frames.map(frame => frame * perFrame);
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

interface Beats {
  readonly from: string;
  /** From the first frame held. */
  readonly frames: readonly number[];
  readonly symbols: readonly string[];
}

async function annotatedBeats(recording: Recording, annotator: string): Promise<Beats> {
  const { name, start, length } = recording;
  const marks = (await readAnnotations(fileSource(), name, annotator))
    .filter(mark => isBeat(mark.symbol) && mark.sample >= start && mark.sample < start + length)
    .sort((a, b) => a.sample - b.sample)
    .filter((mark, k, all) => k === 0 || mark.sample > all[k - 1]!.sample);
  return {
    from: `annotations ${name}.${annotator}`,
    frames: marks.map(mark => mark.sample - start),
    symbols: marks.map(mark => mark.symbol),
  };
}

async function annotatedElseDetected(recording: Recording, leads: readonly Signal[]): Promise<Beats> {
  try {
    return await annotatedBeats(recording, 'atr');
  } catch (error) {
    if (!(error instanceof WfdbError && error.code === 'not-found')) throw error;
    return detectedBeats(recording, leads);
  }
}

/** Found on all leads that share the first one's rate. */
function detectedBeats(recording: Recording, leads: readonly Signal[]): Beats {
  const rate = leads[0]!.samplingFrequency;
  const together = leads.filter(signal => signal.samplingFrequency === rate);
  const frames = Array.from(detectQrsMultiLead(together.map(millivolts), rate), sample =>
    Math.floor((sample * recording.samplingFrequency) / rate),
  );
  return {
    from: `detected on ${together.map(signal => signal.name).join(', ')}`,
    frames,
    symbols: frames.map(() => ''),
  };
}

function schemeOption(text: string): Scheme {
  try {
    return parseScheme(text);
  } catch (error) {
    throw new UsageError(`--scheme: ${(error as RangeError).message}`);
  }
}

/** Millivolts in one unit, or undefined when the unit is no voltage. */
function millivoltsPer(units: string): number | undefined {
  return { v: 1000, mv: 1, uv: 1e-3, µv: 1e-3, μv: 1e-3, nv: 1e-6 }[units.toLowerCase()];
}

function millivolts(signal: Signal): Float64Array {
  const factor = millivoltsPer(signal.units)!;
  return factor === 1 ? signal.physical : signal.physical.map(value => value * factor);
}

function asJson(recording: Recording, beats: Beats, slopes: readonly LeadSlopes[]): unknown {
  return {
    record: recording.name,
    samplingFrequency: recording.samplingFrequency,
    start: recording.start,
    length: recording.length,
    beatsFrom: beats.from,
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
  beats: Beats,
  slopes: readonly LeadSlopes[],
  out: string | undefined,
): void {
  const { scheme, windowMs, windowSamples, upsampling, samplingFrequency } =
    slopes[0]!.measurement.provenance;
  const interpolated = upsampling === 1 ? '' : `, interpolated ${upsampling}×`;
  console.log(`${recording.name}: ${beats.frames.length} beats, ${beats.from}`);
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
  const widths = header.map((title, c) => Math.max(title.length, ...rows.map(row => row[c]!.length)));
  for (const row of [header, ...rows]) {
    console.log(
      row.map((cell, c) => (c < 2 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!))).join('  '),
    );
  }
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
