/** Headers that contradict their files, cut files and arbitrary bytes: each is refused with a `WfdbError`. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ascii, at, int16, physical, read } from './record-in-memory.ts';

describe('headers that contradict the file', () => {
  const header = (line: string, length: number) => `r 1 100 ${length}\n${line}\n`;

  test.each([8, 16, 24, 32, 61, 80, 160, 212, 310, 311, 508, 516, 524])(
    'format %i: a header that claims 10¹² samples allocates nothing',
    async format => {
      const lying = { 'r.hea': header(`r.dat ${format}`, 1e12), 'r.dat': new Uint8Array(100) };
      await expect(read(lying)).rejects.toMatchObject({ name: 'WfdbError' });
      const wide = { 'r.hea': header(`r.dat ${format}x1000000000`, 5), 'r.dat': new Uint8Array(100) };
      await expect(read(wide)).rejects.toMatchObject({ name: 'WfdbError' });
    },
  );

  test('what a few bytes are to be repeated into is bounded', async () => {
    const million = new Uint8Array(2_000_000);
    const segments = {
      'm.hea': `m/3000 1 100\n${'a 1000000\n'.repeat(3000)}`,
      'a.hea': 'a 1 100 1000000\na.dat 16 1',
      'a.dat': million,
    };
    await expect(read(segments, {}, 'm')).rejects.toMatchObject({ code: 'too-large', file: 'm.hea' });
    const faster = {
      'r.hea': `r 301 100 1\na.dat 16x1000000 1\n${'b.dat 16 1\n'.repeat(300)}`,
      'a.dat': million,
      'b.dat': new Uint8Array(600),
    };
    await expect(read(faster, { rate: 'highest' })).rejects.toMatchObject({
      code: 'too-large',
      file: 'r.hea',
    });
    const aliases = Array.from({ length: 3 }, (_, i) => `${'./'.repeat(i)}a.dat 16 1`);
    const one = { 'r.hea': `r 3 100 1\n${aliases.join('\n')}`, 'a.dat': int16(1, 2, 3) };
    expect(await physical(one)).toEqual([[1], [2], [3]]);
  });

  test('null signals without end are refused', async () => {
    await expect(read({ 'r.hea': header('~ 0', 1e12) })).rejects.toMatchObject({ code: 'too-large' });
  });

  test.each([8, 16, 24, 32, 61, 80, 160, 212, 310, 311])(
    'format %i: a file cut at any byte is refused',
    async format => {
      const bytes = new Uint8Array(36).fill(0x11);
      const whole = await read({ 'r.hea': `r 1 100\nr.dat ${format} 1`, 'r.dat': bytes });
      const text = header(`r.dat ${format} 1`, whole.length);
      for (let length = 0; length < bytes.length; length++) {
        const cut = { 'r.hea': text, 'r.dat': bytes.subarray(0, length) };
        await expect(read(cut), `${length} bytes`).rejects.toMatchObject({
          code: 'truncated',
          file: 'r.dat',
          byte: length,
        });
      }
      expect((await read({ 'r.hea': text, 'r.dat': bytes })).length).toBe(whole.length);
    },
  );

  test('signals of one file that disagree are refused', async () => {
    for (const second of ['r.dat 212', 'r.dat 16+4']) {
      const source = { 'r.hea': `r 2 100 1\nr.dat 16\n${second}`, 'r.dat': new Uint8Array(8) };
      await expect(read(source)).rejects.toMatchObject({ code: 'inconsistent', ...at('r.hea', 3) });
    }
    const apart = {
      'r.hea': 'r 3 100 1\nr.dat 16\ns.dat 16\nr.dat 16',
      'r.dat': new Uint8Array(8),
      's.dat': new Uint8Array(8),
    };
    await expect(read(apart)).rejects.toMatchObject({ code: 'inconsistent', ...at('r.hea', 4) });
  });

  test('FLAC that is none, cut, damaged, of other width or channels is refused', async () => {
    const flac = { 'r.hea': header('r.dat 516', 10), 'r.dat': ascii('fLaC and then nothing of the kind') };
    await expect(read(flac)).rejects.toMatchObject({ name: 'WfdbError' });
    await expect(read({ ...flac, 'r.dat': new Uint8Array(0) })).rejects.toMatchObject({ code: 'syntax' });
    await expect(read({ ...flac, 'r.dat': ascii('RIFF') })).rejects.toMatchObject({ code: 'syntax' });
    const nine = Array.from({ length: 9 }, () => 'r.dat 516').join('\n');
    await expect(read({ ...flac, 'r.hea': `r 9 100 10\n${nine}` })).rejects.toMatchObject({
      code: 'inconsistent',
      ...at('r.hea', 10),
    });
    const unequal = 'r 2 100 10\nr.dat 516\nr.dat 516x2';
    await expect(read({ ...flac, 'r.hea': unequal })).rejects.toMatchObject({
      code: 'inconsistent',
      ...at('r.hea', 3),
    });
  });

  test('any bytes in any format read or are refused with a WfdbError', async () => {
    const numbers = fc.constantFrom(0, 8, 16, 24, 32, 61, 80, 160, 212, 310, 311);
    const line = fc.record({
      format: numbers,
      width: fc.integer({ min: 1, max: 4 }),
      skew: fc.integer({ min: 0, max: 5 }),
      offset: fc.integer({ min: 0, max: 6 }),
    });
    const property = fc.asyncProperty(
      line,
      fc.integer({ min: 0, max: 40 }),
      fc.uint8Array({ maxLength: 90 }),
      async (given, length, bytes) => {
        const text = `r.dat ${given.format}x${given.width}:${given.skew}+${given.offset} 1`;
        try {
          const { signals } = await read({ 'r.hea': `r 2 100 ${length}\n${text}\n${text}`, 'r.dat': bytes });
          for (const signal of signals) expect(signal.adc.length).toBe(signal.physical.length);
        } catch (error) {
          expect(error).toMatchObject({ name: 'WfdbError' });
        }
      },
    );
    await fc.assert(property, { numRuns: 3000, seed: 6 });
  });
});
