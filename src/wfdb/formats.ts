/** Table of signal formats: range and packing by format number. */
import { format212, format310, format311 } from './bit-packings.ts';
import {
  format8,
  format16,
  format24,
  format32,
  format61,
  format80,
  format160,
  type Packing,
} from './packings.ts';

/** Properties of a signal format. */
export interface SignalFormat {
  /** Range of values, excluding the code for invalid samples. */
  readonly least: number;
  readonly most: number;
  /** The code for an invalid sample; undefined if the format has none. */
  readonly invalid: number | undefined;
  /** Bits per sample. */
  readonly bits: number;
  /** Default ADC resolution in bits, if the header gives none. */
  readonly usualResolution: number;
  /** `difference` formats store the difference of each sample from the previous one of its signal. */
  readonly kind: 'amplitude' | 'difference' | 'flac' | 'null';
  /** Undefined for FLAC, which is a stream, and for the null format, which has no signal file. */
  readonly packing: Packing | undefined;
}

/** A format of two's-complement or offset samples, whose lowest code marks an invalid sample. */
const amplitude = (bits: number, packing: Packing, usualResolution = 12): SignalFormat => ({
  least: -(2 ** (bits - 1)) + 1,
  most: 2 ** (bits - 1) - 1,
  invalid: -(2 ** (bits - 1)),
  bits,
  usualResolution,
  kind: 'amplitude',
  packing,
});

const flac = (bits: number): SignalFormat => ({
  least: -(2 ** (bits - 1)) + 1,
  most: 2 ** (bits - 1) - 1,
  invalid: -(2 ** (bits - 1)),
  bits,
  usualResolution: bits,
  kind: 'flac',
  packing: undefined,
});

/** Format number → format. */
export const signalFormats: ReadonlyMap<number, SignalFormat> = new Map<number, SignalFormat>([
  [0, { least: 0, most: 0, invalid: -32768, bits: 0, usualResolution: 12, kind: 'null', packing: undefined }],
  [
    8,
    {
      least: -128,
      most: 127,
      invalid: undefined,
      bits: 16,
      usualResolution: 10,
      kind: 'difference',
      packing: format8,
    },
  ],
  [16, amplitude(16, format16)],
  [24, amplitude(24, format24)],
  [32, amplitude(32, format32)],
  [61, amplitude(16, format61)],
  [80, amplitude(8, format80, 8)],
  [160, amplitude(16, format160, 16)],
  [212, amplitude(12, format212)],
  [310, amplitude(10, format310, 10)],
  [311, amplitude(10, format311, 10)],
  [508, flac(8)],
  [516, flac(16)],
  [524, flac(24)],
]);

/** Number of bytes for `samples` samples from a group boundary on: format 212 packs 3 samples into 5 bytes. */
export function bytesFor(packing: Packing, samples: number): number {
  const whole = Math.floor(samples / packing.groupSamples);
  const left = samples - whole * packing.groupSamples;
  return whole * packing.groupBytes + (left === 0 ? 0 : packing.tailBytes[left - 1]!);
}

/** Number of complete samples in `bytes` bytes from a group boundary on: the inverse of `bytesFor`. */
export function samplesIn(packing: Packing, bytes: number): number {
  const whole = Math.floor(bytes / packing.groupBytes);
  const left = bytes - whole * packing.groupBytes;
  return whole * packing.groupSamples + packing.tailBytes.filter(size => size <= left).length;
}
