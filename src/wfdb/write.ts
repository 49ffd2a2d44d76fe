/** Writing records: one header and one signal file, readable by any WFDB software. */
import { bytesFor, type SignalFormat, signalFormats } from './formats.ts';
import type { Sink } from './source.ts';

/** A signal to write: what `Signal` has, less what only reading gives. */
export interface SignalToWrite {
  readonly name: string;
  readonly units: string;
  readonly adcGain: number;
  readonly baseline: number;
  readonly calibrated?: boolean;
  readonly adc: Int32Array;
  /** Where given, a NaN here marks the sample invalid, whatever `adc` holds. */
  readonly physical?: Float64Array;
}

/** A record to write; a `Recording` is one. */
export interface RecordToWrite {
  /** Record name, e.g. `mitdb/100`; what precedes the last `/` is the folder. */
  readonly name: string;
  readonly samplingFrequency: number;
  readonly signals: readonly SignalToWrite[];
  readonly comments?: readonly string[];
}

/**
 * Writes `name.hea` and `name.dat`. ADC values, gains and baselines are kept; initial values and checksums are
 * computed. Throws `RangeError` for what the format cannot hold: an ADC value out of its range, signals of different
 * length, a name or unit that would not fit a header line.
 *
 * @example
 * await writeRecord(folderSink('out'), recording, { format: 212 });
 */
export async function writeRecord(
  sink: Sink,
  record: RecordToWrite,
  options: { readonly format?: number } = {},
): Promise<void> {
  const number = options.format ?? 16;
  const format = signalFormats.get(number);
  if (format?.packing === undefined) throw new RangeError(`there is no signal format ${number}`);
  const base = record.name.slice(record.name.lastIndexOf('/') + 1);
  if (!/^[\w-]+$/.test(base))
    throw new RangeError(`'${base}' is no record name: letters, digits, _ and - only`);
  const { signals } = record;
  const length = signals[0]?.adc.length ?? 0;
  const interleaved = new Int32Array(length * signals.length);
  const lines = signals.map((signal, s) => {
    if (signal.adc.length !== length) {
      throw new RangeError(
        `signal '${signal.name}' has ${signal.adc.length} samples, the first has ${length}`,
      );
    }
    checkText(signal.name, 'name', /[\r\n]/);
    checkText(signal.units, 'unit', /[\s]/);
    let sum = 0;
    for (let i = 0; i < length; i++) {
      const value = storable(signal, i, format, number);
      interleaved[i * signals.length + s] = value;
      sum = (sum + value) | 0;
    }
    const gain = signal.calibrated === false ? 0 : signal.adcGain;
    const first = length > 0 ? interleaved[s]! : 0;
    return `${base}.dat ${number} ${gain}(${signal.baseline})/${signal.units} ${format.usualResolution} 0 ${first} ${(sum << 16) >> 16} 0 ${signal.name}`;
  });
  const bytes = new Uint8Array(bytesFor(format.packing, interleaved.length));
  format.packing.pack(interleaved, bytes);
  const comments = (record.comments ?? []).map(comment => `# ${comment.replace(/[\r\n]+/g, ' ')}`);
  const header = [`${base} ${signals.length} ${record.samplingFrequency} ${length}`, ...lines, ...comments];
  const folder = record.name.slice(0, record.name.lastIndexOf('/') + 1);
  await sink.write(`${folder}${base}.dat`, bytes);
  await sink.write(`${record.name}.hea`, new TextEncoder().encode(`${header.join('\n')}\n`));
}

function storable(signal: SignalToWrite, i: number, format: SignalFormat, number: number): number {
  const value = signal.adc[i]!;
  if (signal.physical !== undefined && Number.isNaN(signal.physical[i]) && format.invalid !== undefined) {
    return format.invalid;
  }
  if ((value < format.least && value !== format.invalid) || value > format.most) {
    throw new RangeError(
      `signal '${signal.name}', sample ${i}: ${value} does not fit format ${number} (${format.least} to ${format.most})`,
    );
  }
  return value;
}

function checkText(text: string, what: string, forbidden: RegExp): void {
  if (forbidden.test(text)) throw new RangeError(`a header cannot hold the ${what} ${JSON.stringify(text)}`);
}
