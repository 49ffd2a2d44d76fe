/**
 * Writing EDF+ (Kemp & Olivan 2003, Clin Neurophysiol 114:1755-1761): signals and annotations in one file.
 *
 * Deviations: values that 16 bits and the eight-character ranges of the header cannot represent exactly are rounded;
 * info strings are dropped because EDF+ has no field for them.
 */
import { InputError } from '../../input-error.ts';
import { requireSamplingFrequency } from '../../sampling-frequency.ts';
import type { Annotation } from '../annotations/annotation-file.ts';
import { toAscii } from '../ascii.ts';
import { laterBaseTime, secondsOfDay } from '../base-time.ts';
import type { Sink } from '../source.ts';
import type { RecordToWrite } from '../write.ts';
import type { EdfAnnotation } from './annotations.ts';
import { chooseRecord, fieldNumber, type ScaledSignal, scaleSignal } from './write-scale.ts';

/** A data record: its start, s, and its index in the recording. */
interface RecordPlace {
  readonly index: number;
  readonly onset: number;
}

/**
 * Writes a recording and annotations (seconds after its first sample) as an EDF+ file. Data records in which no signal
 * has a sample are omitted, and the file is then discontinuous (EDF+D). An incomplete last data record is padded with
 * the last sample of each signal, and an annotation `Recording ends` marks the end.
 *
 * Throws `RangeError` for what EDF+ cannot hold: no signal, a NaN in a data record that others have samples in, an
 * infinite value, labels of more than 16 characters that cannot be told apart, signals of different duration, texts with
 * the characters that separate texts.
 *
 * @example
 * const sink = memorySink();
 * await writeEdf(sink, 's01.edf', await readRecord(source, 'synth/s01'));
 * [...sink.files.keys()] // => ['s01.edf']
 */
export async function writeEdf(
  sink: Sink,
  file: string,
  recording: RecordToWrite,
  annotations: readonly EdfAnnotation[] = [],
): Promise<void> {
  if (recording.signals.length === 0) throw new InputError(`${file}: EDF+ needs a signal`);
  const { frames, seconds } = chooseRecord(recording);
  const signals = recording.signals.map(signal => scaleSignal(signal, recording.samplingFrequency, frames));
  const labels = signals.map(({ label }) => label);
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice !== undefined) throw new InputError(`${file}: two signals would be labelled '${twice}'`);
  const duration = signals[0]!.length / signals[0]!.samplesPerRecord;
  for (const { label, length, samplesPerRecord } of signals) {
    if (Math.abs(length / samplesPerRecord - duration) < 1e-9) continue;
    throw new InputError(`${file}: '${label}' lasts another time than '${labels[0]}'`);
  }
  const { start, fraction } = startOf(recording);
  const records: RecordPlace[] = [];
  for (let index = 0; index < Math.ceil(duration - 1e-9); index++) {
    if (signals.some(signal => signal.hasSamples(index)))
      records.push({ index, onset: fraction + index * seconds });
  }
  if (records.length === 0) throw new InputError(`${file}: no signal has a sample`);
  const isCut = !Number.isInteger(Math.round(duration * 1e6) / 1e6);
  const ends: EdfAnnotation[] = isCut
    ? [{ onset: duration * seconds, duration: undefined, text: 'Recording ends' }]
    : [];
  const lists = listsOf(records, seconds, fraction, [...annotations, ...ends]);
  const listBytes = 2 * Math.ceil(lists.reduce((most, { length }) => Math.max(most, length), 0) / 2);
  const isWhole = records.length === Math.ceil(duration - 1e-9);
  const head = header({
    signals,
    listBytes,
    start,
    seconds,
    records: records.length,
    variant: isWhole ? 'EDF+C' : 'EDF+D',
  });
  const samplesBytes = 2 * signals.reduce((sum, { samplesPerRecord }) => sum + samplesPerRecord, 0);
  const bytes = new Uint8Array(head.length + records.length * (samplesBytes + listBytes));
  bytes.set(new TextEncoder().encode(head));
  let at = head.length;
  for (const [r, { index }] of records.entries()) {
    for (const signal of signals) at = signal.put(index, bytes, at);
    bytes.set(lists[r]!, at);
    at += listBytes;
  }
  await sink.write(file, bytes);
}

/**
 * Converts annotations of a record at `samplingFrequency` (Hz) to those of an EDF+ file: comments (`"`) keep their text;
 * others become their mnemonic followed by their text. Throws `RangeError` for a sampling frequency that is not positive.
 *
 * @example
 * const marks = [{ sample: 50, symbol: 'V', subtype: 0, channel: 0, num: 0, aux: '' }];
 * annotationsToEdf(marks, 100)[0] // => { onset: 0.5, duration: undefined, text: 'V' }
 */
