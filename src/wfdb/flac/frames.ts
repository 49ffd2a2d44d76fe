/**
 * Locates the frames of a FLAC stream, after RFC 9639. A frame header does not give the length of the frame: it ends
 * where its checksum is correct and another frame starts. Frames are numbered, so a missing one is always detected.
 */
import { crcTable8, crcTable16 } from './crc.ts';

/** A parsed frame header. */
export interface FrameHeader {
  /** Samples of each channel in the frame. */
  readonly blockSize: number;
  /** Number of the frame, or of its first sample in a stream of varying block sizes. */
  readonly number: number;
  readonly isVariable: boolean;
  /** Length of the header in bytes, including its checksum. */
  readonly length: number;
}

/** A frame in a buffer: bytes `[from, to)`. */
export interface Frame {
  readonly from: number;
  readonly to: number;
  readonly header: FrameHeader;
}

const blockSizes = [0, 192, 576, 1152, 2304, 4608, 0, 0, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768];

/**
 * Number of bytes before the first frame: the marker and the metadata blocks. Undefined if `bytes` end before that,
 * `null` if they are not a FLAC stream.
 */
export function metadataLength(bytes: Uint8Array): number | undefined | null {
  if ([0x66, 0x4c, 0x61, 0x43].some((byte, i) => i < bytes.length && bytes[i] !== byte)) return null;
  for (let at = 4; at + 4 <= bytes.length; ) {
    const isLast = bytes[at]! >= 0x80;
    at += 4 + ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!);
    if (isLast) return at;
  }
  return undefined;
}

/**
 * Number of samples per channel according to the first metadata block; 0 if unknown. `bytes` must contain the block.
 */
export function announcedSamples(bytes: Uint8Array): number {
  const low = ((bytes[22]! << 24) | (bytes[23]! << 16) | (bytes[24]! << 8) | bytes[25]!) >>> 0;
  return (bytes[21]! & 15) * 2 ** 32 + low;
}

/** Parses the frame header at `at`; undefined if there is none or its checksum is wrong. */
export function frameHeaderAt(bytes: Uint8Array, at: number): FrameHeader | undefined {
  if (bytes[at] !== 0xff || (bytes[at + 1]! & 0xfe) !== 0xf8) return undefined;
  const sizeCode = bytes[at + 2]! >> 4;
  const rateCode = bytes[at + 2]! & 15;
  let end = at + 4;
  let number = bytes[end]!;
  let tail = 0;
  if (number >= 0xc0) {
    while ((number << tail) & 0x40) tail++;
    number &= 0x3f >> tail;
  } else if (number >= 0x80) return undefined;
  for (end++; tail > 0; tail--) number = number * 64 + (bytes[end++]! & 0x3f);
  let blockSize = blockSizes[sizeCode]!;
  if (sizeCode === 6) blockSize = bytes[end++]! + 1;
  if (sizeCode === 7) {
    blockSize = ((bytes[end]! << 8) | bytes[end + 1]!) + 1;
    end += 2;
  }
  end += rateCode === 12 ? 1 : rateCode === 13 || rateCode === 14 ? 2 : 0;
  if (end >= bytes.length || blockSize === 0 || rateCode === 15) return undefined;
  let check = 0;
  for (let i = at; i < end; i++) check = crcTable8[check ^ bytes[i]!]!;
  if (check !== bytes[end]) return undefined;
  return { blockSize, number, isVariable: (bytes[at + 1]! & 1) === 1, length: end + 1 - at };
}

/**
 * The complete frame that starts at `from`, or undefined. With `isEnd` no bytes follow, and the frame may end with
 * them; otherwise more bytes may complete it.
 */
export function frameAt(bytes: Uint8Array, from: number, isEnd: boolean): Frame | undefined {
  const header = frameHeaderAt(bytes, from);
  if (header === undefined) return undefined;
  let check = 0;
  for (let to = from; to < bytes.length; to++) {
    // The checksum over a frame including its own checksum is 0.
    if (check === 0 && to > from + header.length && frameHeaderAt(bytes, to) !== undefined) {
      return { from, to, header };
    }
    check = ((check << 8) & 0xffff) ^ crcTable16[(check >> 8) ^ bytes[to]!]!;
  }
  return isEnd && check === 0 ? { from, to: bytes.length, header } : undefined;
}
