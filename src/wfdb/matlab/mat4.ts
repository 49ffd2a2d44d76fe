/**
 * MATLAB level-4 files, in which PhysioNet Challenges publish records: a matrix `val` with one row per signal and one
 * column per sample, after "MAT-File Format" (The MathWorks), chapter 2. A header gives number format, size and name;
 * the values follow column by column, so that a window is a contiguous range of bytes.
 */
import { WfdbError, type WfdbErrorCode } from '../errors.ts';

/** Number format of a matrix. */
export type Mat4Precision = 'float64' | 'float32' | 'int32' | 'int16' | 'uint16' | 'uint8';

/** A matrix in a level-4 file. */
export interface Mat4Matrix {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly precision: Mat4Precision;
  readonly isBigEndian: boolean;
  readonly bytesPerValue: number;
  /** Byte offset of the first value. */
  readonly start: number;
  /** Byte offset after the last value, where another matrix may follow. */
  readonly end: number;
}

const precisions: readonly (readonly [Mat4Precision, number])[] = [
  ['float64', 8],
  ['float32', 4],
  ['int32', 4],
  ['int16', 2],
  ['uint16', 2],
  ['uint8', 1],
];
const headerBytes = 20;
/** Maximum length of a name. */
const longestName = 64;
/** Maximum size of a header with its name, bytes. */
export const mat4HeaderBytes = headerBytes + longestName;

/**
 * Parses the header at byte `offset` of a file; `bytes` start at that offset. Undefined unless it describes a full
 * numeric matrix with a valid name.
 */
export function parseMat4Header(bytes: Uint8Array, offset = 0): Mat4Matrix | undefined {
  if (bytes.length < headerBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  // The type is a number below 4053; in the wrong byte order it is far larger.
  const isBigEndian = view.getUint32(0, true) > 0xffff;
  const [type, rows, columns, imaginary, nameLength] = [0, 4, 8, 12, 16].map(at =>
    view.getUint32(at, !isBigEndian),
  ) as [number, number, number, number, number];
  const precision = precisions[Math.floor(type / 10) % 10];
  const isOrder = Math.floor(type / 1000) === (isBigEndian ? 1 : 0) && Math.floor(type / 100) % 10 === 0;
  if (!isOrder || type % 10 !== 0 || precision === undefined || imaginary !== 0) return undefined;
  if (rows === 0 || columns === 0 || nameLength < 2 || nameLength > longestName) return undefined;
  if (bytes.length < headerBytes + nameLength) return undefined;
  const name = String.fromCharCode(...bytes.subarray(headerBytes, headerBytes + nameLength - 1));
  if (!/^[A-Za-z]\w*$/.test(name) || bytes[headerBytes + nameLength - 1] !== 0) return undefined;
  const start = offset + headerBytes + nameLength;
  const end = start + rows * columns * precision[1];
  if (!Number.isSafeInteger(end)) return undefined;
  return {
    name,
    rows,
    columns,
    precision: precision[0],
    isBigEndian,
    bytesPerValue: precision[1],
    start,
    end,
  };
}

/** Extracts the values of one row from `bytes`, which hold complete columns. */
export function mat4Row(bytes: Uint8Array, matrix: Mat4Matrix, row: number): Float64Array {
  const { rows, precision, isBigEndian, bytesPerValue } = matrix;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isLittle = !isBigEndian;
  const read: Record<Mat4Precision, (at: number) => number> = {
    float64: at => view.getFloat64(at, isLittle),
    float32: at => view.getFloat32(at, isLittle),
    int32: at => view.getInt32(at, isLittle),
    int16: at => view.getInt16(at, isLittle),
    uint16: at => view.getUint16(at, isLittle),
    uint8: at => view.getUint8(at),
  };
  const valueAt = read[precision];
  const values = new Float64Array(Math.floor(bytes.length / (rows * bytesPerValue)));
  for (let i = 0; i < values.length; i++) values[i] = valueAt((i * rows + row) * bytesPerValue);
  return values;
}

/** Creates an error about a level-4 file. */
export const mat4Error = (
  code: WfdbErrorCode,
  file: string,
  expected: string,
  found: string,
  hint?: string,
) => new WfdbError({ code, file, expected, found, ...(hint !== undefined && { hint }) });
