/**
 * Signal formats: how the samples of a signal file are packed. One table, format number → how to unpack and pack it,
 * after signal(5) of the WFDB Applications Guide. Little-endian unless said otherwise; samples of a frame follow each
 * other, signal by signal.
 *
 * A format packs a group of samples into a group of bytes (212: two samples into three bytes). Where the samples end
 * inside a group, only the bytes that hold them need be there.
 */

/** How one format packs samples. */
export interface SignalFormat {
  /** Samples and bytes of the smallest whole group: a window starts on such a boundary. */
  readonly groupSamples: number;
  readonly groupBytes: number;
  /** Smallest and largest value that can be written, the invalid code apart. */
  readonly least: number;
  readonly most: number;
  /** The value that stands for "no sample"; undefined where the format has none. */
  readonly invalid: number | undefined;
  /** ADC resolution in bits assumed where a header gives none. */
  readonly usualResolution: number;
  /** Unpacks `count` samples that start on a group boundary at `byte` into `out`. Does not check lengths. */
  decode(bytes: Uint8Array, byte: number, count: number, out: Int32Array): void;
  /** Packs `samples` into `bytes`, which has `bytesFor(format, samples.length)` bytes. Does not check ranges. */
  encode(samples: Int32Array, bytes: Uint8Array): void;
}

const format16: SignalFormat = {
  groupSamples: 1,
  groupBytes: 2,
  least: -32767,
  most: 32767,
  invalid: -32768,
  usualResolution: 16,
  decode(bytes, byte, count, out) {
    for (let i = 0, b = byte; i < count; i++, b += 2) out[i] = ((bytes[b + 1]! << 24) >> 16) | bytes[b]!;
  },
  encode(samples, bytes) {
    for (let i = 0; i < samples.length; i++) {
      bytes[2 * i] = samples[i]!;
      bytes[2 * i + 1] = samples[i]! >> 8;
    }
  },
};

const format212: SignalFormat = {
  groupSamples: 2,
  groupBytes: 3,
  least: -2047,
  most: 2047,
  invalid: -2048,
  usualResolution: 12,
  decode(bytes, byte, count, out) {
    let b = byte;
    for (let i = 0; i + 1 < count; i += 2, b += 3) {
      const shared = bytes[b + 1]!;
      out[i] = ((shared << 28) >> 20) | bytes[b]!;
      out[i + 1] = (((shared & 0xf0) << 24) >> 20) | bytes[b + 2]!;
    }
    if (count % 2 === 1) out[count - 1] = ((bytes[b + 1]! << 28) >> 20) | bytes[b]!;
  },
  encode(samples, bytes) {
    for (let i = 0, b = 0; i < samples.length; i += 2, b += 3) {
      const even = samples[i]!;
      const odd = i + 1 < samples.length ? samples[i + 1]! : 0;
      bytes[b] = even;
      bytes[b + 1] = ((even >> 8) & 0x0f) | ((odd >> 4) & 0xf0);
      if (i + 1 < samples.length) bytes[b + 2] = odd;
    }
  },
};

const formats: ReadonlyMap<number, SignalFormat> = new Map([
  [16, format16],
  [212, format212],
]);

/** The format of that number, undefined when there is none. */
export function formatNamed(format: number): SignalFormat | undefined {
  return formats.get(format);
}

/** Bytes that `samples` samples take from a group boundary on: 212 packs 3 samples into 5 bytes. */
export function bytesFor(format: SignalFormat, samples: number): number {
  const whole = Math.floor(samples / format.groupSamples);
  const left = samples - whole * format.groupSamples;
  const tail = left === 0 ? 0 : Math.ceil((left * format.groupBytes) / format.groupSamples);
  return whole * format.groupBytes + tail;
}

/** Samples that `bytes` bytes hold from a group boundary on: the inverse of `bytesFor`, rounded down. */
export function samplesIn(format: SignalFormat, bytes: number): number {
  const whole = Math.floor(bytes / format.groupBytes);
  let samples = whole * format.groupSamples;
  while (bytesFor(format, samples + 1) <= bytes) samples++;
  return samples;
}
