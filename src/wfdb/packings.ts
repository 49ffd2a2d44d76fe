/**
 * How the samples of a signal file are packed, format by format, after signal(5) of the WFDB Applications Guide.
 * Little-endian unless said otherwise; the samples of a frame follow each other, signal by signal.
 *
 * A format packs a group of samples into a group of bytes (212: two samples into three bytes). Where the samples end
 * inside a group, only the bytes that hold them need be there.
 */

/** A constant of our own: the compiler does not see that `Number.NaN` is one. */
const nan = Number.NaN;

/** How samples lie in bytes. */
export interface Packing {
  /** Samples and bytes of the smallest whole group: a file is read from such a boundary on. */
  readonly groupSamples: number;
  readonly groupBytes: number;
  /** Bytes that hold the first 1, 2, … samples of a group. */
  readonly tailBytes: readonly number[];
  /**
   * Unpacks every `stride`-th sample from sample `first` on until `out` is full, as (sample − scale[0]) / scale[1], NaN
   * where invalid; answers their sum modulo 2³², before scaling. `bytes` begin at a group boundary. Does not check
   * lengths. (The scale is a Float64Array, and indices are kept whole with `| 0`, because the compiler then keeps them
   * in registers of their kind.)
   */
  unpack(bytes: Uint8Array, first: number, stride: number, scale: Float64Array, out: Float64Array): number;
  /**
   * Unpacks two signals of one sample a frame in a single pass, as two calls of `unpack` would; answers both sums. Only
   * for format 212, where each group is a frame of them: most two-lead Holter records are so.
   */
  readonly unpackPair?: (
    bytes: Uint8Array,
    scales: readonly [Float64Array, Float64Array],
    outs: readonly [Float64Array, Float64Array],
  ) => readonly [number, number];
  /** Packs `samples` into `bytes`, whole groups of zeros. Does not check ranges. */
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

/** Offset binary: 128 is added. */
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

/** Offset binary: 32768 is added. */
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

/** Two 12-bit samples in three bytes; their upper four bits share the middle one. */
export const format212: Packing = {
  groupSamples: 2,
  groupBytes: 3,
  tailBytes: [2],
  unpack(bytes, first, stride, scale, out) {
    const baseline = scale[0]!;
    const gain = scale[1]!;
    const count = out.length;
    let sum = 0;
    if (stride % 2 === 1) {
      for (let i = 0, k = first; i < count; i++, k = (k + stride) | 0) {
        const b = (k >> 1) * 3;
        const v =
          k % 2 === 0
            ? ((bytes[b + 1]! << 28) >> 20) | bytes[b]!
            : (((bytes[b + 1]! & 0xf0) << 24) >> 20) | bytes[b + 2]!;
        sum = (sum + v) | 0;
        out[i] = v === -0x800 ? nan : (v - baseline) / gain;
      }
      return sum;
    }
    // With an even number of samples a frame, a signal's are all in the same half of their group.
    const hop = (stride >> 1) * 3;
    let b = (first >> 1) * 3;
    if (first % 2 === 0) {
      for (let i = 0; i < count; i++, b = (b + hop) | 0) {
        const v = ((bytes[b + 1]! << 28) >> 20) | bytes[b]!;
        sum = (sum + v) | 0;
        out[i] = v === -0x800 ? nan : (v - baseline) / gain;
      }
      return sum;
    }
    for (let i = 0; i < count; i++, b = (b + hop) | 0) {
      const v = (((bytes[b + 1]! & 0xf0) << 24) >> 20) | bytes[b + 2]!;
      sum = (sum + v) | 0;
      out[i] = v === -0x800 ? nan : (v - baseline) / gain;
    }
    return sum;
  },
  unpackPair(bytes, [scale0, scale1], [out0, out1]) {
    const baseline0 = scale0[0]!;
    const gain0 = scale0[1]!;
    const baseline1 = scale1[0]!;
    const gain1 = scale1[1]!;
    const count = out0.length;
    let sum0 = 0;
    let sum1 = 0;
    for (let i = 0, b = 0; i < count; i++, b = (b + 3) | 0) {
      const shared = bytes[b + 1]!;
      const v = ((shared << 28) >> 20) | bytes[b]!;
      const w = (((shared & 0xf0) << 24) >> 20) | bytes[b + 2]!;
      sum0 = (sum0 + v) | 0;
      sum1 = (sum1 + w) | 0;
      out0[i] = v === -0x800 ? nan : (v - baseline0) / gain0;
      out1[i] = w === -0x800 ? nan : (w - baseline1) / gain1;
    }
    return [sum0, sum1];
  },
  pack(samples, bytes) {
    for (let i = 0, b = 0; i < samples.length; i += 2, b += 3) {
      bytes[b] = samples[i]!;
      bytes[b + 1] = (samples[i]! >> 8) & 0x0f;
      if (i + 1 === samples.length) return;
      bytes[b + 1]! |= (samples[i + 1]! >> 4) & 0xf0;
      bytes[b + 2] = samples[i + 1]!;
    }
  },
};

/**
 * Three 10-bit samples in two 16-bit words: the first two in bits 1 to 10 of a word each, the third in the upper five
 * bits of both.
 */
export const format310: Packing = {
  groupSamples: 3,
  groupBytes: 4,
  tailBytes: [2, 4],
  unpack(bytes, first, stride, scale, out) {
    const baseline = scale[0]!;
    const gain = scale[1]!;
    const count = out.length;
    const strands = stride % 3 === 0 ? 1 : 3;
    const hop = (((stride * strands) / 3) | 0) * 4;
    let sum = 0;
    for (let m = 0; m < strands; m++) {
      const k = first + m * stride;
      let b = ((k / 3) | 0) * 4;
      if (k % 3 < 2) {
        b += 2 * (k % 3);
        for (let i = m; i < count; i += strands, b = (b + hop) | 0) {
          const v = (((bytes[b + 1]! & 7) << 29) >> 22) | (bytes[b]! >> 1);
          sum = (sum + v) | 0;
          out[i] = v === -0x200 ? nan : (v - baseline) / gain;
        }
      } else {
        for (let i = m; i < count; i += strands, b = (b + hop) | 0) {
          const v = (((bytes[b + 3]! & 0xf8) << 24) >> 22) | (bytes[b + 1]! >> 3);
          sum = (sum + v) | 0;
          out[i] = v === -0x200 ? nan : (v - baseline) / gain;
        }
      }
    }
    return sum;
  },
  pack(samples, bytes) {
    for (let i = 0, b = 0; i < samples.length; i += 3, b += 4) {
      const s0 = samples[i]!;
      const s1 = i + 1 < samples.length ? samples[i + 1]! : 0;
      const s2 = i + 2 < samples.length ? samples[i + 2]! : 0;
      bytes[b] = s0 << 1;
      bytes[b + 1] = ((s0 >> 7) & 7) | (s2 << 3);
      bytes[b + 2] = s1 << 1;
      bytes[b + 3] = ((s1 >> 7) & 7) | ((s2 >> 2) & 0xf8);
    }
  },
};

/**
 * Three 10-bit samples in the lower 30 bits of a 32-bit word. Sample k lies in the two bytes from k + ⌊k / 3⌋ on, above
 * 2 (k mod 3) bits of the one before.
 */
export const format311: Packing = {
  groupSamples: 3,
  groupBytes: 4,
  tailBytes: [2, 3],
  unpack(bytes, first, stride, scale, out) {
    const baseline = scale[0]!;
    const gain = scale[1]!;
    const count = out.length;
    // Every third sample of a signal is at the same place in its group.
    const strands = stride % 3 === 0 ? 1 : 3;
    const hop = (((stride * strands) / 3) | 0) * 4;
    let sum = 0;
    for (let m = 0; m < strands; m++) {
      const k = first + m * stride;
      const up = 22 - 2 * (k % 3);
      for (let i = m, b = k + ((k / 3) | 0); i < count; i += strands, b = (b + hop) | 0) {
        const v = ((bytes[b]! | (bytes[b + 1]! << 8)) << up) >> 22;
        sum = (sum + v) | 0;
        out[i] = v === -0x200 ? nan : (v - baseline) / gain;
      }
    }
    return sum;
  },
  pack(samples, bytes) {
    for (let i = 0, b = 0; i < samples.length; i += 3, b += 4) {
      const s0 = samples[i]!;
      const s1 = i + 1 < samples.length ? samples[i + 1]! : 0;
      const s2 = i + 2 < samples.length ? samples[i + 2]! : 0;
      bytes[b] = s0;
      bytes[b + 1] = ((s0 >> 8) & 3) | (s1 << 2);
      bytes[b + 2] = ((s1 >> 6) & 0x0f) | (s2 << 4);
      bytes[b + 3] = (s2 >> 4) & 0x3f;
    }
  },
};
