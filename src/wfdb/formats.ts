/** Signal formats: one table, format number → what it can hold and how it is packed. */
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

/** What one format can hold. */
export interface SignalFormat {
  /** Smallest and largest value that can be stored, the invalid code apart. */
  readonly least: number;
  readonly most: number;
  /** The value that stands for "no sample"; undefined where the format has none. */
  readonly invalid: number | undefined;
  /** Bits a sample: what the format resolves. */
  readonly bits: number;
  /** ADC resolution in bits assumed where a header gives none. */
  readonly usualResolution: number;
  /** `difference`: what is stored is each sample less the one before in its signal. */
  readonly kind: 'amplitude' | 'difference' | 'flac' | 'null';
  /** Undefined for FLAC, which is a stream, and for the null format, which has no file. */
  readonly packing: Packing | undefined;
}

/** A row for a format of two's-complement or offset samples, the lowest code of which means "no sample". */
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

/** Bytes that `samples` samples take from a group boundary on: format 212 packs 3 samples into 5 bytes. */
export function bytesFor(packing: Packing, samples: number): number {
  const whole = Math.floor(samples / packing.groupSamples);
  const left = samples - whole * packing.groupSamples;
  return whole * packing.groupBytes + (left === 0 ? 0 : packing.tailBytes[left - 1]!);
}

/** Samples that `bytes` bytes hold from a group boundary on: the inverse of `bytesFor`, rounded down. */
export function samplesIn(packing: Packing, bytes: number): number {
  const whole = Math.floor(bytes / packing.groupBytes);
  const left = bytes - whole * packing.groupBytes;
  return whole * packing.groupSamples + packing.tailBytes.filter(size => size <= left).length;
}
