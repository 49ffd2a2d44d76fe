/**
 * The header of EDF, EDF+, BDF and BDF+ files: fixed-width text that describes the signals, the layout of data records
 * and the scaling of samples. After Kemp et al. 1992, Electroencephalogr Clin Neurophysiol 82:391-393, and Kemp &
 * Olivan 2003, Clin Neurophysiol 114:1755-1761. BDF is the 24-bit variant by BioSemi.
 *
 * Deviations: decimal commas, padding by zeros and fractional digital ranges, which some software writes, are accepted.
 */
import { WfdbError, type WfdbErrorCode } from '../errors.ts';
import { decodeText, quote } from '../text.ts';

/** EDF has 16-bit samples, BDF 24-bit samples. */
export type EdfVariant = 'EDF' | 'EDF+C' | 'EDF+D' | 'BDF' | 'BDF+C' | 'BDF+D';

/** One signal of an EDF file; EDF+ annotations are stored as a signal too. */
export interface EdfSignal {
  readonly label: string;
  readonly transducer: string;
  readonly dimension: string;
  readonly physicalMinimum: number;
  readonly physicalMaximum: number;
  readonly digitalMinimum: number;
  readonly digitalMaximum: number;
  readonly prefiltering: string;
  readonly samplesPerRecord: number;
  /** Byte offset of its samples in a data record. */
  readonly byteOffset: number;
  /**
   * Whether its samples hold annotations: determined by its label, and in plain EDF by an onset at the start of its
   * data.
   */
  readonly isAnnotations: boolean;
}

/** The header of an EDF file. */
export interface EdfHeader {
  /** `EDF+D` and `BDF+D` may have gaps between their data records; the others have none. */
  readonly variant: EdfVariant;
  readonly bytesPerSample: 2 | 3;
  readonly patient: string;
  readonly recording: string;
  /** `dd.mm.yy` as written. */
  readonly startDate: string;
  /** `hh.mm.ss` as written. */
  readonly startTime: string;
  readonly headerBytes: number;
  /** Number of data records; undefined if the header has −1, as during recording. */
  readonly records: number | undefined;
  /** Duration of a data record in s. */
  readonly recordSeconds: number;
  readonly recordBytes: number;
  readonly signals: readonly EdfSignal[];
}

/**
 * The start of the recording as base time and date of a WFDB header: `HH:MM:SS` and `DD/MM/YYYY`. Years from 85 are
 * 1985 to 1999 (Kemp & Olivan 2003, who put years after 2084 into `recording`). Undefined if the file does not state
 * it.
 */
export function edfBaseTime({ startDate, startTime }: EdfHeader): {
  baseTime: string | undefined;
  baseDate: string | undefined;
} {
  const time = /^([01]\d|2[0-3])[.:]([0-5]\d)[.:]([0-5]\d)$/.exec(startTime);
  if (time === null) return { baseTime: undefined, baseDate: undefined };
  const date = /^(0[1-9]|[12]\d|3[01])\.(0[1-9]|1[0-2])\.(\d\d)$/.exec(startDate);
  const century = Number(date?.[3]) < 85 ? '20' : '19';
  return {
    baseTime: time.slice(1).join(':'),
    baseDate: date === null ? undefined : `${date[1]}/${date[2]}/${century}${date[3]}`,
  };
}

/** Bytes of the fixed part, and of each signal. */
export const edfBlock = 256;
/** `EDF Annotations` or `BDF Annotations`. */
export const isAnnotationsLabel = (label: string): boolean => /^[EB]DF Annotations$/.test(label);

/** Whether a file starts like EDF: `0` and seven spaces (or zeros), then printable text. */
export function isEdf(bytes: Uint8Array): boolean {
  return bytes[0] === 0x30 && [1, 2, 3, 4, 5, 6, 7].every(i => bytes[i] === 0x20 || bytes[i] === 0);
}

/** Whether a file starts like BDF: 255 and `BIOSEMI`. */
export function isBdf(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && [...'BIOSEMI'].every((letter, i) => bytes[i + 1] === letter.charCodeAt(0));
}

/** Number of signals according to the fixed part of a header, the first 256 bytes of the file. Throws `WfdbError`. */
export function edfSignalCount(bytes: Uint8Array, file: string): number {
  const fields = fieldReader(bytes, file);
  const version = fields.text(0, 8);
  if (!isEdf(bytes) && !isBdf(bytes)) {
    throw problem('syntax', file, 0, "an EDF file, which begins with '0', or BDF", quote(version));
  }
  const count = fields.integer(252, 4, 'a number of signals');
  if (count < 1) throw problem('syntax', file, 252, 'at least one signal', `${count}`);
  return count;
}

