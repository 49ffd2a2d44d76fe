/**
 * Packing of samples in signal files by format, after signal(5) of the WFDB Applications Guide. Little-endian unless
 * stated otherwise; the samples of a frame are stored signal by signal.
 *
 * A format packs a group of samples into a group of bytes (212: two samples into three bytes). An incomplete last group
 * needs only the bytes of its samples.
 */

/** A local constant, which the compiler folds, unlike `Number.NaN`. */
const nan = Number.NaN;

/** Packing of samples into bytes. */
export interface Packing {
  /** Samples and bytes per group; files are read from group boundaries. */
  readonly groupSamples: number;
  readonly groupBytes: number;
  /** Number of bytes for the first 1, 2, … samples of a group. */
  readonly tailBytes: readonly number[];
  /**
   * Unpacks every `stride`-th sample from sample `first` on until `out` is full, as (sample − scale[0]) / scale[1], NaN
   * where invalid, and returns their sum before scaling, modulo 2³². `bytes` start at a group boundary. Lengths are not
   * checked. (The scale is a Float64Array, and indices are truncated with `| 0`, so that the compiler keeps them in
   * typed registers.)
   */
  unpack(bytes: Uint8Array, first: number, stride: number, scale: Float64Array, out: Float64Array): number;
  /**
   * Unpacks two signals of one sample per frame in a single pass, equivalent to two calls of `unpack`, and returns both
   * sums. Only for format 212, in which a group is then a frame, as in most two-lead Holter records.
   */
  readonly unpackPair?: (
    bytes: Uint8Array,
    scales: readonly [Float64Array, Float64Array],
    outs: readonly [Float64Array, Float64Array],
  ) => readonly [number, number];
  /** Packs `samples` into `bytes`, which are complete groups initialised to zero. Ranges are not checked. */
  pack(samples: Int32Array, bytes: Uint8Array): void;
}

export const format8: Packing = {
  groupSamples: 1,
  groupBytes: 1,
  tailBytes: [],
  unpack(bytes, first, stride, scale, out) {
    const baseline = scale[0]!;
    const gain = scale[1]!;
    const count = out.length;
    let sum = 0;
    for (let i = 0, b = first; i < count; i++, b = (b + stride) | 0) {
      const v = (bytes[b]! << 24) >> 24;
      sum = (sum + v) | 0;
      out[i] = (v - baseline) / gain;
    }
    return sum;
  },
  pack(samples, bytes) {
    for (let i = 0; i < samples.length; i++) bytes[i] = samples[i]!;
  },
};

export const format16: Packing = {
  groupSamples: 1,
  groupBytes: 2,
  tailBytes: [],
  unpack(bytes, first, stride, scale, out) {
    const baseline = scale[0]!;
    const gain = scale[1]!;
    const count = out.length;
    const hop = 2 * stride;
    let sum = 0;
    for (let i = 0, b = 2 * first; i < count; i++, b = (b + hop) | 0) {
      const v = ((bytes[b + 1]! << 24) >> 16) | bytes[b]!;
      sum = (sum + v) | 0;
      out[i] = v === -0x8000 ? nan : (v - baseline) / gain;
    }
    return sum;
  },
  pack(samples, bytes) {
    for (let i = 0, b = 0; i < samples.length; i++, b += 2) {
      bytes[b] = samples[i]!;
      bytes[b + 1] = samples[i]! >> 8;
    }
  },
};

export const format24: Packing = {
  groupSamples: 1,
  groupBytes: 3,
  tailBytes: [],
  unpack(bytes, first, stride, scale, out) {
    const baseline = scale[0]!;
    const gain = scale[1]!;
    const count = out.length;
    const hop = 3 * stride;
    let sum = 0;
    for (let i = 0, b = 3 * first; i < count; i++, b = (b + hop) | 0) {
      const v = ((bytes[b + 2]! << 24) >> 8) | (bytes[b + 1]! << 8) | bytes[b]!;
      sum = (sum + v) | 0;
      out[i] = v === -0x800000 ? nan : (v - baseline) / gain;
    }
    return sum;
  },
  pack(samples, bytes) {
    for (let i = 0, b = 0; i < samples.length; i++, b += 3) {
      bytes[b] = samples[i]!;
      bytes[b + 1] = samples[i]! >> 8;
      bytes[b + 2] = samples[i]! >> 16;
    }
  },
};

