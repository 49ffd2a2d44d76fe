/**
 * Signals of EDF, EDF+, BDF and BDF+ files as recordings. Signals may have different rates: the frame of a recording is
 * then the time in which each has a whole number of samples. What lies between the data records of a discontinuous file
 * (EDF+D, BDF+D) is NaN, so that positions are times throughout.
 */
import { InputError } from '../../input-error.ts';
import { checkExpansion } from '../allocation-limit.ts';
import { WfdbError } from '../errors.ts';
import type { ReadOptions, Recording, Signal } from '../record.ts';
import type { Source } from '../source.ts';
import { collectLosses, type Leniency } from '../warnings.ts';
import { firstRecord, recordPlaces, startsIn } from './annotations.ts';
import { checkRecords, type EdfFile, openEdf, readDataRecords } from './data-records.ts';
import type { EdfHeader, EdfSignal } from './header.ts';

export { readEdfHeader } from './data-records.ts';

/** What stands in `adc` where a discontinuous file has no samples. */
const invalidAdc = -(2 ** 31);
const uncalibratedGain = 200;

/** Which part to read; each signal comes at its own rate. */
export type EdfReadOptions = Omit<ReadOptions, 'rate'>;

/** Start of each data record in s; asked one by one, and remembered. */
type Places = Awaited<ReturnType<typeof recordPlaces>>;

/** Data records in memory, and the frame at which each starts. */
interface Records {
  readonly bytes: Uint8Array;
  readonly starts: readonly number[];
}

/** Frames, the end not included. */
interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * Reads the signals of an EDF or BDF file, whole or a window; a window reads only the bytes of its data records (of a
 * discontinuous file also some time stamps, to find them). `adc` holds the digital values. Gain and baseline follow from
 * the digital and physical ranges, so the baseline may be fractional: `physical` is (adc − baseline) / adcGain, exactly
 * as the file defines it. A signal whose range is empty is uncalibrated. Annotations are read by `readEdfAnnotations`.
 *
 * −32768 in files that the WFDB program mit2edf made is its mark for "no sample": `physical` is then NaN, and it is said.
 *
 * With `lenient`, a file that is cut off, or has another number of data records than its header says, is read as far as
 * its whole data records go.
 *
 * Throws `RangeError` for a window outside the recording or a signal it does not have, and `WfdbError` for a
 * malformed file.
 *
 * @example
 * (await readEdf(source, 'night.edf', { from: 0, to: 1, unit: 'seconds', signals: ['ECG'] })).signals[0].physical // => [0, 0.5]
 */
export async function readEdf(
  source: Source,
  file: string,
  options: EdfReadOptions = {},
): Promise<Recording> {
  const edf = await openEdfSignals(source, file, options);
  const frame = (value: number): number =>
    options.unit === 'seconds' ? Math.round(value * edf.samplingFrequency) : value;
  return edf.read(
    frame(options.from ?? 0),
    options.to === undefined ? undefined : frame(options.to),
    options.signals,
  );
}

/** An open file, from which windows are read one after the other. */
export interface OpenEdf {
  readonly header: EdfHeader;
  /** Hz; frames per second. */
  readonly samplingFrequency: number;
  /** Those that are no annotations. */
  readonly signals: readonly EdfSignal[];
  /** Frames of the whole recording. In strict reading it throws `WfdbError` for a file that is cut off. */
  length(): Promise<number>;
  /** Frames `[from, to)`, by default to the end, of the signals named or all. */
  read(from: number, to: number | undefined, signals?: readonly string[]): Promise<Recording>;
}

/** Frames a second of a file of annotations alone, whose samples are none: their times are in milliseconds. */
const annotationsOnlyHz = 1000;

/** Opens a file as `readEdf` does. */
export async function openEdfSignals(source: Source, file: string, { lenient }: Leniency): Promise<OpenEdf> {
  const losses = collectLosses(lenient);
  const edf = await openEdf(source, file, losses);
  const { header } = edf;
  const signals = header.signals.filter(signal => !signal.isAnnotations && signal.samplesPerRecord > 0);
  if (signals.length === 0) return annotationsOnly(edf);
  if (header.recordSeconds === 0) {
    const found = 'data records of 0 s';
    throw new WfdbError({ code: 'unsupported', file, byte: 244, expected: 'signals', found });
  }
  const framesPerRecord = signals.map(signal => signal.samplesPerRecord).reduce(greatestCommonDivisor);
  const samplingFrequency = framesPerRecord / header.recordSeconds;
  const isPlaced = header.variant.endsWith('D');
  let places: Promise<Places> | undefined;
  const placesOf = (): Promise<Places> => (places ??= recordPlaces(edf));
  return {
    header,
    samplingFrequency,
    signals,
    async length() {
      checkRecords(edf, header.records ?? edf.count);
      if (!isPlaced) return edf.count * framesPerRecord;
      const seconds = await placesOf();
      const last = (await seconds(edf.count - 1)) - (await seconds(0));
      return Math.round(last * samplingFrequency) + framesPerRecord;
    },
    async read(from, to, names) {
      const chosen = chooseSignals(file, signals, names);
      const { records, window } = isPlaced
        ? await readPlaced(edf, framesPerRecord, from, to, await placesOf())
        : await readContinuous(edf, framesPerRecord, from, to);
      const length = window.to - window.from;
      const perFrame = chosen.reduce((sum, signal) => sum + signal.samplesPerRecord / framesPerRecord, 0);
      checkExpansion(file, perFrame * length - records.bytes.length / header.bytesPerSample);
      return {
        ...describe(edf),
        samplingFrequency,
        start: window.from,
        length,
        signals: chosen.map(signal => signalIn(edf, signal, records, framesPerRecord, window)),
        warnings: losses.warnings,
      };
    },
  };
}

