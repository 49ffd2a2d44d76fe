/**
 * A minimal FLAC encoder for signal files, after RFC 9639: independent channels, fixed predictors of order 0 to 4, one
 * Rice parameter per subframe, constant and verbatim subframes if shorter. Files are a few percent larger than those of
 * encoders with more exhaustive search. The MD5 checksum is omitted (zero), as the standard permits.
 */
import { crcTable8, crcTable16 } from './crc.ts';

/** By convention of the WFDB formats, regardless of the signals' rate. */
const sampleRate = 96_000;
const blockSize = 4096;
/** Frame header codes of the sample sizes. */
const sizeCodes: Readonly<Record<number, number>> = { 8: 1, 16: 4, 24: 6 };

/** Encodes up to 8 channels of equal length, values of `bits` (8, 16 or 24) bits, as a FLAC stream. */
export function encodeFlac(channels: readonly Int32Array[], bits: number): Uint8Array {
  const total = channels[0]!.length;
  const out = bitBuffer();
  for (const byte of [0x66, 0x4c, 0x61, 0x43]) out.put(byte, 8); // 'fLaC'
  out.put(0x80, 8); // STREAMINFO, the only metadata block
  out.put(34, 24);
  out.put(blockSize, 16);
  out.put(blockSize, 16);
  out.put(0, 24); // frame sizes: unknown
  out.put(0, 24);
  out.put(sampleRate, 20);
  out.put(channels.length - 1, 3);
  out.put(bits - 1, 5);
  out.put(Math.floor(total / 2 ** 32), 4);
  out.put(total % 2 ** 32, 32);
  for (let i = 0; i < 16; i++) out.put(0, 8);
  const residual = new Int32Array(blockSize);
  for (let start = 0, frame = 0; start < total; start += blockSize, frame++) {
    const end = Math.min(total, start + blockSize);
    const first = out.length();
    putFrameHeader(out, end - start, frame, channels.length, bits);
    out.put(check8(out.bytes(first)), 8);
    for (const channel of channels) putSubframe(out, channel.subarray(start, end), bits, residual);
    out.align();
    out.put(check16(out.bytes(first)), 16);
  }
  return out.bytes(0).slice();
}

function putFrameHeader(out: BitBuffer, size: number, frame: number, channels: number, bits: number): void {
  out.put(0xfff8, 16); // sync code, fixed block size
  out.put(7, 4); // block size follows in 16 bits
  out.put(11, 4); // 96 kHz
  out.put(channels - 1, 4);
  out.put(sizeCodes[bits]!, 3);
  out.put(0, 1);
  putCodedNumber(out, frame);
  out.put(size - 1, 16);
}

/** The frame number (31 bits), in the variable-length code of UTF-8. */
function putCodedNumber(out: BitBuffer, value: number): void {
  if (value < 0x80) {
    out.put(value, 8);
    return;
  }
  let tail = 1;
  while (value >= 2 ** (5 * tail + 6)) tail++;
  out.put(((0xff << (7 - tail - 1 + 1)) & 0xff & ~(1 << (6 - tail))) | (value >>> (6 * tail)), 8);
  for (let i = tail - 1; i >= 0; i--) out.put(0x80 | ((value >>> (6 * i)) & 0x3f), 8);
}

function putSubframe(out: BitBuffer, samples: Int32Array, bits: number, residual: Int32Array): void {
  const { length } = samples;
  if (samples.every(value => value === samples[0])) {
    out.put(0, 8); // constant
    out.put(samples[0]!, bits);
    return;
  }
  const order = bestOrder(samples);
  predict(samples, order, residual);
  const { parameter, cost } = bestParameter(residual, order, length);
  if (cost + order * bits >= length * bits) {
    out.put(2, 8); // verbatim
    for (let i = 0; i < length; i++) out.put(samples[i]!, bits);
    return;
  }
  out.put((8 + order) << 1, 8); // fixed predictor
  for (let i = 0; i < order; i++) out.put(samples[i]!, bits);
  const isWide = parameter > 14;
  out.put(isWide ? 1 : 0, 2); // Rice parameters of 4 or 5 bits
  out.put(0, 4); // one partition
  out.put(parameter, isWide ? 5 : 4);
  for (let i = order; i < length; i++) {
    const folded = fold(residual[i]!);
    out.zeros(folded >>> parameter);
    out.put(1, 1);
    if (parameter > 0) out.put(folded & (2 ** parameter - 1), parameter);
  }
}