export function annotationsToEdf(
  annotations: readonly Annotation[],
  samplingFrequency: number,
): EdfAnnotation[] {
  requireSamplingFrequency(samplingFrequency);
  return annotations.map(({ sample, symbol, aux }) => ({
    onset: sample / samplingFrequency,
    duration: undefined,
    text: symbol === '"' ? aux || '"' : aux === '' ? symbol : `${symbol} ${aux}`,
  }));
}

/** The annotation signal of each data record: its start and its annotations, as bytes. */
function listsOf(
  records: readonly RecordPlace[],
  seconds: number,
  fraction: number,
  annotations: readonly EdfAnnotation[],
): Uint8Array[] {
  const texts = records.map(({ onset }) => `${stamp(onset)}\x14\x14\0`);
  for (const { onset, duration, text } of annotations) {
    const isNumber =
      Number.isFinite(onset) && (duration === undefined || (duration >= 0 && Number.isFinite(duration)));
    if (!isNumber || [...text].some(character => '\0\x14\x15'.includes(character))) {
      throw new InputError(`an annotation at ${onset} s cannot be written: '${text}'`);
    }
    // The last data record that starts at or before the onset, or the first one.
    let low = 0;
    let high = records.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (records[middle]!.index * seconds <= onset + 1e-9) low = middle;
      else high = middle;
    }
    const lasts = duration === undefined ? '' : `\x15${plain(duration)}`;
    texts[low] += `${stamp(fraction + onset)}${lasts}\x14${text}\x14\0`;
  }
  return texts.map(text => new TextEncoder().encode(text));
}

const stamp = (onset: number): string => (onset < 0 ? plain(onset) : `+${plain(onset)}`);

/** Formats seconds without an exponent, to the nanosecond. */
const plain = (value: number): string => value.toFixed(9).replace(/\.?0+$/, '');

/** Date and time of the first sample, and the fraction of a second, which is stored in the first list. */
function startOf({ header, start = 0, samplingFrequency }: RecordToWrite): {
  start: string;
  fraction: number;
} {
  if (header?.baseTime === undefined) return { start: '01.01.8500.00.00', fraction: 0 };
  const later = laterBaseTime(header.baseTime, header.baseDate, start / samplingFrequency);
  const total = secondsOfDay(later.baseTime);
  const whole = Math.floor(total);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = [Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60, whole % 60].map(two).join('.');
  const [day, month, year] = (later.baseDate ?? '1/1/1985').split('/').map(Number);
  return {
    start: `${[day!, month!, year! % 100].map(two).join('.')}${time}`,
    fraction: Math.round((total - whole) * 1000) / 1000,
  };
}

interface HeaderParts {
  readonly signals: readonly ScaledSignal[];
  readonly listBytes: number;
  /** Date and time, eight characters each. */
  readonly start: string;
  readonly seconds: number;
  readonly records: number;
  readonly variant: 'EDF+C' | 'EDF+D';
}

function header({ signals, listBytes, start, seconds, records, variant }: HeaderParts): string {
  const field = (value: string | number, width: number): string =>
    String(value).padEnd(width).slice(0, width);
  const list = {
    label: 'EDF Annotations',
    dimension: '',
    physical: ['-1', '1'],
    digital: [-32768, 32767],
    samplesPerRecord: listBytes / 2,
  };
  const all = [...signals, list];
  const each = (width: number, value: (signal: (typeof all)[number]) => string | number): string =>
    all.map(signal => field(value(signal), width)).join('');
  return [
    field('0', 8),
    field('X X X X', 80),
    field('Startdate X X X X', 80),
    start,
    field(256 * (all.length + 1), 8),
    field(variant, 44),
    field(records, 8),
    field(fieldNumber(seconds), 8),
    field(all.length, 4),
    each(16, ({ label }) => label),
    each(80, () => ''),
    each(8, ({ dimension }) => toAscii(dimension).replace(/[^ -~]/g, '?')),
    each(8, ({ physical }) => physical[0]!),
    each(8, ({ physical }) => physical[1]!),
    each(8, ({ digital }) => digital[0]!),
    each(8, ({ digital }) => digital[1]!),
    each(80, () => ''),
    each(8, ({ samplesPerRecord }) => samplesPerRecord),
    each(32, () => ''),
  ].join('');
}