/** A file without signals: a hypnogram, say. */
function annotationsOnly(edf: EdfFile): OpenEdf {
  const { header, count, losses } = edf;
  const length = Math.round(count * header.recordSeconds * annotationsOnlyHz);
  return {
    header,
    samplingFrequency: annotationsOnlyHz,
    signals: [],
    length: async () => length,
    async read(from, to = Math.max(length, from), names) {
      chooseSignals(edf.file, [], names);
      return {
        ...describe(edf),
        samplingFrequency: annotationsOnlyHz,
        start: from,
        length: Math.max(0, to - from),
        signals: [],
        warnings: losses.warnings,
      };
    },
  };
}

function describe({ file, header }: EdfFile): Pick<Recording, 'name' | 'comments'> {
  const { patient, recording, startDate, startTime } = header;
  return {
    name: file.replace(/\.(edf|bdf|rec)$/i, ''),
    comments: [patient, recording, `start ${startDate} ${startTime}`].filter(text => text !== ''),
  };
}

function signalIn(
  { file, header, losses }: EdfFile,
  signal: EdfSignal,
  records: Records,
  framesPerRecord: number,
  window: Window,
): Signal {
  const { invalid, ...samples } = decode(signal, header, records, framesPerRecord, window);
  if (invalid > 0) {
    losses.note({
      code: 'inconsistent',
      file,
      expected: `samples of '${signal.label}'`,
      found: `${mit2edfInvalid}, which mit2edf writes for none`,
      count: invalid,
      what: 'samples read as invalid',
    });
  }
  return {
    name: signal.label,
    units: signal.dimension,
    samplingFrequency: signal.samplesPerRecord / header.recordSeconds,
    ...samples,
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}

function chooseSignals(file: string, signals: readonly EdfSignal[], wanted: readonly string[] | undefined) {
  if (wanted === undefined) return signals;
  return wanted.flatMap(label => {
    const found = signals.filter(signal => signal.label === label);
    if (found.length > 0) return found;
    throw new InputError(
      `${file} has no signal '${label}', only ${signals.map(s => `'${s.label}'`).join(', ')}`,
    );
  });
}

/** A window of `length` frames; one behind `announced` is the caller's mistake, one between the two is cut. */
function windowIn(
  { file }: EdfFile,
  from: number,
  to: number | undefined,
  { length, announced }: { readonly length: number; readonly announced: number },
): Window {
  const end = to ?? announced;
  const isWindow = Number.isSafeInteger(from) && Number.isSafeInteger(end) && from >= 0 && end > from;
  if (!isWindow || end > announced || from >= length) {
    const there = Math.min(length, announced);
    throw new InputError(
      `${file}: the window is frames ${from} to ${end} (not included), the recording has ${there}`,
    );
  }
  return { from, to: Math.min(end, length) };
}

/** The data records that a window of a continuous file touches. */
async function readContinuous(
  edf: EdfFile,
  framesPerRecord: number,
  from: number,
  to: number | undefined,
): Promise<{ records: Records; window: Window }> {
  const { count, header } = edf;
  const announcedRecords = Math.max(count, header.records ?? 0);
  const announced = announcedRecords * framesPerRecord;
  const needed = to === undefined ? announcedRecords : Math.ceil(to / framesPerRecord);
  if (needed <= announcedRecords) checkRecords(edf, needed);
  const window = windowIn(edf, from, to, { length: count * framesPerRecord, announced });
  const first = Math.floor(window.from / framesPerRecord);
  const last = Math.ceil(window.to / framesPerRecord);
  const bytes = await readDataRecords(edf, first, last);
  const starts = Array.from({ length: last - first }, (_, r) => (first + r) * framesPerRecord);
  return { records: { bytes, starts }, window };
}

/**
 * The data records that a window of a discontinuous file touches, each where its time stamp puts it. They are found by
 * halving, so the stamps of others are not read. A start that is rounded may come a little before the end of the data
 * record before; it is then put behind that.
 */
async function readPlaced(
  edf: EdfFile,
  framesPerRecord: number,
  from: number,
  to: number | undefined,
  seconds: Places,
): Promise<{ records: Records; window: Window }> {
  const { count, header, file } = edf;
  if (to === undefined) checkRecords(edf, header.records ?? count);
  const rate = framesPerRecord / header.recordSeconds;
  const origin = await seconds(0);
  const frameOf = async (r: number): Promise<number> => Math.round(((await seconds(r)) - origin) * rate);
  const touching = await firstRecord(count, async r => (await frameOf(r)) + framesPerRecord > from);
  // One data record more on each side: it may reach into the window by rounding.
  const first = from === 0 ? 0 : Math.min(count - 1, Math.max(0, touching - 1));
  const last = to === undefined ? count : await firstRecord(count, async r => (await frameOf(r)) > to);
  const bytes = await readDataRecords(edf, first, Math.max(last, first + 1));
  const starts: number[] = [];
  for (const [k, second] of startsIn(edf, bytes, first).entries()) {
    const exact = (second - origin) * rate;
    const alone = first === 0 ? 0 : Math.round(exact);
    const earliest = k === 0 ? alone : starts[k - 1]! + framesPerRecord;
    if (!(exact > earliest - 1) || !Number.isSafeInteger(Math.round(exact))) {
      const byte = header.headerBytes + (first + k) * header.recordBytes;
      const expected = `data record ${first + k} at ${origin + earliest / rate} s or later`;
      throw new WfdbError({ code: 'inconsistent', file, byte, expected, found: `${second} s` });
    }
    starts.push(Math.max(earliest, Math.round(exact)));
  }
  const isToEnd = first + starts.length === count;
  const length = (isToEnd ? starts.at(-1)! : await frameOf(count - 1)) + framesPerRecord;
  return { records: { bytes, starts }, window: windowIn(edf, from, to, { length, announced: length }) };
}

type Samples = Pick<Signal, 'adcGain' | 'baseline' | 'calibrated' | 'adc' | 'physical'>;

/** The value that mit2edf writes for an invalid sample, and how its files are known. */
const mit2edfInvalid = -32768;
const isOfMit2edf = ({ transducer, prefiltering }: EdfSignal): boolean =>
  transducer === 'transducer type not recorded' && prefiltering === 'prefiltering not recorded';

/** The samples of one signal in a window of frames, and how many of them are marked invalid. */
function decode(
  signal: EdfSignal,
  header: EdfHeader,
  { bytes, starts }: Records,
  framesPerRecord: number,
  window: Window,
): Samples & { readonly invalid: number } {
  const { digitalMinimum, digitalMaximum, physicalMinimum, physicalMaximum, samplesPerRecord } = signal;
  const calibrated = digitalMaximum !== digitalMinimum && physicalMaximum !== physicalMinimum;
  const adcGain = calibrated
    ? (digitalMaximum - digitalMinimum) / (physicalMaximum - physicalMinimum)
    : uncalibratedGain;
  const baseline = calibrated ? digitalMinimum - physicalMinimum * adcGain : 0;

  const { bytesPerSample } = header;
  const samplesPerFrame = samplesPerRecord / framesPerRecord;
  const offset = window.from * samplesPerFrame;
  const adc = new Int32Array((window.to - window.from) * samplesPerFrame).fill(invalidAdc);
  for (let r = 0; r < starts.length; r++) {
    const place = starts[r]! * samplesPerFrame - offset;
    const first = Math.max(0, -place);
    const end = Math.min(samplesPerRecord, adc.length - place);
    let byte = r * header.recordBytes + signal.byteOffset + bytesPerSample * first;
    if (bytesPerSample === 2) {
      for (let i = first; i < end; i++, byte += 2) {
        adc[place + i] = ((bytes[byte]! | (bytes[byte + 1]! << 8)) << 16) >> 16;
      }
    } else {
      for (let i = first; i < end; i++, byte += 3) {
        adc[place + i] = ((bytes[byte + 2]! << 24) >> 8) | (bytes[byte + 1]! << 8) | bytes[byte]!;
      }
    }
  }
  const mark = isOfMit2edf(signal) ? mit2edfInvalid : invalidAdc;
  let invalid = 0;
  const physical = new Float64Array(adc.length);
  for (let i = 0; i < adc.length; i++) {
    const value = adc[i]!;
    if (value === invalidAdc) physical[i] = Number.NaN;
    else if (value === mark) {
      physical[i] = Number.NaN;
      invalid++;
    } else physical[i] = (value - baseline) / adcGain;
  }
  return { adcGain, baseline, calibrated, adc, physical, invalid };
}
