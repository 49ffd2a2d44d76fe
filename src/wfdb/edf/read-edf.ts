/**
 * Reads the signals of EDF, EDF+, BDF and BDF+ files as recordings. If signals have different rates, a frame is the
 * period in which each has an integer number of samples. Gaps between the data records of a discontinuous file (EDF+D,
 * BDF+D) are filled with NaN, so that positions correspond to times throughout.
 */
import { InputError } from '../../input-error.ts';
import { checkExpansion } from '../allocation-limit.ts';
import { WfdbError } from '../errors.ts';
import type { ReadOptions, Recording } from '../record.ts';
import type { Source } from '../source.ts';
import { collectLosses, type Leniency } from '../warnings.ts';
import { recordPlaces } from './annotations.ts';
import { checkRecords, type EdfFile, openEdf } from './data-records.ts';
import { signalIn } from './decode-signal.ts';
import type { EdfHeader, EdfSignal } from './header.ts';
import { type RecordStarts, readContinuous, readPlaced } from './window-records.ts';

export { readEdfHeader } from './data-records.ts';

/** Which part to read; each signal keeps its own rate. */
export type EdfReadOptions = Omit<ReadOptions, 'rate'>;

/**
 * Reads the signals of an EDF or BDF file, or a window of them; for a window, only the bytes of its data records are
 * read (for a discontinuous file also some time stamps, to locate them). `adc` holds the digital values. Gain and
 * baseline follow from the digital and physical ranges, so the baseline may be fractional: `physical` is (adc −
 * baseline) / adcGain, exactly as the file defines it. A signal with an empty range is uncalibrated. Annotations are
 * read by `readEdfAnnotations`.
 *
 * In files written by the WFDB program mit2edf, −32768 marks a missing sample: `physical` is then NaN, with a warning.
 *
 * With `lenient`, a file that is truncated, or whose number of data records differs from its header, is read up to its
 * last complete data record.
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

/** An open file, from which windows can be read. */
export interface OpenEdf {
  readonly header: EdfHeader;
  /** Hz; frames per second. */
  readonly samplingFrequency: number;
  /** All signals except annotations. */
  readonly signals: readonly EdfSignal[];
  /** Number of frames in the recording. In strict mode throws `WfdbError` for a truncated file. */
  length(): Promise<number>;
  /** Frames `[from, to)`, by default to the end, of the signals named or all. */
  read(from: number, to: number | undefined, signals?: readonly string[]): Promise<Recording>;
}

/** Frames per second assigned to a file of annotations without signals, so that times have millisecond resolution. */
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
  let places: Promise<RecordStarts> | undefined;
  const placesOf = (): Promise<RecordStarts> => (places ??= recordPlaces(edf));
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

/** A file without signals, such as a hypnogram. */
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
