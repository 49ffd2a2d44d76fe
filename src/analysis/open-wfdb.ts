/** A WFDB record opened for reading. */
import { readAnnotationFile } from '../wfdb/annotations/annotation-file.ts';
import { recordChunks } from '../wfdb/chunks.ts';
import { openRecord, type Recording, readRecord } from '../wfdb/record.ts';
import type { Source } from '../wfdb/source.ts';
import {
  descriptionOf,
  type OpenOptions,
  type OpenRecording,
  pieceSeconds,
  warningList,
} from './opened-recording.ts';

type Options = Pick<OpenOptions, 'from' | 'to' | 'lenient' | 'rate'>;

/** Opens the record of that name. Throws as `openRecord` does. */
export async function openWfdb(source: Source, name: string, window: Options): Promise<OpenRecording> {
  const { lenient, ...rest } = window;
  const options = { unit: 'seconds', ...rest, ...(lenient !== undefined && { lenient }) } as const;
  const record = await openRecord(source, name, options);
  let first: Recording;
  try {
    // One frame tells what the signals are; a record without samples has none to read.
    const isEmpty = record.to !== undefined && record.to <= record.from;
    first = await record.read(record.from, isEmpty ? record.from : record.from + 1);
  } finally {
    record.close();
  }
  const { header } = record;
  const perFrame = first.samplingFrequency / header.samplingFrequency;
  const warnings = warningList();
  warnings.add(first.warnings);
  const noted = <T extends Pick<Recording, 'warnings'>>(read: T): T => {
    warnings.add(read.warnings);
    return read;
  };
  const recording: OpenRecording = {
    name,
    container: 'WFDB',
    samplingFrequency: first.samplingFrequency,
    start: first.start,
    length: record.to === undefined ? undefined : (record.to - record.from) * perFrame,
    signals: first.signals.map(descriptionOf),
    baseTime: header.baseTime,
    baseDate: header.baseDate,
    warnings: warnings.all,
    async *pieces(signals, seconds = pieceSeconds) {
      const chosen = { ...options, ...(signals && { signals }), seconds };
      for await (const piece of recordChunks(source, name, chosen)) yield noted(piece);
    },
    read: async signals => noted(await readRecord(source, name, { ...options, ...(signals && { signals }) })),
    async annotations(annotator) {
      const file = await readAnnotationFile(source, name, annotator, { lenient: lenient ?? true });
      warnings.add(file.warnings);
      if (perFrame === 1) return file;
      const annotations = file.annotations.map(mark => ({ ...mark, sample: mark.sample * perFrame }));
      return { ...file, annotations };
    },
    withSignals: () => recording,
  };
  return recording;
}
