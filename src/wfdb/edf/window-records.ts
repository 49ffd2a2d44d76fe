/** The data records that overlap a window of a recording, continuous or discontinuous. */
import { InputError } from '../../input-error.ts';
import { WfdbError } from '../errors.ts';
import { firstRecord, type recordPlaces, startsIn } from './annotations.ts';
import { checkRecords, type EdfFile, readDataRecords } from './data-records.ts';

/** Start of each data record in s, looked up on demand. */
export type RecordStarts = Awaited<ReturnType<typeof recordPlaces>>;

/** Data records in memory, and the frame at which each starts. */
export interface DataRecords {
  readonly bytes: Uint8Array;
  readonly starts: readonly number[];
}

/** Frames `[from, to)`. */
export interface FrameWindow {
  readonly from: number;
  readonly to: number;
}

/**
 * Checks a window against the `length` frames present. It is cut at the end of the file, unless it also exceeds the
 * `announced` length: then throws `InputError`.
 */
function windowIn(
  { file }: EdfFile,
  from: number,
  to: number | undefined,
  { length, announced }: { readonly length: number; readonly announced: number },
): FrameWindow {
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

/** Reads the data records that overlap a window of a continuous file. */
export async function readContinuous(
  edf: EdfFile,
  framesPerRecord: number,
  from: number,
  to: number | undefined,
): Promise<{ records: DataRecords; window: FrameWindow }> {
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
 * Reads the data records that overlap a window of a discontinuous file, each positioned by its time stamp. They are found
 * by bisection, so only few time stamps are read. A rounded start may lie slightly before the end of the preceding data
 * record; it is then moved to that end.
 */
export async function readPlaced(
  edf: EdfFile,
  framesPerRecord: number,
  from: number,
  to: number | undefined,
  seconds: RecordStarts,
): Promise<{ records: DataRecords; window: FrameWindow }> {
  const { count, header, file } = edf;
  if (to === undefined) checkRecords(edf, header.records ?? count);
  const rate = framesPerRecord / header.recordSeconds;
  const origin = await seconds(0);
  const frameOf = async (r: number): Promise<number> => Math.round(((await seconds(r)) - origin) * rate);
  const touching = await firstRecord(count, async r => (await frameOf(r)) + framesPerRecord > from);
  // One more data record on each side, which may overlap the window because of rounding.
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
