/** Packings whose samples share bytes: formats 212, 310 and 311, after signal(5) of the WFDB Applications Guide. */
import type { Packing } from './packings.ts';

/** A local constant, which the compiler folds, unlike `Number.NaN`. */
const nan = Number.NaN;

/** Two 12-bit samples in three bytes; the middle byte holds the upper four bits of both. */
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
    // With an even number of samples per frame, all samples of a signal are in the same half of their group.
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
      // Written twice, because a number that is chosen first is allocated.
      out0[i] = (v - baseline0) / gain0;
      if (v === -0x800) out0[i] = nan;
      out1[i] = (w - baseline1) / gain1;
      if (w === -0x800) out1[i] = nan;
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
 * Three 10-bit samples in two 16-bit words: the first two in bits 1 to 10 of one word each, the third split over the
 * upper five bits of both.
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
 * Three 10-bit samples in the lower 30 bits of a 32-bit word. Sample k is in the two bytes from k + ⌊k / 3⌋ on, above 2
 * (k mod 3) bits of the preceding sample.
 */
export const format311: Packing = {
  groupSamples: 3,
  groupBytes: 4,
  tailBytes: [2, 3],
  unpack(bytes, first, stride, scale, out) {
    const baseline = scale[0]!;
    const gain = scale[1]!;
    const count = out.length;
    // Every third sample of a signal has the same position in its group.
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
