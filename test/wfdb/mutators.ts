/** Ways in which files are damaged, or made to lie, for the fuzzing: each gives a changed copy. */
import type { Random } from '../../src/random.ts';

/** A file, changed at random. */
export type Mutate = (bytes: Uint8Array, random: Random) => Uint8Array;

const pickOf = (random: Random, count: number): number => Math.floor(random.uniform() * count);
const oneOf = <T>(random: Random, list: readonly T[]): T => list[pickOf(random, list.length)]!;

const numbers = [
  ...[
    '0',
    '-1',
    '1',
    '2',
    '3',
    '7',
    '-2',
    '65536',
    '99999999',
    '-9999999',
    '1e308',
    '1e-9',
    '0,5',
    '.5',
    '-0',
  ],
  ...['NaN', 'inf', '0x10', '', ' ', '\0', '1 2', '+', '1e', '--1'],
];
const words = [
  'EDF+C',
  'EDF+D',
  'BDF+D',
  '24BIT',
  'EDF Annotations',
  'BDF Annotations',
  'ECG',
  '\u00b5V',
  '\x14',
  '+1',
];

/** Bytes anywhere: changed, left out, put in, cut off. */
export const mutateBytes: Mutate = (bytes, random) => {
  const at = pickOf(random, bytes.length + 1);
  const more = Uint8Array.from({ length: 1 + pickOf(random, 9) }, () => pickOf(random, 256));
  switch (pickOf(random, 6)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return Uint8Array.of(...bytes.subarray(0, at), ...more, ...bytes.subarray(at));
    case 2:
      return Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + more.length));
    case 3: {
      const changed = bytes.slice();
      changed.set(more.subarray(0, Math.max(0, bytes.length - at)), at);
      return changed;
    }
    case 4:
      return bytes.slice().fill(oneOf(random, [0, 0x20, 0x14, 0x15, 0x2b, 255]), at, at + pickOf(random, 40));
    default: {
      const changed = bytes.slice();
      if (bytes.length > 0) changed[at % bytes.length]! ^= 1 << pickOf(random, 8);
      return changed;
    }
  }
};

/** Byte and width of the fields in the fixed part of an EDF header, and width of those of each signal. */
const fixedFields = [8, 80, 80, 8, 8, 8, 44, 8, 8, 4];
const signalFields = [16, 80, 8, 8, 8, 8, 8, 80, 8, 32];

/** A field of an EDF or BDF header, with another number or word in it. */
export const mutateEdfHeader: Mutate = (bytes, random) => {
  const told = Number(String.fromCharCode(...bytes.subarray(252, 256)));
  const count = told >= 1 && told <= 20 ? Math.floor(told) : 1;
  const fields: (readonly [number, number])[] = [];
  let at = 0;
  for (const width of fixedFields) {
    fields.push([at, width]);
    at += width;
  }
  for (const width of signalFields) {
    for (let i = 0; i < count; i++, at += width) fields.push([at, width]);
  }
  // Numbers are what goes wrong: the first three and the texts of signals less often.
  const numeric = fields.filter(([, width]) => width <= 8 || width === 44 || width === 16);
  const [start, width] = oneOf(random, numeric);
  if (start + width > bytes.length) return mutateBytes(bytes, random);
  const text = oneOf(random, random.uniform() < 0.75 ? numbers : words);
  const changed = bytes.slice();
  changed.set(
    Uint8Array.from(text.padEnd(width).slice(0, width), character => character.charCodeAt(0) & 0xff),
    start,
  );
  return changed;
};

/** The separators and signs of time-stamped lists, wherever they are in the file. */
export const mutateLists: Mutate = (bytes, random) => {
  const places = [...bytes.keys()].filter(i => i > 255 && [0x14, 0x15, 0x2b, 0x2d].includes(bytes[i]!));
  if (places.length === 0) return mutateBytes(bytes, random);
  const changed = bytes.slice();
  for (let times = 1 + pickOf(random, 4); times > 0; times--) {
    changed[oneOf(random, places)] = oneOf(random, [0, 0x14, 0x15, 0x20, 0x2b, 0x2d, 0x2e, 0x39, 0xff]);
  }
  return changed;
};

const sizes = [0, 1, 2, 3, 5, 255, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 10, 20, 30, 40, 50, 1000, 1030];

/** A number of the header of a MATLAB level-4 matrix. */
export const mutateMat4Header: Mutate = (bytes, random) => {
  const changed = bytes.slice();
  if (bytes.length < 20) return changed;
  const view = new DataView(changed.buffer, changed.byteOffset, changed.length);
  view.setUint32(4 * pickOf(random, 5), oneOf(random, sizes), random.uniform() < 0.8);
  return changed;
};
