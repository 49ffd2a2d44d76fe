/** Opens an EDF or BDF file. A time window is read without reading data records outside it. */
import { InputError } from '../input-error.ts';
import { printable } from '../printable.ts';
import { emptinessLimit } from '../wfdb/chunks.ts';
import { type EdfAnnotation, edfToAnnotations, readEdfAnnotationFile } from '../wfdb/edf/annotations.ts';
import { edfBaseTime } from '../wfdb/edf/header.ts';
import { type OpenEdf, openEdfSignals } from '../wfdb/edf/read-edf.ts';
import type { Recording, Signal } from '../wfdb/record.ts';
import type { Source } from '../wfdb/source.ts';
import type { ReadWarning } from '../wfdb/warnings.ts';
import {
  descriptionOf,
  type OpenOptions,
  type OpenRecording,
  pieceSeconds,
  type SignalDescription,
  signalsOfOneRate,
  type TimeWindow,
  warningList,
} from './opened-recording.ts';

/** State shared by all views of one open file. */
interface File {
  readonly source: Source;
  readonly name: string;
  readonly container: string;
  readonly edf: OpenEdf;
  /** Number of frames in the whole recording. */
  readonly length: number;
  readonly described: readonly SignalDescription[];
  readonly warnings: ReturnType<typeof warningList>;
  readonly options: Pick<OpenOptions, keyof TimeWindow | 'lenient' | 'rate'>;
}

/**
 * Opens an EDF or BDF file. Throws `WfdbError` as `readEdf` does, and `InputError` for a window outside the
 * recording.
 */
export async function openEdf(
  source: Source,
  name: string,
  container: string,
  options: File['options'],
): Promise<OpenRecording> {
  const { startSeconds: from, endSeconds: to, lenient } = options;
  const edf = await openEdfSignals(source, name, { ...(lenient !== undefined && { lenient }) });
  const isToEnd = to === undefined;
  const length = isToEnd || edf.header.variant.endsWith('D') ? await edf.length() : announcedLength(edf);
  const first = await edf.read(0, Math.min(1, length));
  const warnings = warningList();
  warnings.add(first.warnings);
  const seconds = length / edf.samplingFrequency;
  if ((from ?? 0) > 0 && (from ?? 0) >= seconds && edf.signals.length > 0) {
    throw new InputError(`${name} holds ${seconds} s: there is nothing from ${from} s on`);
  }
  const described = first.signals.map(descriptionOf);
  return openSignals({ source, name, container, edf, length, described, warnings, options }, described);
}

/** Number of frames announced in the header, or infinity if it gives none. */
function announcedLength({ header, samplingFrequency }: OpenEdf): number {
  const records = header.records ?? Number.POSITIVE_INFINITY;
  return Math.round(records * header.recordSeconds * samplingFrequency);
}

function openSignals(file: File, described: readonly SignalDescription[]): OpenRecording {
  const { source, name, container, edf, length, warnings, options } = file;
  const frameHz = edf.samplingFrequency;
  const own = options.rate === 'signal';
  const fastest = described.reduce((most, signal) => Math.max(most, signal.samplingFrequency), 0);
  const samplingFrequency = own || fastest === 0 ? frameHz : fastest;
  const perFrame = Math.round(samplingFrequency / frameHz);
  const start = Math.round((options.startSeconds ?? 0) * samplingFrequency);
  const whole = length * perFrame;
  const asked = options.endSeconds === undefined ? whole : Math.round(options.endSeconds * samplingFrequency);
  if (asked > whole) {
    throw new InputError(`${name} holds ${length / frameHz} s: it does not reach ${options.endSeconds} s`);
  }
  const end = Math.max(asked, start);
  const names = described.map(signal => signal.name);

  /** Reads samples `[from, to)`, counted over the whole recording. */
  const part = async (from: number, to: number, wanted: readonly string[]): Promise<Recording> => {
    const frames = [Math.floor(from / perFrame), Math.ceil(to / perFrame)] as const;
    const recording = await edf.read(...frames, wanted);
    warnings.add(recording.warnings);
    if (own) return recording;
    const skip = from - frames[0] * perFrame;
    const count = Math.min(to - from, recording.length * perFrame - skip);
    const signals = recording.signals.map(signal => atRate(signal, samplingFrequency, skip, count));
    return { ...recording, samplingFrequency, start: from, length: count, signals };
  };

  return {
    name,
    container,
    samplingFrequency,
    samplesPerFrame: 1,
    start,
    length: Number.isFinite(end) ? end - start : undefined,
    signals: described,
    ...edfBaseTime(edf.header),
    warnings: warnings.all,
    async *pieces(signals = names, seconds = pieceSeconds) {
      const step = Math.max(1, Math.round(seconds * frameHz)) * perFrame;
      const limit = emptinessLimit(name);
      for (let from = start; from < end; from += step) {
        const piece = await part(from, Math.min(end, from + step), signals);
        limit(piece);
        yield piece;
      }
    },
    read: (signals = names) => part(start, end, signals),
    async annotations() {
      const { annotations: events, warnings: losses } = await readEdfAnnotationFile(source, name, {
        ...(options.startSeconds !== undefined && { startSeconds: options.startSeconds }),
        ...(options.endSeconds !== undefined && { endSeconds: options.endSeconds }),
        lenient: options.lenient ?? true,
      });
      warnings.add(losses);
      if (events.length === 0) return undefined;
      warnings.add(durationWarning(name, events));
      return { annotations: edfToAnnotations(events, samplingFrequency), definitions: [] };
    },
    withSignals: wanted => openSignals(file, signalsOfOneRate(file, wanted)),
  };
}

/** WFDB annotations have no durations. */
function durationWarning(file: string, events: readonly EdfAnnotation[]): ReadWarning[] {
  const count = events.filter(({ duration = 0 }) => duration > 0).length;
  if (count === 0) return [];
  const message = printable(`${file}: the durations of ${count} annotations are left out`);
  return [{ code: 'omitted', file, line: undefined, byte: undefined, count, what: 'durations', message }];
}

/**
 * Converts a signal to a sampling frequency that is at least its own, repeating each sample until the next; returns
 * `count` samples from index `skip`.
 */
function atRate(signal: Signal, samplingFrequency: number, skip: number, count: number): Signal {
  const repeat = samplingFrequency / signal.samplingFrequency;
  if (repeat === 1) {
    const [physical, adc] = [signal.physical, signal.adc].map(samples =>
      samples.subarray(skip, skip + count),
    );
    return { ...signal, physical: physical as Float64Array, adc: adc as Int32Array };
  }
  const last = signal.physical.length - 1;
  const indices = Int32Array.from({ length: count }, (_, k) =>
    Math.min(last, Math.floor((skip + k) / repeat)),
  );
  return {
    ...signal,
    samplingFrequency,
    physical: Float64Array.from(indices, i => signal.physical[i]!),
    adc: Int32Array.from(indices, i => signal.adc[i]!),
  };
}