/** Parses a header: 256 bytes, and 256 more per signal. Throws `WfdbError` with the byte offset. */
export function parseEdfHeader(bytes: Uint8Array, file: string): EdfHeader {
  const count = edfSignalCount(bytes, file);
  const headerBytes = edfBlock * (count + 1);
  const fields = fieldReader(bytes.subarray(0, headerBytes), file);
  if (bytes.length < headerBytes) {
    throw problem('truncated', file, bytes.length, `a header of ${headerBytes} bytes`, `${bytes.length}`);
  }
  const announced = fields.integer(184, 8, 'the bytes of the header');
  if (announced !== headerBytes) {
    const expected = `a header of ${headerBytes} bytes for ${count} signals`;
    throw problem('inconsistent', file, 184, expected, `${announced}`);
  }
  const kind = isBdf(bytes) ? 'BDF' : 'EDF';
  const bytesPerSample = kind === 'BDF' ? 3 : 2;
  const plus = /^[EB]DF\+([CD])/.exec(fields.text(192, 44))?.[1] as 'C' | 'D' | undefined;
  const variant: EdfVariant = plus === undefined ? kind : `${kind}+${plus}`;
  const records = fields.integer(236, 8, 'a number of data records');
  const recordSeconds = fields.number(244, 8, 'the duration of a data record');
  if (records < -1) throw problem('syntax', file, 236, 'a number of data records or -1', `${records}`);
  if (recordSeconds < 0) throw problem('syntax', file, 244, 'a duration', `${recordSeconds}`);

  let offset = 0;
  const signals = Array.from({ length: count }, (_, i): EdfSignal => {
    const at = (before: number, width: number): [number, number] => [
      edfBlock + count * before + i * width,
      width,
    ];
    const label = fields.text(...at(0, 16));
    const samplesPerRecord = fields.integer(...at(216, 8), 'samples in a data record');
    if (samplesPerRecord < 0) {
      throw problem('syntax', file, at(216, 8)[0], 'samples in a data record', `${samplesPerRecord}`);
    }
    const byteOffset = offset;
    offset += bytesPerSample * samplesPerRecord;
    return {
      label,
      transducer: fields.text(...at(16, 80)),
      dimension: fields.text(...at(96, 8)),
      physicalMinimum: fields.number(...at(104, 8), 'a physical minimum'),
      physicalMaximum: fields.number(...at(112, 8), 'a physical maximum'),
      digitalMinimum: fields.number(...at(120, 8), 'a digital minimum'),
      digitalMaximum: fields.number(...at(128, 8), 'a digital maximum'),
      prefiltering: fields.text(...at(136, 80)),
      samplesPerRecord,
      byteOffset,
      isAnnotations: plus !== undefined && isAnnotationsLabel(label),
    };
  });
  if (!Number.isSafeInteger(headerBytes + Math.max(records, 1) * offset)) {
    throw problem(
      'inconsistent',
      file,
      236,
      'a file of possible size',
      `${records} records of ${offset} bytes`,
    );
  }
  if (offset === 0)
    throw problem('inconsistent', file, headerBytes - 40 * count, 'samples in a data record', 'none');
  return {
    variant,
    bytesPerSample,
    patient: fields.text(8, 80),
    recording: fields.text(88, 80),
    startDate: fields.text(168, 8),
    startTime: fields.text(176, 8),
    headerBytes,
    records: records < 0 ? undefined : records,
    recordSeconds,
    recordBytes: offset,
    signals,
  };
}

function problem(
  code: WfdbErrorCode,
  file: string,
  byte: number,
  expected: string,
  found: string,
): WfdbError {
  return new WfdbError({ code, file, byte, expected, found });
}

/** Reads fields by byte offset and width, padded by spaces or zeros. */
function fieldReader(bytes: Uint8Array, file: string) {
  const text = (byte: number, width: number): string => {
    if (byte + width > bytes.length) {
      throw problem(
        'truncated',
        file,
        bytes.length,
        `a header of at least ${byte + width} bytes`,
        `${bytes.length}`,
      );
    }
    return decodeText(bytes.subarray(byte, byte + width))
      .replaceAll('\0', ' ')
      .trim();
  };
  const number = (byte: number, width: number, what: string): number => {
    const digits = text(byte, width);
    if (!/^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i.test(digits)) {
      throw problem('syntax', file, byte, what, quote(digits));
    }
    const value = Number(digits.replace(',', '.'));
    if (!Number.isFinite(value)) throw problem('syntax', file, byte, what, quote(digits));
    return value;
  };
  const integer = (byte: number, width: number, what: string): number => {
    const value = number(byte, width, what);
    if (!Number.isSafeInteger(value)) throw problem('syntax', file, byte, `${what}, an integer`, `${value}`);
    return value;
  };
  return { text, number, integer };
}
