/** The distinct numbers of a column, for its dictionary. */
import { bitWidthOf } from './rle-hybrid.ts';

/** The distinct values of a column: the position of the first of each, and for every value its index among them. */
export interface Distinct {
  readonly firsts: Int32Array;
  readonly codes: Int32Array;
}

/**
 * Finds the distinct values among numbers given as 32-bit words, `size` words each, in order of appearance; undefined if
 * there are more than `most`.
 */
export function distinctOf(words: Int32Array, size: 1 | 2, most: number): Distinct | undefined {
  const count = words.length / size;
  const slots = 1 << bitWidthOf(4 * most);
  const table = new Int32Array(slots);
  const firsts = new Int32Array(most);
  const codes = new Int32Array(count);
  let found = 0;
  for (let k = 0; k < count; k++) {
    const low = words[k * size]!;
    const high = size === 2 ? words[2 * k + 1]! : 0;
    const hash = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1);
    let slot = (hash ^ (hash >>> 15)) & (slots - 1);
    // A slot holds the index of a distinct value, from 1; 0 if it is free.
    for (;;) {
      const index = table[slot]! - 1;
      if (index < 0) {
        if (found === most) return undefined;
        firsts[found++] = k;
        table[slot] = found;
        codes[k] = found - 1;
        break;
      }
      const first = firsts[index]! * size;
      if (words[first] === low && (size === 1 || words[first + 1] === high)) {
        codes[k] = index;
        break;
      }
      slot = (slot + 1) & (slots - 1);
    }
  }
  return { firsts: firsts.slice(0, found), codes };
}
