/**
 * Signals of EDF and EDF+ files as recordings. Signals may have different rates: the frame of a recording is then the
 * time in which each has a whole number of samples. What lies between the data records of a discontinuous file
 * (EDF+D) is NaN, so that positions are times throughout.
 */

import { checkUnbacked } from '../allocation-check.ts';
import { WfdbError } from '../errors.ts';
import type { ReadOptions, Recording, Signal } from '../record.ts';
import type { Source } from '../source.ts';
import { completeRecords, recordStarts } from './annotations.ts';
import { type EdfHeader, type EdfSignal, edfBlock, edfSignalCount, parseEdfHeader } from './header.ts';

/** What stands in `adc` where a discontinuous file has no samples. */
const invalidAdc = -(2 ** 31);
const uncalibratedGain = 200;

/** Which part to read; each signal comes at its own rate. */
export type EdfReadOptions = Omit<ReadOptions, 'rate'>;

/** Data records in memory, and the frame at which each starts. */
interface Records {
  readonly bytes: Uint8Array;
  readonly starts: readonly number[];
}

/** Reads the header of an EDF or EDF+ file. Throws `WfdbError`. */
export async function readEdfHeader(source: Source, file: string): Promise<EdfHeader> {
  const fixed = await source.read(file, 0, edfBlock);
  const count = edfSignalCount(fixed, file);
  return parseEdfHeader(await source.read(file, 0, edfBlock * (count + 1)), file);
}

/**
 * Reads the signals of an EDF or EDF+ file, whole or a window; of a continuous file a window reads only its bytes.
 * `adc` holds the digital values. Gain and baseline follow from the digital and physical ranges, so the baseline may
 * be fractional: `physical` is (adc − baseline) / adcGain, exactly as the file defines it. A signal whose range is
 * empty is uncalibrated. Annotations are read by `readEdfAnnotations`.
 *
 * Throws `RangeError` for a window outside the recording or a signal it does not have, and `WfdbError` for a
 * malformed file.
 *
 * @example
 * const recording = await readEdf(source, 'night.edf', { from: 0, to: 30, unit: 'seconds', signals: ['ECG'] });
 */
export async function readEdf(
  source: Source,
  file: string,
  options: EdfReadOptions = {},
): Promise<Recording> {
  const header = await readEdfHeader(source, file);
  const ordinary = header.signals.filter(signal => !signal.isAnnotations && signal.samplesPerRecord > 0);
  if (ordinary.length === 0 || header.recordSeconds === 0) {
    const [byte, found] = ordinary.length === 0 ? [252, 'annotations only'] : [244, 'data records of 0 s'];
    throw new WfdbError({ code: 'unsupported', file, byte, expected: 'signals', found });
  }
  const framesPerRecord = ordinary.map(signal => signal.samplesPerRecord).reduce(greatestCommonDivisor);
  const samplingFrequency = framesPerRecord / header.recordSeconds;
  const frame = (value: number): number =>
    options.unit === 'seconds' ? Math.round(value * samplingFrequency) : value;
  const from = frame(options.from ?? 0);
  const to = options.to === undefined ? undefined : frame(options.to);

  const chosen = chooseSignals(file, ordinary, options.signals);
  const { records, window } =
    header.variant === 'EDF+D' || header.records === undefined
      ? await readAll(source, file, header, framesPerRecord, from, to)
      : await readWindow(source, file, header, framesPerRecord, from, to);
  const length = window.to - window.from;
  const samplesPerFrame = (signal: EdfSignal): number => signal.samplesPerRecord / framesPerRecord;
  const filled = chosen.reduce((sum, signal) => sum + samplesPerFrame(signal), 0) * length;
  checkUnbacked(file, filled - records.bytes.length / 2);
  return {
    name: file.replace(/\.edf$/i, ''),
    samplingFrequency,
    start: window.from,
    length,
    signals: chosen.map(signal => ({
      name: signal.label,
      units: signal.dimension,
      samplingFrequency: signal.samplesPerRecord / header.recordSeconds,
      ...decode(signal, header, records, framesPerRecord, window),
    })),
    comments: [header.patient, header.recording, `start ${header.startDate} ${header.startTime}`].filter(
      text => text !== '',
    ),
    warnings: [],
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
    throw new RangeError(
      `${file} has no signal '${label}', only ${signals.map(s => `'${s.label}'`).join(', ')}`,
    );
  });
}

interface Window {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

function checkWindow(
  file: string,
  { headerBytes }: EdfHeader,
  from: number,
  to: number | undefined,
  length: number,
): Window {
  if (length === 0) {
    const expected = 'at least one data record';
    throw new WfdbError({ code: 'truncated', file, byte: headerBytes, expected, found: 'none' });
  }
  const end = to ?? length;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(end) || from < 0 || end <= from || end > length) {
    throw new RangeError(
      `${file}: the window is frames ${from} to ${end} (not included), the recording has ${length}`,
    );
  }
  return { from, to: end };
}

