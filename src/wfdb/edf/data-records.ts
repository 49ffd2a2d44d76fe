/** Opening an EDF or BDF file: checking its header against its size, and reading the bytes of its data records. */
import { WfdbError } from '../errors.ts';
import { type Source, sizeOf } from '../source.ts';
import { type Losses, lenientHint } from '../warnings.ts';
import { type EdfHeader, edfBlock, edfSignalCount, isAnnotationsLabel, parseEdfHeader } from './header.ts';

/** An open file. */
export interface EdfFile {
  readonly source: Source;
  readonly file: string;
  readonly header: EdfHeader;
  /** Number of complete data records. */
  readonly count: number;
  readonly losses: Losses;
}

/**
 * Reads the header of an EDF, EDF+, BDF or BDF+ file. Throws `WfdbError`.
 *
 * @example (await readEdfHeader(source, 'night.edf')).signals.length // => 2
 */
export async function readEdfHeader(source: Source, file: string): Promise<EdfHeader> {
  const fixed = await source.read(file, 0, edfBlock);
  const count = edfSignalCount(fixed, file);
  const header = parseEdfHeader(await source.read(file, 0, edfBlock * (count + 1)), file);
  if (header.variant.includes('+') || !header.signals.some(({ label }) => isAnnotationsLabel(label))) {
    return header;
  }
  // Some software writes EDF+ annotations without marking the file as EDF+; the bytes reveal them.
  const first = await source.read(file, header.headerBytes, header.headerBytes + header.recordBytes);
  const signals = header.signals.map(signal => {
    const { label, byteOffset, samplesPerRecord } = signal;
    const bytes = first.subarray(byteOffset, byteOffset + samplesPerRecord * header.bytesPerSample);
    return { ...signal, isAnnotations: isAnnotationsLabel(label) && startsWithOnset(bytes) };
  });
  return { ...header, signals };
}

/** `+0\x14\x14`, say. */
function startsWithOnset(bytes: Uint8Array): boolean {
  const end = bytes.findIndex(byte => byte === 0x14 || byte === 0x15);
  return end > 0 && end < 40 && /^[+-]?\d+(\.\d*)?$/.test(String.fromCharCode(...bytes.subarray(0, end)));
}

/**
 * Opens a file. A file shorter than its header announces causes a warning, and `checkRecords` refuses to read beyond
 * its end. A longer one is reported; all complete data records are then read, whatever their number in the header.
 */
export async function openEdf(source: Source, file: string, losses: Losses): Promise<EdfFile> {
  const header = await readEdfHeader(source, file);
  const { headerBytes, recordBytes, records } = header;
  const size = await sizeOf(source, file);
  const complete = Math.max(0, Math.floor((size - headerBytes) / recordBytes));
  const opened = (count: number): EdfFile => ({ source, file, header, count, losses });
  if (complete === 0 || records === 0) {
    const detail = {
      code: 'truncated',
      file,
      byte: headerBytes,
      expected: 'at least one data record',
      found: 'none',
    } as const;
    if (complete === 0) throw new WfdbError(detail);
    losses.report({ ...detail, count: complete, what: 'data records that the header does not count' });
    return opened(complete);
  }
  if (records === undefined) return opened(complete);
  const announced = headerBytes + records * recordBytes;
  const detail = { file, expected: `${announced} bytes for ${records} data records`, found: `${size}` };
  if (complete < records) {
    const what = 'data records missing';
    losses.note({ ...detail, code: 'truncated', byte: size, count: records - complete, what });
  } else if (size > announced) {
    const what = 'bytes after the data records that the header counts';
    losses.report({ ...detail, code: 'inconsistent', byte: announced, count: size - announced, what });
  }
  return opened(complete);
}

/** Throws in strict mode if data records are needed that the header announces but the file does not contain. */
export function checkRecords({ file, header, count, losses }: EdfFile, needed: number): void {
  if (needed <= count) return;
  const { headerBytes, recordBytes, recordSeconds } = header;
  losses.report({
    code: 'truncated',
    file,
    byte: headerBytes + count * recordBytes,
    expected: `${headerBytes + needed * recordBytes} bytes`,
    found: `${count} of ${needed} data records`,
    hint: `read up to ${count * recordSeconds} s; ${lenientHint}`,
    count: needed - count,
    what: 'data records not read',
  });
}

/**
 * Reads the bytes of data records `[first, last)`. Throws `WfdbError` if the file has become shorter since it was
 * opened.
 */
export async function readDataRecords(edf: EdfFile, first: number, last: number): Promise<Uint8Array> {
  const { headerBytes, recordBytes } = edf.header;
  const start = headerBytes + first * recordBytes;
  const end = headerBytes + last * recordBytes;
  const bytes = await edf.source.read(edf.file, start, end);
  if (bytes.length === end - start) return bytes;
  throw new WfdbError({
    code: 'truncated',
    file: edf.file,
    byte: start + bytes.length,
    expected: `${end} bytes`,
    found: 'fewer than when reading began',
  });
}
