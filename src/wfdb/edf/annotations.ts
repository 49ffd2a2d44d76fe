/**
 * Annotations of EDF+ and BDF+ files: time-stamped texts in dedicated signals (Kemp & Olivan 2003, §2.2.2). The first
 * entry of each data record has no text and gives the start of the record.
 *
 * Deviation: they are also read from plain EDF files that contain such a signal but are not marked as EDF+.
 */
import { InputError } from '../../input-error.ts';
import { requireSamplingFrequency } from '../../sampling-frequency.ts';
import type { Annotation } from '../annotations/annotation-file.ts';
import { WfdbError } from '../errors.ts';
import type { Source } from '../source.ts';
import { collectLosses, type Leniency, type ReadWarning } from '../warnings.ts';
import { checkRecords, type EdfFile, openEdf, readDataRecords } from './data-records.ts';
import type { EdfHeader } from './header.ts';
import { parseStampedLists, type StampedList } from './stamped-lists.ts';

/** One annotation of an EDF+ file. */
export interface EdfAnnotation {
  /** Time relative to the first sample, s; may be negative. */
  readonly onset: number;
  /** Duration, s, if the file gives one. */
  readonly duration: number | undefined;
  readonly text: string;
}

/** The annotations of a file, or of a window of it. */
export interface EdfAnnotationFile {
  /** Sorted by onset. */
  readonly annotations: EdfAnnotation[];
  /** What could not be read and was skipped; see `Leniency.lenient`. */
  readonly warnings: readonly ReadWarning[];
}

/** Which annotations to read, by onset relative to the first sample. */
export interface EdfAnnotationOptions extends Leniency {
  /** Start of the window; default: all. */
  readonly startSeconds?: number;
  /** End of the window (exclusive); default: all. */
  readonly endSeconds?: number;
}

/** Lists of one data record, and where it stands. */
interface StampedRecord {
  readonly index: number;
  readonly lists: readonly StampedList[];
}

/** Number of leading data records examined to determine how the file stores annotations. */
const probed = 64;
/** Bytes read at a time. */
const chunkBytes = 1 << 22;
/** Gaps between annotation signals shorter than this are read along with them. */
const shortGap = 4096;

/**
 * Reads the annotations of an EDF+ or BDF+ file, sorted by onset; empty for a file without annotations. Throws
 * `WfdbError` for a malformed file and `RangeError` for an empty window.
 *
 * @example
 * (await readEdfAnnotations(source, 'night.edf'))[0] // => { onset: 0.5, duration: 30, text: 'Sleep stage W' }
 */
export async function readEdfAnnotations(
  source: Source,
  file: string,
  options: EdfAnnotationOptions = {},
): Promise<EdfAnnotation[]> {
  return (await readEdfAnnotationFile(source, file, options)).annotations;
}

/**
 * Reads annotations as `readEdfAnnotations` does, with warnings about what was skipped. Only the bytes of annotation
 * signals are read, together with short gaps between them. For a window, only its data records are read, provided that
 * the file stores each annotation in the data record of its onset. Some software fills the data records from the first
 * on regardless of the onset; this is detected in the first 64 data records, and then all of them are read. Throws
 * as `readEdfAnnotations` does.
 *
 * @example (await readEdfAnnotationFile(source, 'night.edf')).warnings.length // => 0
 */
export async function readEdfAnnotationFile(
  source: Source,
  file: string,
  options: EdfAnnotationOptions = {},
): Promise<EdfAnnotationFile> {
  const {
    startSeconds: from = Number.NEGATIVE_INFINITY,
    endSeconds: to = Number.POSITIVE_INFINITY,
    lenient,
  } = options;
  if (!(to > from)) throw new InputError(`${file}: seconds ${from} to ${to} are an empty window`);
  const losses = collectLosses(lenient);
  const edf = await openEdf(source, file, losses);
  const isWhole = from === Number.NEGATIVE_INFINITY && to === Number.POSITIVE_INFINITY;
  if (isWhole) checkRecords(edf, edf.header.records ?? edf.count);
  if (!edf.header.signals.some(signal => signal.isAnnotations)) {
    return { annotations: [], warnings: losses.warnings };
  }
  const start = await recordStart(edf, 0, 0);
  const records = isWhole ? await stampedRecords(edf, 0, edf.count) : await recordsOf(edf, start, from, to);
  const annotations: EdfAnnotation[] = [];
  for (const { lists } of records) {
    for (const { onset, duration, texts } of lists) {
      const seconds = onset - start;
      if (seconds < from || seconds >= to) continue;
      for (const text of texts) if (text !== '') annotations.push({ onset: seconds, duration, text });
    }
  }
  return { annotations: annotations.sort((a, b) => a.onset - b.onset), warnings: losses.warnings };
}

/** The data records that hold the annotations of a window. */
async function recordsOf(
  edf: EdfFile,
  start: number,
  from: number,
  to: number,
): Promise<readonly StampedRecord[]> {
  const { count, header } = edf;
  const head = await stampedRecords(edf, 0, Math.min(probed, count));
  const places = await recordPlaces(edf);
  const first = await firstRecord(count, async r => (await places(r)) - start + header.recordSeconds > from);
  const last = await firstRecord(count, async r => (await places(r)) - start >= to);
  // Onsets before the first or after the last record are stored in these.
  const own = await stampedRecords(edf, Math.min(first, count - 1), Math.max(last, first + 1));
  for (const { index, lists } of [...head, ...own]) {
    const begin = startIn(lists) ?? (await places(index));
    for (const { onset, texts } of lists) {
      const isText = texts.some(text => text !== '');
      if (isText && (onset < begin - header.recordSeconds || onset > begin + 2 * header.recordSeconds)) {
        return stampedRecords(edf, 0, count);
      }
    }
  }
  return [...head.filter(({ index }) => index < first), ...own].filter(
    (record, i, all) => all.findIndex(({ index }) => index === record.index) === i,
  );
}

