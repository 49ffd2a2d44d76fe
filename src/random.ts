/**
 * Seeded random numbers: the generator sfc32 ("small fast chaotic", Chris Doty-Humphrey, PractRand 2010; 128 bits
 * of state, passes PractRand and TestU01 BigCrush). The same seed gives the same numbers on every machine.
 */
import { InputError } from './input-error.ts';

export interface Random {
  /** The next uniform number in [0, 1), a multiple of 2⁻³². */
  uniform(): number;
  /** The next normal number, mean 0 and variance 1 (polar method, Marsaglia & Bray 1964). */
  normal(): number;
  /** Adds the next normal numbers, times `deviation`, to the numbers; faster than `normal` for each. */
  addNormal(numbers: Float32Array | Float64Array, deviation: number): void;
}

/**
 * A generator for `seed` and `stream`, each a whole number in [0, 2³²). Streams of one seed are independent, so
 * that what one part of a simulation draws does not shift what another part gets. Throws `RangeError` otherwise.
 *
 * @example createRandom(1).uniform() === createRandom(1).uniform() // => true
 */
export function createRandom(seed: number, stream = 0): Random {
  for (const word of [seed, stream]) {
    if (!Number.isInteger(word) || word < 0 || word >= 2 ** 32) {
      throw new InputError(`a seed is a whole number from 0 to 4294967295, not ${word}`);
    }
  }
  // Seeding as PractRand seeds sfc32 with 64 bits: then twelve numbers are dropped.
  let a = 0;
  let b = seed | 0;
  let c = stream | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) next();

  let spare: number | undefined;
  const uniform = (): number => next() / 2 ** 32;
  const normal = (): number => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const r2 = x * x + y * y;
      if (r2 === 0 || r2 >= 1) continue;
      const scale = Math.sqrt((-2 * Math.log(r2)) / r2);
      spare = y * scale;
      return x * scale;
    }
  };
  const addNormal = (numbers: Float32Array | Float64Array, deviation: number): void => {
    const { length } = numbers;
    let i = 0;
    if (spare !== undefined && length > 0) numbers[i++]! += deviation * normal();
    // The state in local variables, which the compiler holds in registers: `next` and `normal` written out.
    let [p, q, r, count] = [a, b, c, counter];
    while (i < length) {
      const first = (p + q + count) | 0;
      p = q ^ (q >>> 9);
      q = (r + (r << 3)) | 0;
      r = (((r << 21) | (r >>> 11)) + first) | 0;
      const second = (p + q + count + 1) | 0;
      count = (count + 2) | 0;
      p = q ^ (q >>> 9);
      q = (r + (r << 3)) | 0;
      r = (((r << 21) | (r >>> 11)) + second) | 0;
      const x = 2 * ((first >>> 0) / 2 ** 32) - 1;
      const y = 2 * ((second >>> 0) / 2 ** 32) - 1;
      const r2 = x * x + y * y;
      if (r2 === 0 || r2 >= 1) continue;
      const scale = Math.sqrt((-2 * Math.log(r2)) / r2);
      numbers[i++]! += deviation * (x * scale);
      if (i < length) numbers[i++]! += deviation * (y * scale);
      else spare = y * scale;
    }
    [a, b, c, counter] = [p, q, r, count];
  };
  return { uniform, normal, addNormal };
}