export const format32: Packing = {
  groupSamples: 1,
  groupBytes: 4,
  tailBytes: [],
  unpack(bytes, first, stride, scale, out) {
    const baseline = scale[0]!;
    const gain = scale[1]!;
    const count = out.length;
    const hop = 4 * stride;
    let sum = 0;
    for (let i = 0, b = 4 * first; i < count; i++, b = (b + hop) | 0) {
      const v = (bytes[b + 3]! << 24) | (bytes[b + 2]! << 16) | (bytes[b + 1]! << 8) | bytes[b]!;
      sum = (sum + v) | 0;
      out[i] = v === -0x80000000 ? nan : (v - baseline) / gain;
    }
    return sum;
  },
  pack(samples, bytes) {
    for (let i = 0, b = 0; i < samples.length; i++, b += 4) {
      bytes[b] = samples[i]!;
      bytes[b + 1] = samples[i]! >> 8;
      bytes[b + 2] = samples[i]! >> 16;
      bytes[b + 3] = samples[i]! >> 24;
    }
  },
};

/** Big-endian. */
export const format61: Packing = {
  groupSamples: 1,
  groupBytes: 2,
  tailBytes: [],
  unpack(bytes, first, stride, scale, out) {
    const baseline = scale[0]!;
    const gain = scale[1]!;
    const count = out.length;
    const hop = 2 * stride;
    let sum = 0;
    for (let i = 0, b = 2 * first; i < count; i++, b = (b + hop) | 0) {
      const v = ((bytes[b]! << 24) >> 16) | bytes[b + 1]!;
      sum = (sum + v) | 0;
      out[i] = v === -0x8000 ? nan : (v - baseline) / gain;
    }
    return sum;
  },
  pack(samples, bytes) {
    for (let i = 0, b = 0; i < samples.length; i++, b += 2) {
      bytes[b] = samples[i]! >> 8;
      bytes[b + 1] = samples[i]!;
    }
  },
};

/** Offset binary: samples are stored plus 128. */
export const format80: Packing = {
  groupSamples: 1,
  groupBytes: 1,
  tailBytes: [],
  unpack(bytes, first, stride, scale, out) {
    const baseline = scale[0]!;
    const gain = scale[1]!;
    const count = out.length;
    let sum = 0;
    for (let i = 0, b = first; i < count; i++, b = (b + stride) | 0) {
      const v = bytes[b]! - 0x80;
      sum = (sum + v) | 0;
      out[i] = v === -0x80 ? nan : (v - baseline) / gain;
    }
    return sum;
  },
  pack(samples, bytes) {
    for (let i = 0; i < samples.length; i++) bytes[i] = samples[i]! + 0x80;
  },
};

/** Offset binary: samples are stored plus 32768. */
export const format160: Packing = {
  groupSamples: 1,
  groupBytes: 2,
  tailBytes: [],
  unpack(bytes, first, stride, scale, out) {
    const baseline = scale[0]!;
    const gain = scale[1]!;
    const count = out.length;
    const hop = 2 * stride;
    let sum = 0;
    for (let i = 0, b = 2 * first; i < count; i++, b = (b + hop) | 0) {
      const v = ((bytes[b + 1]! << 8) | bytes[b]!) - 0x8000;
      sum = (sum + v) | 0;
      out[i] = v === -0x8000 ? nan : (v - baseline) / gain;
    }
    return sum;
  },
  pack(samples, bytes) {
    for (let i = 0, b = 0; i < samples.length; i++, b += 2) {
      bytes[b] = samples[i]!;
      bytes[b + 1] = (samples[i]! >> 8) + 0x80;
    }
  },
};