/** Index of the first data record for which the monotonic predicate `isReached` holds; `count` if for none. */
export async function firstRecord(
  count: number,
  isReached: (record: number) => Promise<boolean>,
): Promise<number> {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (await isReached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A function that gives the start of each data record, s after the start time in the header. */
export async function recordPlaces(edf: EdfFile): Promise<(record: number) => Promise<number>> {
  const { variant, recordSeconds } = edf.header;
  const first = await recordStart(edf, 0, 0);
  if (!variant.endsWith('D')) return async r => first + r * recordSeconds;
  const known = new Map<number, number>([[0, first]]);
  return async r => {
    const second = known.get(r) ?? (await recordStart(edf, r, undefined));
    known.set(r, second);
    return second;
  };
}

/** Start of a data record; `otherwise` if its signals do not give it. Throws if that is undefined too. */
async function recordStart(edf: EdfFile, record: number, otherwise: number | undefined): Promise<number> {
  const [{ lists } = { lists: [] }] = await stampedRecords(edf, record, record + 1);
  return startIn(lists) ?? otherwise ?? missingStart(edf, record);
}

/** The onset of the list whose first text is empty, which is the start of the data record. */
const startIn = (lists: readonly StampedList[]): number | undefined =>
  lists.find(({ texts }) => texts[0] === '')?.onset;

function missingStart({ file, header }: EdfFile, record: number): never {
  const hasSignal = header.signals.some(signal => signal.isAnnotations);
  throw new WfdbError({
    code: hasSignal ? 'syntax' : 'inconsistent',
    file,
    byte: hasSignal ? header.headerBytes + record * header.recordBytes : 192,
    expected: hasSignal
      ? 'the time at which the data record starts'
      : "a signal 'EDF Annotations' that says when each data record starts",
    found: 'none',
  });
}

/** Starts of data records `[first, first + n)` from their bytes. */
export function startsIn(edf: EdfFile, bytes: Uint8Array, first: number): number[] {
  const count = bytes.length / edf.header.recordBytes;
  return Array.from({ length: count }, (_, k) => {
    const offset = k * edf.header.recordBytes;
    const lists = listsIn(edf, bytes.subarray(offset, offset + edf.header.recordBytes), 0, first + k);
    return startIn(lists) ?? missingStart(edf, first + k);
  });
}

/** The lists of data records `[first, last)`, read in chunks of bounded size. */
async function stampedRecords(edf: EdfFile, first: number, last: number): Promise<StampedRecord[]> {
  const { header, source, file } = edf;
  const { begin, end } = annotationBytes(header);
  const isDense = header.recordBytes - (end - begin) < shortGap;
  const step = isDense ? Math.max(1, Math.floor(chunkBytes / header.recordBytes)) : 1;
  const found: StampedRecord[] = [];
  for (let r = first; r < Math.min(last, edf.count); r += step) {
    const stop = Math.min(last, edf.count, r + step);
    if (isDense) {
      const bytes = await readDataRecords(edf, r, stop);
      for (let k = 0; k < stop - r; k++) {
        const offset = k * header.recordBytes;
        const record = bytes.subarray(offset, offset + header.recordBytes);
        found.push({ index: r + k, lists: listsIn(edf, record, 0, r + k) });
      }
    } else {
      const byte = header.headerBytes + r * header.recordBytes;
      const bytes = await source.read(file, byte + begin, byte + end);
      found.push({ index: r, lists: listsIn(edf, bytes, begin, r) });
    }
  }
  return found;
}

/** The lists in one data record, of which `bytes` are those from `offset` on. */
function listsIn(edf: EdfFile, bytes: Uint8Array, offset: number, record: number): StampedList[] {
  const { header, file, losses } = edf;
  const lists: StampedList[] = [];
  for (const { isAnnotations, byteOffset, samplesPerRecord } of header.signals) {
    if (!isAnnotations) continue;
    const from = byteOffset - offset;
    const own = bytes.subarray(from, from + samplesPerRecord * header.bytesPerSample);
    const byte = header.headerBytes + record * header.recordBytes + byteOffset;
    for (const list of parseStampedLists(own, byte, file, losses.report)) lists.push(list);
  }
  return lists;
}

/** The part of a data record that holds all annotation signals. */
function annotationBytes({ signals, bytesPerSample }: EdfHeader): { begin: number; end: number } {
  let begin = Number.POSITIVE_INFINITY;
  let end = 0;
  for (const { isAnnotations, byteOffset, samplesPerRecord } of signals) {
    if (!isAnnotations) continue;
    begin = Math.min(begin, byteOffset);
    end = Math.max(end, byteOffset + samplesPerRecord * bytesPerSample);
  }
  return end === 0 ? { begin: 0, end: 0 } : { begin, end };
}

/**
 * Converts EDF+ annotations to annotations of a record at `samplingFrequency` (Hz): comments (`"`) with the text as
 * `aux`. Durations are dropped. Throws `RangeError` for a sampling frequency that is not positive.
 *
 * @example edfToAnnotations([{ onset: 1.5, duration: 0, text: 'Lights off' }], 100)[0].sample // => 150
 */
export function edfToAnnotations(events: readonly EdfAnnotation[], samplingFrequency: number): Annotation[] {
  requireSamplingFrequency(samplingFrequency);
  return events.map(({ onset, text }) => ({
    sample: Math.round(onset * samplingFrequency),
    symbol: '"',
    subtype: 0,
    channel: 0,
    num: 0,
    aux: text,
  }));
}
