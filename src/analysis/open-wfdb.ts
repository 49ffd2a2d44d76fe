/** Opens WFDB records. */
import { readAnnotationFile } from '../wfdb/annotations/annotation-file.ts';
import { recordChunks } from '../wfdb/chunks.ts';
import type { Header } from '../wfdb/header.ts';
import { openRecord, type ReadOptions, type Recording, readRecord } from '../wfdb/record.ts';
import type { Source } from '../wfdb/source.ts';
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

type Options = Pick<OpenOptions, keyof TimeWindow | 'lenient' | 'rate'>;

/** Opens a WFDB record. Throws as `openRecord` does. */
export async function openWfdb(source: Source, name: string, window: Options): Promise<OpenRecording> {
  const { startSeconds, endSeconds, ...rest } = window;
  const options = {
    unit: 'seconds',
    ...(startSeconds !== undefined && { from: startSeconds }),
    ...(endSeconds !== undefined && { to: endSeconds }),
    ...rest,
  } as const;
  const record = await openRecord(source, name, options);
  let first: Recording;
  try {
    // Reading one frame is enough to describe the signals; an empty record has none to read.
    const isEmpty = record.to !== undefined && record.to <= record.from;
    first = await record.read(record.from, isEmpty ? record.from : record.from + 1);
  } finally {
    record.close();
  }
  const { header } = record;
  const perFrame = first.samplingFrequency / header.samplingFrequency;
  const warnings = warningList();
  warnings.add(first.warnings);
  const described = first.signals.map(signal => ({
    ...descriptionOf(signal),
    ...(options.rate === undefined && {
      samplingFrequency: header.samplingFrequency * (signal.header?.samplesPerFrame ?? 1),
    }),
  }));
  const frames = { from: record.from, to: record.to };
  const file: File = { source, name, options, header, frames, described, warnings };
  return openSignals(file, described, perFrame);
}

/** State shared by all views of one open record. */
interface File {
  readonly source: Source;
  readonly name: string;
  readonly options: ReadOptions & { readonly unit: 'seconds' };
  readonly header: Header;
  /** The time window, in frames. */
  readonly frames: { readonly from: number; readonly to: number | undefined };
  readonly described: readonly SignalDescription[];
  readonly warnings: ReturnType<typeof warningList>;
}

/** A view of some signals with `perFrame` samples per frame, which is the number stored in the file if `isOwn`. */
function openSignals(
  file: File,
  described: readonly SignalDescription[],
  perFrame: number,
  isOwn = false,
): OpenRecording {
  const { source, name, header, frames, warnings } = file;
  const options = isOwn ? { ...file.options, rate: 'signal' as const } : file.options;
  const names = isOwn ? described.map(signal => signal.name) : undefined;
  const samplingFrequency = header.samplingFrequency * perFrame;
  const noted = (read: Recording): Recording => {
    warnings.add(read.warnings);
    if (!isOwn) return read;
    return { ...read, samplingFrequency, start: read.start * perFrame, length: read.length * perFrame };
  };
  return {
    name,
    container: 'WFDB',
    samplingFrequency,
    samplesPerFrame: perFrame,
    start: frames.from * perFrame,
    length: frames.to === undefined ? undefined : (frames.to - frames.from) * perFrame,
    signals: described,
    baseTime: header.baseTime,
    baseDate: header.baseDate,
    warnings: warnings.all,
    async *pieces(signals = names, seconds = pieceSeconds) {
      const chosen = { ...options, ...(signals && { signals }), seconds };
      for await (const piece of recordChunks(source, name, chosen)) yield noted(piece);
    },
    read: async (signals = names) =>
      noted(await readRecord(source, name, { ...options, ...(signals && { signals }) })),
    async annotations(annotator) {
      const read = await readAnnotationFile(source, name, annotator, { lenient: options.lenient ?? true });
      warnings.add(read.warnings);
      if (perFrame === 1) return read;
      const annotations = read.annotations.map(mark => ({ ...mark, sample: mark.sample * perFrame }));
      return { ...read, annotations };
    },
    withSignals(wanted) {
      // An explicit `rate` applies to all signals.
      if (file.options.rate !== undefined) return openSignals(file, described, perFrame);
      const chosen = signalsOfOneRate(file, wanted);
      const own = (chosen[0]?.samplingFrequency ?? header.samplingFrequency) / header.samplingFrequency;
      return openSignals(file, chosen, own, true);
    },
  };
}
