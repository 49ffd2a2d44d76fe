/** Signal formats byte by byte, against values worked out by hand. */
import { describe, expect, test } from 'vitest';
import { nan, physical } from './record-in-memory.ts';

describe('formats, byte by byte', () => {
  // Bytes after signal(5); the values are worked out by hand.
  test.each([
    [8, [1, 0xff, 0x80, 0x7f], '1 0 5', [6, 5, -123, 4]],
    [16, [0x01, 0x80, 0x00, 0x80, 0xff, 0x7f], '1 0 0', [-32767, nan, 32767]],
    [24, [0x01, 0, 0x80, 0, 0, 0x80, 0xff, 0xff, 0x7f], '1 0 0', [-8388607, nan, 8388607]],
    [32, [1, 0, 0, 0x80, 0, 0, 0, 0x80, 0xff, 0xff, 0xff, 0x7f], '1 0 0', [-2147483647, nan, 2147483647]],
    [61, [0x80, 0x01, 0x80, 0x00, 0x7f, 0xff], '1 0 0', [-32767, nan, 32767]],
    [80, [1, 0, 0x80, 0xff], '1 0 0', [-127, nan, 0, 127]],
    [160, [1, 0, 0, 0, 0, 0x80, 0xff, 0xff], '1 0 0', [-32767, nan, 0, 32767]],
    [212, [0xe3, 0x33, 0xf3, 0x01, 0x88, 0x00, 0xff, 0x07], '1 0 0', [995, 1011, -2047, nan, 2047]],
    [
      310,
      [0x02, 0x04, 0xfe, 0x03, 0, 0x84, 0x02, 0x80, 0xfe, 0x07],
      '1 0 0',
      [-511, 511, 0, nan, 1, -496, -1],
    ],
    [
      311,
      [0x01, 0xfe, 0x07, 0x20, 0xff, 0xff, 0xff, 0x3f, 0xff, 0x01],
      '1 0 0',
      [-511, 511, nan, -1, -1, -1, 511],
    ],
  ])('format %i', async (format, bytes, tail, values) => {
    const source = {
      'r.hea': `r 1 250 ${values.length}\nr.dat ${format} 1(0) ${tail}\n`,
      'r.dat': Uint8Array.from(bytes),
    };
    expect(await physical(source)).toEqual([values]);
    for (let from = 0; from < values.length; from++) {
      for (let to = from + 1; to <= values.length; to++) {
        expect(await physical(source, { from, to })).toEqual([values.slice(from, to)]);
      }
    }
  });

  test('format 0: signals without samples', async () => {
    expect(await physical({ 'r.hea': 'r 2 250 3\n~ 0\n~ 0' })).toEqual([
      [nan, nan, nan],
      [nan, nan, nan],
    ]);
  });
});