/** The data records that a window of a continuous file touches. */
async function readWindow(
  source: Source,
  file: string,
  header: EdfHeader,
  framesPerRecord: number,
  from: number,
  to: number | undefined,
): Promise<{ records: Records; window: Window }> {
  const window = checkWindow(file, header, from, to, header.records! * framesPerRecord);
  const first = Math.floor(window.from / framesPerRecord);
  const last = Math.ceil(window.to / framesPerRecord);
  const byte = header.headerBytes + first * header.recordBytes;
  const bytes = await source.read(file, byte, header.headerBytes + last * header.recordBytes);
  completeRecords(header.headerBytes + bytes.length, { ...header, records: last - first }, file);
  const starts = Array.from({ length: last - first }, (_, r) => (first + r) * framesPerRecord);
  return { records: { bytes, starts }, window };
}

/** All data records, each where its time stamp puts it; one after the other where there are no stamps. */
async function readAll(
  source: Source,
  file: string,
  header: EdfHeader,
  framesPerRecord: number,
  from: number,
  to: number | undefined,
): Promise<{ records: Records; window: Window }> {
  const bytes = await source.read(file);
  const count = completeRecords(bytes.length, header, file);
  const rate = framesPerRecord / header.recordSeconds;
  const starts: number[] = [];
  if (header.variant === 'EDF+D') {
    const seconds = recordStarts(bytes, header, file);
    if (seconds.length !== count) {
      const expected = "a signal 'EDF Annotations' that says when each data record starts";
      throw new WfdbError({ code: 'inconsistent', file, byte: 192, expected, found: 'none' });
    }
    for (const [r, second] of seconds.entries()) {
      const exact = (second - seconds[0]!) * rate;
      const earliest = r === 0 ? 0 : starts[r - 1]! + framesPerRecord;
      // A start that is rounded may come a little before the end of the record before.
      if (!(exact > earliest - 1) || !Number.isSafeInteger(Math.round(exact))) {
        const byte = header.headerBytes + r * header.recordBytes;
        const expected = `data record ${r} at ${seconds[0]! + earliest / rate} s or later`;
        throw new WfdbError({ code: 'inconsistent', file, byte, expected, found: `${second} s` });
      }
      starts.push(Math.max(earliest, Math.round(exact)));
    }
  } else {
    for (let r = 0; r < count; r++) starts.push(r * framesPerRecord);
  }
  const length = count === 0 ? 0 : starts[count - 1]! + framesPerRecord;
  return {
    records: { bytes: bytes.subarray(header.headerBytes), starts },
    window: checkWindow(file, header, from, to, length),
  };
}

type Samples = Pick<Signal, 'adcGain' | 'baseline' | 'calibrated' | 'adc' | 'physical'>;

/** The samples of one signal in a window of frames. */
function decode(
  signal: EdfSignal,
  header: EdfHeader,
  { bytes, starts }: Records,
  framesPerRecord: number,
  window: Window,
): Samples {
  const { digitalMinimum, digitalMaximum, physicalMinimum, physicalMaximum, samplesPerRecord } = signal;
  const calibrated = digitalMaximum !== digitalMinimum && physicalMaximum !== physicalMinimum;
  const adcGain = calibrated
    ? (digitalMaximum - digitalMinimum) / (physicalMaximum - physicalMinimum)
    : uncalibratedGain;
  const baseline = calibrated ? digitalMinimum - physicalMinimum * adcGain : 0;

  const samplesPerFrame = samplesPerRecord / framesPerRecord;
  const offset = window.from * samplesPerFrame;
  const adc = new Int32Array((window.to - window.from) * samplesPerFrame).fill(invalidAdc);
  for (let r = 0; r < starts.length; r++) {
    const place = starts[r]! * samplesPerFrame - offset;
    const first = Math.max(0, -place);
    const end = Math.min(samplesPerRecord, adc.length - place);
    let byte = r * header.recordBytes + signal.byteOffset + 2 * first;
    for (let i = first; i < end; i++, byte += 2) {
      adc[place + i] = ((bytes[byte]! | (bytes[byte + 1]! << 8)) << 16) >> 16;
    }
  }
  const physical = new Float64Array(adc.length);
  for (let i = 0; i < adc.length; i++) {
    physical[i] = adc[i] === invalidAdc ? Number.NaN : (adc[i]! - baseline) / adcGain;
  }
  return { adcGain, baseline, calibrated, adc, physical };
}