/** Maps signed to unsigned integers: 0, −1, 1, −2, … → 0, 1, 2, 3, … */
const fold = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0;

/** The predictor order, 0 to 4, with the smallest sum of absolute residuals. */
function bestOrder(samples: Int32Array): number {
  const sums = [0, 0, 0, 0, 0];
  const before = [0, 0, 0, 0];
  for (let i = 0; i < samples.length; i++) {
    let difference = samples[i]!;
    for (let order = 0; order < 5; order++) {
      if (i >= 4) sums[order]! += Math.abs(difference);
      if (order === 4) break;
      const next = difference - before[order]!;
      before[order] = difference;
      difference = next;
    }
  }
  const most = Math.min(4, samples.length - 1);
  return sums.indexOf(Math.min(...sums.slice(0, most + 1)));
}

/** Residuals of the predictor of the given order, from index `order` on. */
function predict(samples: Int32Array, order: number, residual: Int32Array): void {
  residual.set(samples);
  for (let k = 1; k <= order; k++) {
    for (let i = samples.length - 1; i >= k; i--) residual[i]! -= residual[i - 1]!;
  }
}

/** The Rice parameter that encodes `residual[order … length)` in the fewest bits, and the number of bits. */
function bestParameter(residual: Int32Array, order: number, length: number) {
  let parameter = 0;
  let cost = Number.POSITIVE_INFINITY;
  for (let k = 0; k <= 30; k++) {
    let sum = (length - order) * (k + 1);
    for (let i = order; i < length; i++) sum += fold(residual[i]!) >>> k;
    if (sum >= cost) break;
    cost = sum;
    parameter = k;
  }
  return { parameter, cost };
}

interface BitBuffer {
  /** Appends the lowest `count` bits (at most 32) of a value, highest first. */
  put(value: number, count: number): void;
  zeros(count: number): void;
  /** Fills the last byte with zeros. */
  align(): void;
  /** Whole bytes so far. */
  length(): number;
  /** The whole bytes from `from` on: a view, valid until the next `put`. */
  bytes(from: number): Uint8Array;
}

function bitBuffer(): BitBuffer {
  let bytes = new Uint8Array(1 << 16);
  let length = 0;
  let pending = 0;
  let free = 8;
  const put = (value: number, count: number): void => {
    let left = count;
    while (left > 0) {
      const taken = Math.min(left, free);
      left -= taken;
      pending = (pending << taken) | ((value >>> left) & (2 ** taken - 1));
      free -= taken;
      if (free > 0) continue;
      if (length === bytes.length) {
        const larger = new Uint8Array(2 * length);
        larger.set(bytes);
        bytes = larger;
      }
      bytes[length++] = pending;
      pending = 0;
      free = 8;
    }
  };
  return {
    put,
    zeros(count) {
      for (let left = count; left > 0; left -= 32) put(0, Math.min(left, 32));
    },
    align: () => put(0, free % 8),
    length: () => length,
    bytes: from => bytes.subarray(from, length),
  };
}

function check8(bytes: Uint8Array): number {
  let check = 0;
  for (const byte of bytes) check = crcTable8[check ^ byte]!;
  return check;
}

function check16(bytes: Uint8Array): number {
  let check = 0;
  for (const byte of bytes) check = ((check << 8) & 0xffff) ^ crcTable16[(check >> 8) ^ byte]!;
  return check;
}
